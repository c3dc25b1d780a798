"""Audits: those that one carries out oneself (T-14 … T-16)."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.access import visible
from organisation.models import Person
from staff.agenda.task import Task
from staff.models import Audit, AuditStatus


def tasks(person: Person, *, today: date) -> list[Task]:
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
