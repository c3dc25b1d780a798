"""Audits: those that one carries out oneself (T-14 … T-16)."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from csm.kit import periods
from organisation.access import units, visible
from organisation.models import Branch, Person
from staff import contact_reading, quarters
from staff.actions.contact_audits import RUN
from staff.agenda.task import Task
from staff.models import Audit, AuditStatus

# A sample of first contacts is drawn so long before the end of a quarter.
DRAWN_BEFORE_END = timedelta(days=14)


def tasks(person: Person, *, today: date) -> list[Task]:
    return [*_to_carry_out(person), *_to_draw(person, today)]


def _to_carry_out(person: Person) -> list[Task]:
    """Nothing of an unannounced one is told to anybody but its auditor."""
    rows = visible(Audit, person).filter(status=AuditStatus.PLANNED, auditor=person)
    return [
        Task(
            row.planned_on,
            _("Carry out the audit"),
            reverse("audit", args=[row.pk]),
            is_mine=True,
            whose=row.branch.label,
        )
        for row in rows.select_related("branch")
    ]


def _to_draw(person: Person, today: date) -> list[Task]:
    """First contacts of the quarter, once where anybody took one in (T-12)."""
    quarter = quarters.on(today)
    seats = Branch.objects.filter(pk__in=units(person, RUN))
    if not any(contact_reading.is_to_draw(branch, quarter) for branch in seats):
        return []
    words = _("Draw the first contacts of %(quarter)s") % {"quarter": periods.label(quarter)}
    path = reverse("first-contact-draw")
    return [Task(quarter.last_on - DRAWN_BEFORE_END, words, path, is_mine=True)]
