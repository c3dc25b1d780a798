"""Reading suppliers with their history: of each person only what that person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce, TruncMonth
from django.http import QueryDict

from complaints.accountability import visible_lines, with_names
from complaints.models import Accountability, Supplier
from organisation.models import Person

SEE = "supplier.see"
LONGEST = 80
MOST_MONTHS = 24
# A line of an order stands for each complaint that the order serves.
COMPLAINT = Coalesce("complaint", "work_order__links__complaint")
FIGURES = {
    "lines": Count("pk", distinct=True),
    "complaints": Count(COMPLAINT, distinct=True),
    "orders": Count("work_order", distinct=True),
}


@dataclass(frozen=True)
class Row:
    """A supplier with the number of lines, complaints and orders that name it, and the last."""

    supplier: Supplier
    lines: int = 0
    complaints: int = 0
    orders: int = 0
    last_at: datetime | None = None


def listed(query: QueryDict) -> QuerySet[Supplier]:
    """Those whose name or contact holds the words."""
    words = search_of(query)
    rows = Supplier.objects.all()
    if not words:
        return rows
    return rows.filter(name__icontains=words) | rows.filter(contact__icontains=words)


def search_of(query: QueryDict) -> str:
    return query.get("search", "").replace("\0", "").strip()[:LONGEST]


def with_figures(suppliers: Sequence[Supplier], person: Person) -> list[Row]:
    """In one query for all of them."""
    lines = visible_lines(person).filter(supplier__in=suppliers).order_by()
    counted: Iterable[dict[str, Any]] = lines.values("supplier").annotate(  # type: ignore[assignment]
        **FIGURES, last_at=Max("created_at")
    )
    by_id = {row.pop("supplier"): row for row in counted}
    return [Row(each, **by_id.get(each.pk, {})) for each in suppliers]


def lines_of(supplier: Supplier, person: Person) -> QuerySet[Accountability]:
    """With the complaints of their orders, for a page of them."""
    rows = with_names(visible_lines(person).filter(supplier=supplier))
    return rows.prefetch_related("work_order__links__complaint")


def months_of(supplier: Supplier, person: Person) -> list[dict[str, Any]]:
    """The latest months with any, each `{month, lines, complaints, orders}`."""
    rows = visible_lines(person).filter(supplier=supplier).order_by()
    by_month = rows.annotate(month=TruncMonth("created_at")).values("month")
    return list(by_month.annotate(**FIGURES).order_by("-month")[:MOST_MONTHS])  # type: ignore[arg-type]
