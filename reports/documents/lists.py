"""What the lists of a report hold: who answers for what, QC topics, courses asked for (C-14).

How many there are in the company is everybody's to know; which ones, what each may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from complaints import accountability
from complaints.models import Accountability, Improvement, ImprovementKind, OrderStatus
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Person

TOPICS = (ImprovementKind.QC_TOPIC, ImprovementKind.STEP)
COURSES = (ImprovementKind.COURSE,)


@dataclass(frozen=True)
class Sums:
    """How many there are in the company: lines of accountability by who answers, and requests by
    kind and state.
    """

    parties: Mapping[str, int]
    requests: Mapping[tuple[str, str], int]

    def of(self, *kinds: str) -> dict[str, int]:
        """Requests of these kinds by state."""
        found: dict[str, int] = {}
        for (kind, status), number in self.requests.items():
            if kind in kinds:
                found[status] = found.get(status, 0) + number
        return found


def sums(period: Period) -> Sums:
    """Two queries."""
    parties = _written(Accountability.objects.all(), period).order_by().values_list("party")
    requests = _requested(Improvement.objects.all(), period).order_by()
    counted = requests.values_list("kind", "status").annotate(number=Count("pk"))
    return Sums(
        dict(parties.annotate(number=Count("pk"))),
        {(kind, status): number for kind, status, number in counted},
    )


def lines(period: Period, person: Person) -> QuerySet[Accountability]:
    """The lines of accountability that the person sees, the oldest first."""
    rows = _written(accountability.visible_lines(person), period)
    return accountability.with_names(rows).order_by("created_at", "pk")


def requests(period: Period, person: Person, *kinds: str) -> QuerySet[Improvement]:
    """The requests that the person sees, the oldest first."""
    rows = _requested(visible(Improvement, person), period).filter(kind__in=kinds)
    return rows.select_related("branch", "owner", "order").order_by("requested_at", "pk")


def _written(rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
    """Lines of this period; those of an annulled order do not count."""
    found = rows.filter(**_within("created_at", period.start, period.end))
    return found.exclude(work_order__status=OrderStatus.ANNULLED)


def _requested(rows: QuerySet[Any], period: Period) -> QuerySet[Any]:
    return rows.filter(**_within("requested_at", period.start, period.end))


def _within(name: str, start: datetime, end: datetime) -> dict[str, datetime]:
    return {f"{name}__gte": start, f"{name}__lt": end}
