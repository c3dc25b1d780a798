"""Moving running clocks to a policy's latest revision, after a preview (`sla.md` rule 9)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from complaints.actions import policies, replanning, timers
from complaints.actions.policies import Rule
from complaints.models import (
    MILESTONES,
    Complaint,
    Event,
    LadderStep,
    Policy,
    Timer,
    TimerState,
)
from organisation.access import require_everywhere
from organisation.models import Person

BATCH = 1000
# Clocks that move; the others are finished, and a verdict is a fact.
MOVING = (TimerState.RUNNING, TimerState.PAUSED)


@dataclass(frozen=True)
class Change:
    """One clock as it is and as it would be."""

    timer: Timer
    due_before: datetime
    due_after: datetime

    def is_overdue_at_once(self, now: datetime) -> bool:
        """Whether the new deadline has passed and the old one had not."""
        return self.due_after < now <= self.due_before


@dataclass(frozen=True)
class Preview:
    """`changes` are the first ones; the counts speak of all."""

    changes: list[Change]
    clocks: int
    moved: int
    overdue_at_once: int
    by_kind: dict[str, int]


def preview(*, policy: Policy, by: Person | None, now: datetime, shown: int = 50) -> Preview:
    """What recalculating would do: how many clocks, old and new deadlines. Writes nothing."""
    require_everywhere(by, "policy.edit")
    rule, counts = latest(policy), Counter[str]()
    found: list[Change] = []
    for batch in _batches(policy, rule):
        for change in _planned(replanning.loaded(Timer.objects.filter(pk__in=batch)), rule):
            counts["clocks"] += 1
            if change.due_before == change.due_after:
                continue
            counts["moved"] += 1
            counts["overdue"] += change.is_overdue_at_once(now)
            counts[f"kind:{change.timer.kind}"] += 1
            if len(found) < shown:
                found.append(change)
    return Preview(
        changes=found,
        clocks=counts["clocks"],
        moved=counts["moved"],
        overdue_at_once=counts["overdue"],
        by_kind={kind: counts[f"kind:{kind}"] for kind in MILESTONES if counts[f"kind:{kind}"]},
    )


@transaction.atomic
def recalculate(*, policy: Policy, by: Person | None, now: datetime) -> int:
    """Count every running clock of the policy by its latest revision; gives how many there were.

    Each is logged with its old and new deadline. A step that was told under the old revision and
    is in the new one as well is not told again.
    """
    require_everywhere(by, "policy.edit")
    rule, count = latest(policy), 0
    for batch in _batches(policy, rule):
        _lock(batch)
        # Some may have been met while we waited for the locks.
        running = Timer.objects.filter(pk__in=batch, state__in=MOVING)
        moving = list(running.select_for_update().values_list("pk", flat=True))
        _carry_told_steps(moving, rule, now)
        rows = replanning.loaded(Timer.objects.filter(pk__in=moving))
        changes = list(_planned(rows, rule))
        changed = [change.timer for change in changes]
        Timer.objects.bulk_update(changed, replanning.PLANNED, batch_size=BATCH)
        _log(changes, rule, by=by, now=now)
        complaints = [row.complaint_id for row in changed if row.complaint_id is not None]
        timers.refresh_all_next_due(complaints)
        Complaint.objects.filter(pk__in=complaints).update(changed_at=now, changed_by=by)
        count += len(changes)
    return count


def _lock(batch: list[int]) -> None:
    """The complaints before their clocks, as every act does: so nobody waits for each other."""
    mine = Timer.objects.filter(pk__in=batch).values("complaint")
    rows = Complaint.objects.filter(pk__in=mine).select_for_update(no_key=True).order_by("pk")
    list(rows.values_list("pk"))


def latest(policy: Policy) -> Rule:
    """The policy's newest revision, ready to plan."""
    return policies.load(policy.revisions.select_related("calendar").latest("number"))


def outdated(policy: Policy, rule: Rule) -> QuerySet[Timer]:
    """The running clocks of promises that an older revision of the policy made.

    A promise that `rule`, the newest one, does not make any more stays as it was given. On a work
    calendar its own clocks, too: holidays may have been announced since they were planned.
    """
    running = Timer.objects.milestones().filter(
        state__in=MOVING, revision__policy=policy, kind__in=rule.targets
    )
    is_natural = rule.revision.calendar_id is None
    return running.exclude(revision=rule.revision) if is_natural else running


def _batches(policy: Policy, rule: Rule) -> Iterator[list[int]]:
    """By complaint, so that all acts lock the complaints in the same order."""
    pks = list(outdated(policy, rule).order_by("complaint", "pk").values_list("pk", flat=True))
    for first in range(0, len(pks), BATCH):
        yield pks[first : first + BATCH]


def _planned(rows: Iterable[Timer], rule: Rule) -> Iterator[Change]:
    for row in rows:
        before, revision = row.due_at, row.revision_id
        replanning.plan(row, rule, start=row.started_at)
        if (row.due_at, row.revision_id) != (before, revision):
            yield Change(row, before, row.due_at)


def _carry_told_steps(batch: list[int], rule: Rule, now: datetime) -> None:
    """Let the new revision's steps count as told where the same step of the old one was."""
    same = {
        (step.kind, step.percent, step.after): step
        for steps in rule.steps.values()
        for step in steps
    }
    told = Event.objects.filter(timer__in=batch, step__isnull=False)
    Event.objects.bulk_create(
        [
            _told_before(event, step, now)
            for event in told.select_related("step")
            if event.step and (step := same.get(_meaning(event.step))) and step != event.step
        ],
        ignore_conflicts=True,
    )


def _meaning(step: LadderStep) -> tuple[str, int | None, timedelta | None]:
    return step.kind, step.percent, step.after


def _told_before(event: Event, step: LadderStep, now: datetime) -> Event:
    return Event(
        complaint_id=event.complaint_id,
        work_order_id=event.work_order_id,
        kind="step_superseded",
        at=now,
        cycle=event.cycle,
        data=event.data,
        timer_id=event.timer_id,
        step=step,
    )


def _log(changes: Iterable[Change], rule: Rule, *, by: Person | None, now: datetime) -> None:
    Event.objects.bulk_create(
        Event(
            complaint_id=change.timer.complaint_id,
            kind="recalculated",
            by=by,
            at=now,
            cycle=change.timer.cycle,
            timer=change.timer,
            data={
                "milestone": change.timer.kind,
                "revision": rule.revision.pk,
                "clocks": [replanning.shift(change.timer, change.due_before)],
            },
        )
        for change in changes
    )
