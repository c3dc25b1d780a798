"""Reminders of what a running contest still waits for; for the sweep of the programme (T-06, T-09).

Each is told once a week before its day, once on the last two days, and once when it is late.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils import timezone

from organisation import outbox
from organisation.access import ROLE_VERBS
from organisation.models import Branch, Importance, Level, Person, Role
from organisation.outbox import Notice
from organisation.roles import Holders, holders_of
from organisation.texts import named
from staff.contests import JUDGE, judgeable
from staff.models import Contest, ContestStatus, Plan, PlanKind, PlanStatus

WEEK, SOON = 7, 2


def remind(*, now: datetime) -> int:
    """Tell everybody what is due; gives the number of messages written. Safe to run twice."""
    today = timezone.localdate(now)
    found = Contest.objects.filter(status=ContestStatus.OPEN)
    managers = holders_of([Role.BRANCH_MANAGER])
    notices = [
        notice
        for contest in found
        for part in (_plans(contest, managers, today), _feedback(contest, managers, today),
                     _marks(contest, today))
        for notice in part
    ]  # fmt: skip
    return outbox.put_all(notices, now=now)


def _plans(contest: Contest, managers: Holders, today: date) -> Iterator[Notice]:
    """Branches whose activity is not submitted, or was returned."""
    plans = Plan.objects.filter(contest=contest, kind=PlanKind.ACTIVITY)
    known = {plan.branch_id: plan for plan in plans}
    for branch in Branch.objects.active().filter(level=Level.BRANCH):
        plan = known.get(branch.pk)
        if plan is not None and not plan.is_writable:
            continue
        due = plan.due_on if plan else contest.plans_due_on
        path = f"/staff/contest/plans/{plan.pk}/" if plan else "/staff/contest/"
        people = managers.nearest(branch, Role.BRANCH_MANAGER)
        yield from _notice("plan", f"{contest.pk}:{branch.pk}", people, due, today, path, branch)


def _feedback(contest: Contest, managers: Holders, today: date) -> Iterator[Notice]:
    """Plans that are still carried out."""
    rows = Plan.objects.filter(contest=contest, status=PlanStatus.RUNNING)
    for plan in rows.select_related("branch", "created_by"):
        people = managers.nearest(plan.branch, Role.BRANCH_MANAGER)
        if plan.created_by:
            people = [plan.created_by, *people]
        path = f"/staff/contest/plans/{plan.pk}/"
        due = contest.feedback_due_on
        yield from _notice("feedback", str(plan.pk), people, due, today, path, plan.branch)


def _marks(contest: Contest, today: date) -> Iterator[Notice]:
    """Reviewers who have not marked all plans that they may judge."""
    if not _step(contest.review_due_on, today):
        return
    roles = [role for role, verbs in ROLE_VERBS.items() if JUDGE in verbs]
    reviewers = Person.objects.filter(is_active=True, postings__role__in=roles).distinct()
    for person in reviewers:
        waiting = judgeable(person).filter(contest=contest).exclude(judgements__reviewer=person)
        if waiting.exclude(conflicts__reviewer=person).exists():
            key, due = f"{contest.pk}:{person.pk}", contest.review_due_on
            yield from _notice("marks", key, [person], due, today, "/staff/contest/reviews/", None)


def _notice(
    what: str,
    key: str,
    people: list[Person],
    due: date,
    today: date,
    path: str,
    branch: Branch | None,
) -> Iterator[Notice]:
    step = _step(due, today)
    if not step or not people:
        return
    yield Notice(
        key=f"contest-due:{what}:{key}:{due}:{step}",
        people=list(dict.fromkeys(person.pk for person in people)),
        text="contest_due",
        context={
            "what": what,
            "due_on": due.isoformat(),
            "is_late": step == "late",
            "branch": named(branch) if branch else {},
        },
        importance=Importance.REMINDER,
        path=path,
    )


def _step(due: date, today: date) -> str:
    """Which of the reminders is due today; none so long before the day."""
    days = (due - today).days
    if days < 0:
        return "late"
    return "soon" if days < SOON else "week" if days <= WEEK else ""
