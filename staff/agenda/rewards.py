"""Redemptions that wait for a decision or to be handed over (F-21)."""

from datetime import date, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.access import branches, can
from organisation.models import Person
from staff.actions.redemptions import DECIDE, HAND_OVER
from staff.agenda.task import Task
from staff.models import Redemption, RedemptionStatus

# Whoever redeems hears within a week, and has it within two more.
DECIDED_WITHIN, HANDED_OVER_WITHIN = timedelta(days=7), timedelta(days=14)


def tasks(person: Person, *, today: date) -> list[Task]:
    """One line for all of them, due with the oldest."""
    found = []
    for status, verb, since, within, words in (
        (
            RedemptionStatus.ASKED,
            DECIDE,
            "asked_at",
            DECIDED_WITHIN,
            _("Decide on rewards that were asked for: %(n)d"),
        ),
        (
            RedemptionStatus.APPROVED,
            HAND_OVER,
            "decided_at",
            HANDED_OVER_WITHIN,
            _("Hand over rewards: %(n)d"),
        ),
    ):
        if not can(person, verb):
            continue
        rows = Redemption.objects.filter(status=status, branch__in=branches(person, verb))
        rows = rows.exclude(person=person)
        if number := rows.count():
            oldest = rows.aggregate(oldest=Min(since))["oldest"]
            path = f"{reverse('redemptions')}?status={status}"
            due = timezone.localdate(oldest) + within
            found.append(Task(due, words % {"n": number}, path, is_mine=True))
    return found
