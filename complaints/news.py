"""What has happened to a list since somebody had it made (U-10)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from complaints.models import Complaint
from organisation.access import visible
from organisation.models import Person

# More is not counted: nobody reads 1,204 changes.
MOST = 99
# A page has 50 rows.
MOST_SHOWN = 100


def count(
    rows: QuerySet[Complaint], *, shown: Sequence[int], person: Person, since: datetime
) -> int:
    """Complaints that others changed since: those of the list now, and those that were shown.

    `shown` are ids; a row that has left the list is a change of it, too. At most MOST + 1; two
    queries, each over what changed lately.
    """
    changed = Q(changed_at__gt=since) & (~Q(changed_by=person) | Q(changed_by=None))
    found = set(_some(rows.filter(changed)))
    if len(found) <= MOST and shown:
        found |= set(_some(visible(Complaint, person).filter(changed, pk__in=shown)))
    return min(len(found), MOST + 1)


def _some(rows: QuerySet[Complaint]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
