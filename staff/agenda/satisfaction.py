"""The survey of staff (S-20)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.access import can, sees_everything
from organisation.models import Person
from staff import quarters
from staff.actions.satisfaction import ANSWER, EDIT, SHORTEST
from staff.agenda.task import Task
from staff.models import StaffRound

# The last day on which a round of the quarter should begin.
BEGINS_BEFORE_END = timedelta(days=21)


def tasks(person: Person, *, today: date) -> list[Task]:
    """To answer the open round; of human resources, to set one in each quarter."""
    found = []
    rounds = StaffRound.objects.filter(first_on__lte=today, last_on__gte=today)
    if can(person, ANSWER):
        found = [
            Task(
                row.last_on,
                _("Answer the survey of staff"),
                reverse("satisfaction-answer", args=[row.quarter]),
                is_mine=True,
            )
            for row in rounds.exclude(participations__person=person)
        ]
    quarter = quarters.on(today)
    ends_in_time = today + SHORTEST <= quarter.last_on
    if (
        ends_in_time
        and sees_everything(person, EDIT)
        and not StaffRound.objects.filter(quarter=quarter.key).exists()
    ):
        words = _("Begin the survey of staff of this quarter")
        due = quarter.last_on - BEGINS_BEFORE_END
        found.append(Task(due, words, reverse("satisfaction-new"), is_mine=True))
    return found
