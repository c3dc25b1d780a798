"""Starting, meeting and ending the clocks of a complaint. Firing them: `escalation`."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Q

from complaints.actions import policies
from complaints.models import (
    MILESTONES,
    UNFINISHED,
    Complaint,
    Milestone,
    Timer,
    TimerState,
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
    """One timer per kind for the present cycle, from `at`, perhaps born overdue (rule 2)."""
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
    )
    if met and kind in TOLD_AFTERWARDS:
        _credit(complaint, kind, at=at)
    refresh_next_due(complaint)
    return bool(met)


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
    Timer.objects.filter(complaint=complaint).exclude(state=TimerState.WAIVED).update(
        state=TimerState.VOID, next_fire_at=None, paused_at=None
    )
    refresh_next_due(complaint)


def hold_fire(complaint: Complaint) -> None:
    """Let no ladder speak while a second person looks whether the complaint is one."""
    Timer.objects.filter(complaint=complaint).update(next_fire_at=None)


def resume_fire(complaint: Complaint) -> None:
    """Let the ladders speak again: what was passed meanwhile speaks at once.

    An earlier cycle stays silent, as it was before the doubt (`sla.md` §3).
    """
    for timer in Timer.objects.filter(
        complaint=complaint, cycle=complaint.cycle, state=TimerState.RUNNING
    ):
        fired = set(
            timer.events.filter(step__isnull=False).values_list("step__position", flat=True)
        )
        waiting = [at for place, at in enumerate(timer.fire_at) if place not in fired]
        Timer.objects.filter(pk=timer.pk).update(next_fire_at=min(waiting, default=None))


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
