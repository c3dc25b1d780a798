"""Account managers of the quarter before, to be decided on (T-20)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from csm.kit import periods
from organisation.access import branch_ids, can
from organisation.models import Person
from staff import accounts, quarters
from staff.agenda.task import Task
from staff.models.accounts import DECIDE

DECIDED_WITHIN = timedelta(days=28)


def tasks(person: Person, *, today: date) -> list[Task]:
    """One line for all of them; nobody decides about themselves."""
    if not can(person, DECIDE):
        return []
    before = quarters.on(today).previous
    rows = accounts.undecided(before, branch_ids(person, DECIDE)).exclude(pk=person.pk)
    if not (number := rows.count()):
        return []
    said = {"quarter": periods.label(before), "n": number}
    words = _("Decide on account managers for %(quarter)s: %(n)d") % said
    path = f"{reverse('account-managers')}?period={before.key}"
    return [Task(before.last_on + DECIDED_WITHIN, words, path, is_mine=True)]
