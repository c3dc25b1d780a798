"""What a person has not seen yet, and who else is looking."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, Look
from organisation.access import visible
from organisation.models import Person

# What a person never opened stays new for so long; nobody opens everything.
NEW_FOR = timedelta(hours=24)
# Longer than the pause between two questions of a hidden tab (60 s and a little).
PRESENT_FOR = timedelta(minutes=2)
# No page shows more names.
MOST_PRESENT = 5
NEW, CHANGED = pgettext_lazy("complaint", "New: "), _("Changed: ")


def with_looks(rows: QuerySet[Complaint], person: Person) -> QuerySet[Complaint]:
    """The rows, each with `looked_at`: when the person last had its page."""
    mine = Look.objects.filter(person=person, complaint=OuterRef("pk"))
    return rows.annotate(looked_at=Subquery(mine.values("looked_at")))


def mark(row: Complaint, person: Person, now: datetime) -> Promise | None:
    """What stands before a row `with_looks` that others have changed since the person looked.

    Nothing stands before one without: the person has it open.
    """
    if not hasattr(row, "looked_at") or not _changed_by_others(row, person):
        return None
    return _mark(row, row.looked_at, now)


def _changed_by_others(row: Complaint, person: Person) -> bool:
    return row.changed_at is not None and row.changed_by_id != person.pk


def _mark(row: Complaint, looked_at: datetime | None, now: datetime) -> Promise | None:
    changed_at = row.changed_at
    if changed_at is None:
        return None
    if looked_at is not None:
        return CHANGED if changed_at > looked_at else None
    return NEW if changed_at > now - NEW_FOR and not row.is_ended else None


def others(complaint: Complaint, person: Person, now: datetime) -> list[Person]:
    """Who else has the complaint's page open, of the people whom the person may see."""
    here = Look.objects.filter(complaint=complaint, present_at__gt=now - PRESENT_FOR)
    rows = visible(Person, person).filter(pk__in=here.values("person")).exclude(pk=person.pk)
    return list(rows.filter(is_active=True)[:MOST_PRESENT])
