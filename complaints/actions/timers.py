"""Starting, meeting and ending the clocks of a complaint. Firing them: `escalation`."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When

from complaints.actions import policies, replanning
from complaints.models import (
    MILESTONES,
    UNFINISHED,
    Complaint,
    Milestone,
    Timer,
    TimerKind,
    TimerState,
    WorkOrder,
)
from organisation.models import Branch, Person

FIRST_CYCLE = MILESTONES
# Nobody apologises anew for the same complaint (`sla.md` rule 5).
LATER_CYCLE = (Milestone.RESULT, Milestone.WORK_ORDER, Milestone.CALLBACK)
# What was said to the customer may be entered after it was said.
TOLD_AFTERWARDS = (Milestone.APOLOGY, Milestone.RESULT)
# Every act on a complaint ends with it: one statement, and no query to be built.
NEXT_DUE = """
UPDATE complaints_complaint SET next_due_at = (
    SELECT min(due_at) FROM complaints_timer
    WHERE complaint_id = %(complaint)s AND kind = ANY(%(milestones)s) AND state = 'running'
)
WHERE id = %(complaint)s RETURNING next_due_at
"""


def start(complaint: Complaint, kinds: Iterable[str], *, at: datetime) -> None:
    """One timer per kind for the present cycle, from `at`, perhaps born overdue (rule 2).

    A category without clocks has none.
    """
    if complaint.category is not None and complaint.category.is_exempt:
        return
    rule = policies.rule_for(complaint)
    Timer.objects.bulk_create(
        _timer(complaint, kind, rule.plan(kind, at), at) for kind in kinds if kind in rule.targets
    )
    refresh_next_due(complaint)


def _timer(complaint: Complaint, kind: str, plan: policies.Plan, at: datetime) -> Timer:
    branch = _owner_branch(complaint, kind)
    return Timer(
        complaint=complaint,
        kind=kind,
        cycle=complaint.cycle,
        revision_id=plan.revision_id,
        started_at=at,
        due_at=plan.due_at,
        fire_at=plan.fire_at,
        next_fire_at=min(plan.fire_at, default=None),
        owner_branch=branch,
        verdict_branch=branch,
        owner=complaint.triaged_by if kind == Milestone.CALLBACK else complaint.handler,
    )


def _owner_branch(complaint: Complaint, kind: str) -> Branch:
    """Until triage the intake branch; then the responsible one, the callback the issuing unit's."""
    if complaint.triaged_at is None:
        return complaint.intake_branch
    if kind == Milestone.CALLBACK and complaint.issuing_branch is not None:
        return complaint.issuing_branch
    return complaint.branch


def meet(complaint: Complaint, kind: str, *, at: datetime, evidence: str) -> bool:
    """Stop a clock at the moment it really happened. False when it was stopped already.

    A clock left running by an earlier cycle is answered, too. `evidence` says which row proves it,
    as "reply:17".
    """
    mine = Timer.objects.filter(complaint=complaint, kind=kind, state__in=UNFINISHED)
    met = mine.update(
        state=TimerState.MET,
        met_at=at,
        met_evidence=evidence,
        next_fire_at=None,
        paused_at=None,
        paused_until=None,
    )
    if met and complaint.paused_at is not None:
        _end_pause_of(complaint, kind, at=at)
    if met and kind in TOLD_AFTERWARDS:
        _credit(complaint, kind, at=at)
    refresh_next_due(complaint)
    return bool(met)


def _end_pause_of(complaint: Complaint, kind: str, *, at: datetime) -> None:
    """The others go on waiting; this one's deadline is what it was when it was met."""
    replanning.replan(
        Timer.objects.filter(complaint=complaint, kind=kind, met_at=at, pauses__ended_at=None)
        .exclude(pauses=None)
        .distinct()
    )


def _credit(complaint: Complaint, kind: str, *, at: datetime) -> None:
    """Kept before a hand-over, entered after it: the verdict is the owner's of then (rule 3)."""
    owner = _owner_before_hand_over(complaint, at)
    if owner is not None:
        Timer.objects.filter(
            complaint=complaint, kind=kind, state=TimerState.MET, met_at=at, due_at__gte=at
        ).update(verdict_branch=owner)


def _owner_before_hand_over(complaint: Complaint, at: datetime) -> Branch | None:
    """Who owned the clocks at `at`, if they were handed over since."""
    if complaint.triaged_at is not None and complaint.triaged_at > at:
        return complaint.intake_branch
    since = complaint.hand_overs.filter(at__gt=at).select_related("from_branch").first()
    return since.from_branch if since else None


def give_up_callback(complaint: Complaint, *, at: datetime) -> None:
    """The attempts are used up: counted apart, unless the last one came after the deadline."""
    Timer.objects.filter(
        complaint=complaint, kind=Milestone.CALLBACK, state=TimerState.RUNNING
    ).update(state=TimerState.UNREACHED, unreached_at=at, next_fire_at=None)
    refresh_next_due(complaint)


def void(complaint: Complaint) -> None:
    """An invalid complaint leaves every statistic; met times stay for a later reversal (rule 7)."""
    end_as_void(Timer.objects.filter(complaint=complaint))
    refresh_next_due(complaint)


def exempt(complaint: Complaint) -> None:
    """The triage found a category without clocks: what still runs is not counted."""
    end_as_void(Timer.objects.filter(complaint=complaint, state__in=UNFINISHED))
    refresh_next_due(complaint)


def end_as_void(timers: QuerySet[Timer]) -> None:
    """Count these clocks no more, whatever became of them."""
    timers.update(state=TimerState.VOID, next_fire_at=None, paused_at=None, paused_until=None)


def restore(complaint: Complaint) -> None:
    """It was a complaint after all: every clock is again what its times say, as due as before."""
    Timer.objects.filter(complaint=complaint, state=TimerState.VOID).update(
        state=Case(
            When(waived_at__isnull=False, then=Value(TimerState.WAIVED)),
            When(met_at__isnull=False, then=Value(TimerState.MET)),
            When(unreached_at__isnull=False, then=Value(TimerState.UNREACHED)),
            default=Value(TimerState.RUNNING),
        )
    )
    resume_fire(complaint)
    refresh_next_due(complaint)


def hold_fire(complaint: Complaint) -> None:
    """Let no ladder speak while a second person looks whether the complaint is one."""
    Timer.objects.filter(complaint=complaint).update(next_fire_at=None)


def resume_fire(complaint: Complaint) -> None:
    """Let the ladders speak again: what was passed meanwhile speaks at once."""
    rows = replanning.loaded(Timer.objects.filter(complaint=complaint, state=TimerState.RUNNING))
    for row in rows:
        row.next_fire_at = replanning.next_fire(row)
    Timer.objects.bulk_update(rows, ["next_fire_at"])


def start_rework(order: WorkOrder, *, at: datetime) -> None:
    """A returned order has a deadline of its own; the verdict of its 48 hours stays (rule 4)."""
    link = order.links.select_related("complaint__customer").first()
    rule = policies.rule_for(link.complaint if link else None)
    if TimerKind.REWORK not in rule.targets:
        return
    plan = rule.plan(TimerKind.REWORK, at)
    Timer.objects.create(
        work_order=order,
        kind=TimerKind.REWORK,
        cycle=order.timers.filter(kind=TimerKind.REWORK).count() + 1,
        revision_id=plan.revision_id,
        started_at=at,
        due_at=plan.due_at,
        fire_at=plan.fire_at,
        next_fire_at=min(plan.fire_at, default=None),
        owner_branch=order.branch,
        verdict_branch=order.branch,
        owner=order.owner,
    )


def meet_rework(order: WorkOrder, *, at: datetime) -> None:
    """The returned order was submitted again."""
    order.timers.filter(kind=TimerKind.REWORK, state__in=UNFINISHED).update(
        state=TimerState.MET, met_at=at, met_evidence=f"order:{order.pk}", next_fire_at=None
    )


def hand_over_rework(order: WorkOrder, *, now: datetime) -> None:
    """The order goes along with its complaint; a deadline that has passed stays where it was."""
    running = order.timers.filter(kind=TimerKind.REWORK, state__in=UNFINISHED)
    running.filter(due_at__gt=now).update(verdict_branch=order.branch)
    running.update(owner_branch=order.branch, owner=order.owner)


def hand_over(complaint: Complaint, *, now: datetime) -> None:
    """Give the running clocks to the new branch and handler; no deadline moves (rule 3).

    A verdict already due stays with the branch that owned it then.
    """
    running = Timer.objects.filter(complaint=complaint, kind__in=MILESTONES, state__in=UNFINISHED)
    for kinds, branch, owner in (
        (~Q(kind=Milestone.CALLBACK), complaint.branch, complaint.handler),
        (
            Q(kind=Milestone.CALLBACK),
            complaint.issuing_branch or complaint.branch,
            complaint.triaged_by,
        ),
    ):
        own: Person | None = owner
        running.filter(kinds).update(owner_branch=branch, owner=own)
        running.filter(kinds, due_at__gt=now).update(verdict_branch=branch)


def refresh_next_due(complaint: Complaint) -> None:
    """The earliest open deadline, written on the complaint so that a list can be ordered by it."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, {"complaint": complaint.pk, "milestones": list(MILESTONES)})
        (complaint.next_due_at,) = cursor.fetchone()
