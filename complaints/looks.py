"""What a person has not seen yet, and who else is looking."""

from collections.abc import Iterable
from datetime import datetime, timedelta

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


def marks(rows: Iterable[Complaint], person: Person, now: datetime) -> dict[int, Promise]:
    """Which of the rows others have changed since the person looked, by id; one query."""
    changed = {row.pk: row for row in rows if _changed_by_others(row, person)}
    mine = Look.objects.filter(person=person, complaint__in=changed)
    looked = dict(mine.values_list("complaint", "looked_at")) if changed else {}
    found = {pk: _mark(row, looked.get(pk), now) for pk, row in changed.items()}
    return {pk: mark for pk, mark in found.items() if mark}


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
