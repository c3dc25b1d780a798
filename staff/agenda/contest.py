"""The contest of service innovation: plans, feedback, marks, the announcement (T-06 … T-10)."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.access import postings, units
from organisation.models import Branch, Level, Person, Role
from staff import contests
from staff.agenda.task import Task
from staff.models import Contest, ContestStatus, Plan, PlanKind, PlanStatus


def tasks(person: Person, *, today: date) -> list[Task]:
    """Of branches it is asked of everybody who may write there; the managers' own it is."""
    return [
        task
        for row in Contest.objects.filter(status=ContestStatus.OPEN)
        for part in (_plans, _feedback, _marks, _announcement)
        for task in part(row, person)
    ]


def leads(person: Person) -> set[int]:
    """The branches of which the person is the manager."""
    held = postings(person)
    return {posting.branch_id for posting in held if posting.role == Role.BRANCH_MANAGER}


def _plans(row: Contest, person: Person) -> Iterator[Task]:
    """A plan for each branch: not begun, not submitted, or returned."""
    rows = Plan.objects.filter(contest=row, kind=PlanKind.ACTIVITY)
    known = {plan.branch_id: plan for plan in rows}
    own = Branch.objects.active().filter(
        level=Level.BRANCH, pk__in=units(person, contests.WRITE)
    )  # fmt: skip
    for branch in own:
        plan = known.get(branch.pk)
        if plan is not None and not plan.is_writable:
            continue
        yield Task(
            plan.due_on if plan else row.plans_due_on,
            _("Submit the plan for the contest"),
            reverse("contest-plan", args=[plan.pk]) if plan else reverse("contest"),
            is_mine=branch.pk in leads(person),
            whose=branch.label,
        )


def _feedback(row: Contest, person: Person) -> Iterator[Task]:
    """What came of a plan that is carried out."""
    rows = Plan.objects.filter(
        contest=row, status=PlanStatus.RUNNING, branch__in=units(person, contests.WRITE)
    )
    for plan in rows.select_related("branch"):
        yield Task(
            row.feedback_due_on,
            _("Report what came of the plan for the contest"),
            reverse("contest-plan", args=[plan.pk]),
            is_mine=plan.created_by_id == person.pk or plan.branch_id in leads(person),
            whose=plan.branch.label,
        )


def _marks(row: Contest, person: Person) -> Iterator[Task]:
    waiting = contests.judgeable(person).filter(contest=row)
    waiting = waiting.exclude(judgements__reviewer=person).exclude(conflicts__reviewer=person)
    if number := waiting.count():
        words = _("Mark the plans of the contest: %(n)d wait") % {"n": number}
        yield Task(row.review_due_on, words, reverse("contest-reviews"), is_mine=True)


def _announcement(row: Contest, person: Person) -> Iterator[Task]:
    """Of whoever runs it, once the marks are due."""
    if contests.runs(person):
        words = _("Announce the winners of the contest")
        yield Task(row.review_due_on, words, reverse("contest"), is_mine=True)
