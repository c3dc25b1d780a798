"""Starting, meeting and ending the clocks of a complaint. Firing them: `escalation`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from complaints.actions import policies, replanning
from complaints.actions.deadlines import Deadline, meet_deadline, start_deadlines
from complaints.models import (
    MILESTONES,
    UNFINISHED,
    Complaint,
    Milestone,
    OrderComplaint,
    OrderSource,
    Status,
    Timer,
    TimerKind,
    TimerState,
    WorkOrder,
)
from organisation.models import Branch

FIRST_CYCLE = MILESTONES
# Nobody apologises anew for the same complaint (`sla.md` rule 5).
LATER_CYCLE = (Milestone.RESULT, Milestone.WORK_ORDER, Milestone.CALLBACK)
# What was said to the customer may be entered after it was said.
TOLD_AFTERWARDS = (Milestone.APOLOGY, Milestone.RESULT)
# Every act on a complaint ends with it: one statement, and no query to be built.
NEXT_DUE = """
UPDATE complaints_complaint c SET next_due_at = (
    SELECT min(t.due_at) FROM complaints_timer t
    WHERE t.complaint_id = c.id AND t.kind = ANY(%(milestones)s) AND t.state = 'running'
)
WHERE c.id = ANY(%(complaints)s) RETURNING c.next_due_at
"""


def start(complaint: Complaint, kinds: Iterable[str], *, at: datetime) -> None:
    """One timer per kind for the present cycle, from `at`, perhaps born overdue (rule 2).

    A category without clocks has none.
    """
    Timer.objects.bulk_create(planned(complaint, kinds, at=at))
    refresh_next_due(complaint)


def planned(complaint: Complaint, kinds: Iterable[str], *, at: datetime) -> list[Timer]:
    """The same, not written yet: also for a complaint that is not."""
    if _is_exempt(complaint):
        return []
    rule = policies.rule_for(complaint)
    return [
        _timer(complaint, kind, rule.plan(kind, at), at) for kind in kinds if kind in rule.targets
    ]


def _is_exempt(complaint: Complaint | None) -> bool:
    """Praise, questions: no promise is counted."""
    return complaint is not None and complaint.category is not None and complaint.category.is_exempt


def _timer(complaint: Complaint, kind: str, plan: policies.Plan, at: datetime) -> Timer:
    branch = _owner_branch(complaint, kind)
    return Timer(
        complaint=complaint,
        kind=kind,
        cycle=complaint.cycle,
        started_at=at,
        owner_branch=branch,
        verdict_branch=branch,
        owner=complaint.triaged_by if kind == Milestone.CALLBACK else complaint.handler,
        **plan.columns,
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
    if met:
        _cut_pauses(complaint, kind, at=at)
    if met and kind in TOLD_AFTERWARDS:
        _credit(complaint, kind, at=at)
    refresh_next_due(complaint)
    return bool(met)


def _cut_pauses(complaint: Complaint, kind: str, *, at: datetime) -> None:
    """What was waited after the clock was met does not count for it: not now, nor told later."""
    mine = Timer.objects.filter(complaint=complaint, kind=kind, met_at=at)
    replanning.replan(mine.filter(pauses__until_at__gt=at).distinct())


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
    end_as_void(all_of(complaint))
    refresh_next_due(complaint)


def all_of(complaint: Complaint) -> QuerySet[Timer]:
    """Its own clocks, and those of an order that is there for no other complaint."""
    others = OrderComplaint.objects.filter(order=OuterRef("order")).exclude(complaint=complaint)
    needed = others.exclude(complaint__status__in=(Status.INVALID, Status.MERGED))
    orders = OrderComplaint.objects.filter(
        ~Exists(needed), complaint=complaint, order__source=OrderSource.COMPLAINT
    )
    # As a list: an OR with a subquery would read every clock there is.
    ids = list(orders.values_list("order", flat=True))
    return Timer.objects.filter(Q(complaint=complaint) | Q(work_order__in=ids))


def exempt(complaints: Sequence[Complaint]) -> None:
    """The triage found a category without clocks: what still runs is not counted."""
    end_as_void(Timer.objects.filter(complaint__in=complaints, state__in=UNFINISHED))
    refresh_all_next_due([complaint.pk for complaint in complaints])


def end_as_void(timers: QuerySet[Timer]) -> None:
    """Count these clocks no more, whatever became of them."""
    timers.update(state=TimerState.VOID, next_fire_at=None, paused_at=None, paused_until=None)


def restore(complaint: Complaint) -> None:
    """It was a complaint after all: every clock is again what its times say, as due as before.

    What its category had taken out of the count stays out.
    """
    rest = TimerState.VOID if _is_exempt(complaint) else TimerState.RUNNING
    all_of(complaint).filter(state=TimerState.VOID).update(
        state=Case(
            When(waived_at__isnull=False, then=Value(TimerState.WAIVED)),
            When(met_at__isnull=False, then=Value(TimerState.MET)),
            When(unreached_at__isnull=False, then=Value(TimerState.UNREACHED)),
            default=Value(rest),
        )
    )
    resume_fire(complaint)
    refresh_next_due(complaint)


def hold_fire(complaint: Complaint) -> None:
    """Let no ladder speak while a second person looks whether the complaint is one."""
    all_of(complaint).update(next_fire_at=None)


def resume_fire(complaint: Complaint) -> None:
    """Let the ladders speak again: what was passed meanwhile speaks at once."""
    rows = replanning.loaded(all_of(complaint).filter(state=TimerState.RUNNING))
    for row in rows:
        row.next_fire_at = replanning.next_fire(row)
    Timer.objects.bulk_update(rows, ["next_fire_at"])


def start_rework(order: WorkOrder, *, at: datetime) -> None:
    """A returned order has a deadline of its own; the verdict of its 48 hours stays (rule 4)."""
    link = order.links.select_related("complaint__customer", "complaint__category").first()
    complaint = link.complaint if link else None
    if not _is_exempt(complaint):
        cycle = order.timers.filter(kind=TimerKind.REWORK).count() + 1
        mine = Deadline(TimerKind.REWORK, cycle, order.branch, owner=order.owner)
        start_deadlines([mine], of=order, at=at, complaint=complaint)


def meet_rework(order: WorkOrder, *, at: datetime) -> None:
    """The returned order was submitted again."""
    meet_deadline(order, TimerKind.REWORK, at=at, evidence=f"order:{order.pk}")


def refresh_next_due(complaint: Complaint) -> None:
    """The earliest open deadline, written on the complaint so that a list can be ordered by it."""
    [complaint.next_due_at] = refresh_all_next_due([complaint.pk])


def refresh_all_next_due(complaints: list[int]) -> list[datetime | None]:
    """The same for many, by their ids, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_DUE, {"complaints": complaints, "milestones": list(MILESTONES)})
        return [due_at for (due_at,) in cursor.fetchall()]
