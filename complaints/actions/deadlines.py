"""Deadlines beside the four promises: rework, measures, opinions, acknowledgements, appeals.

They have the same ladders (`sla.md` §1) and enter no statistics of verdicts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.actions import policies
from complaints.models import (
    UNFINISHED,
    Assessment,
    Complaint,
    Notice,
    Timer,
    TimerKind,
    TimerState,
    WorkOrder,
)
from organisation.models import Branch, Person

Subject = Complaint | WorkOrder | Notice | Assessment
COLUMNS: dict[type[Subject], str] = {
    Complaint: "complaint",
    WorkOrder: "work_order",
    Notice: "notice",
    Assessment: "assessment",
}


@dataclass(frozen=True)
class Deadline:
    """One deadline of a subject. Those of one kind are told apart by `cycle`, from 1.

    Without `due_at` the policy's target counts.
    """

    kind: TimerKind
    cycle: int
    branch: Branch
    owner: Person | None = None
    due_at: datetime | None = None


def start_deadlines(
    deadlines: Sequence[Deadline],
    *,
    of: Subject,
    at: datetime,
    complaint: Complaint | None = None,
) -> list[Timer]:
    """Start them from `at`, by the policy of the complaint or, without one, the last resort's.

    A kind for which the policy has no target has no deadline, unless people named it.
    """
    rule = policies.rule_for(complaint)
    return Timer.objects.bulk_create(
        _timer(deadline, rule, of=of, at=at)
        for deadline in deadlines
        if deadline.due_at is not None or deadline.kind in rule.targets
    )


def _timer(deadline: Deadline, rule: policies.Rule, *, of: Subject, at: datetime) -> Timer:
    plan = (
        rule.plan(deadline.kind, at)
        if deadline.due_at is None
        else rule.plan_until(deadline.kind, at, deadline.due_at)
    )
    return Timer(
        kind=deadline.kind,
        cycle=deadline.cycle,
        started_at=at,
        owner_branch=deadline.branch,
        verdict_branch=deadline.branch,
        owner=deadline.owner,
        **{COLUMNS[type(of)]: of},
        **plan.columns,
    )


def meet_deadline(
    of: Subject,
    kind: TimerKind,
    *,
    at: datetime,
    evidence: str,
    cycle: int | None = None,
    branches: Sequence[int] | None = None,
) -> bool:
    """Stop it at the moment it really happened; with `cycle` only that one. False: none ran.

    With `branches` (ids) only those that these owe.
    """
    mine = of.timers.filter(kind=kind, state__in=UNFINISHED)
    if branches is not None:
        mine = mine.filter(owner_branch__in=branches)
    met = (mine if cycle is None else mine.filter(cycle=cycle)).update(
        state=TimerState.MET, met_at=at, met_evidence=evidence, next_fire_at=None
    )
    return bool(met)


def drop_deadlines(of: Subject, *kinds: TimerKind, cycle: int | None = None) -> None:
    """What they waited for is not awaited any more; with `cycle` only that one."""
    mine = of.timers.filter(kind__in=kinds, state__in=UNFINISHED)
    (mine if cycle is None else mine.filter(cycle=cycle)).update(
        state=TimerState.VOID, next_fire_at=None, paused_at=None, paused_until=None
    )
