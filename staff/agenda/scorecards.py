"""Scorecards: to be closed, to be read, appeals to be answered (O-21)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import periods
from organisation.access import sees_everything, visible
from organisation.models import Person
from staff import quarters
from staff import scorecards as cards
from staff.actions.scorecards import ANSWER, APPEAL_DAYS, CLOSE
from staff.agenda.task import Task
from staff.models import CardAppeal, Scorecard

# After the end of a quarter its last clocks run for three days.
CLOSED_WITHIN = timedelta(days=14)


def tasks(person: Person, *, today: date) -> list[Task]:
    return [*_to_close(person, today), *_to_answer(person), *_to_read(person, today)]


def _to_close(person: Person, today: date) -> list[Task]:
    before = quarters.on(today).previous
    if not sees_everything(person, CLOSE) or not cards.is_to_close(before):
        return []
    words = _("Close the scorecards of %(quarter)s") % {"quarter": periods.label(before)}
    path = reverse("scorecards-close", args=[before.key])
    return [Task(before.last_on + CLOSED_WITHIN, words, path, is_mine=True)]


def _to_answer(person: Person) -> list[Task]:
    if not sees_everything(person, ANSWER):
        return []
    rows = CardAppeal.objects.filter(status=CardAppeal.Status.OPEN).select_related("by")
    return [
        Task(
            timezone.localdate(row.at) + timedelta(days=APPEAL_DAYS),
            _("Answer the appeal of %(name)s") % {"name": row.by.name},
            reverse("scorecard", args=[row.card_id]),
            is_mine=True,
        )
        for row in rows
        if person.pk not in (row.by_id, row.closed_by_id)
    ]


def _to_read(person: Person, today: date) -> list[Task]:
    """The own card, while an appeal is possible."""
    since = today - timedelta(days=APPEAL_DAYS)
    rows = visible(Scorecard, person, through="person").filter(
        person=person, closed_at__date__gte=since, appeal=None
    )
    return [
        Task(
            timezone.localdate(row.closed_at) + timedelta(days=APPEAL_DAYS),
            _("Read your scorecard of %(quarter)s; you can appeal")
            % {"quarter": periods.label(cards.quarter(row.quarter))},
            reverse("scorecard", args=[row.pk]),
            is_mine=True,
        )
        for row in rows
    ]
