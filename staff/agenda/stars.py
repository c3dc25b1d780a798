"""The service star: preparing a vote, deciding, handing over the prize (T-11)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import periods
from organisation.access import branches, can
from organisation.models import Branch, Person
from staff.actions.star_elections import EDIT
from staff.actions.star_news import DECIDE
from staff.agenda.task import Task
from staff.models import StarElection, StarStatus

# Days for the decision after the vote, and for the prize after that.
DECIDED_WITHIN, GIVEN_WITHIN = timedelta(days=7), timedelta(days=14)


def tasks(person: Person, *, today: date) -> list[Task]:
    found: list[Task] = []
    if can(person, EDIT):
        mine = branches(person, EDIT)
        found += _to_open(mine)
        found += _prizes(mine)
    if can(person, DECIDE):
        found += _to_decide(branches(person, DECIDE))
    return found


def _to_open(mine: QuerySet[Branch]) -> Iterator[Task]:
    """A vote that is prepared has to begin before its last day."""
    for row in StarElection.objects.filter(status=StarStatus.DRAFT, branch__in=mine).select_related(
        "branch"
    ):
        words = _("Begin the vote for the service star of %(quarter)s")
        due = timezone.localdate(row.ends_at) - DECIDED_WITHIN
        yield _task(row, due, words)


def _to_decide(mine: QuerySet[Branch]) -> Iterator[Task]:
    for row in StarElection.objects.filter(
        status=StarStatus.COUNTED, branch__in=mine
    ).select_related("branch"):
        words = _("Decide on the service star of %(quarter)s")
        yield _task(row, timezone.localdate(row.ends_at) + DECIDED_WITHIN, words)


def _prizes(mine: QuerySet[Branch]) -> Iterator[Task]:
    rows = StarElection.objects.filter(
        status=StarStatus.ELECTED, prize_given_on=None, branch__in=mine
    )
    for row in rows.select_related("branch"):
        words = _("Hand over the prize of the service star of %(quarter)s")
        decided = row.decided_at or row.ends_at
        yield _task(row, timezone.localdate(decided) + GIVEN_WITHIN, words)


def _task(row: StarElection, due: date, words: str) -> Task:
    path = reverse("star", args=[row.pk])
    said = words % {"quarter": periods.label(row.period)}
    return Task(due, said, path, is_mine=True, whose=row.branch.label)
