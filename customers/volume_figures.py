"""What a customer shipped, month by month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from customers.models import Customer, CustomerVolume

# A year, and the same month before it.
SHOWN = 13


@dataclass(frozen=True)
class Month:
    """All branches together; `change` of the revenue against the month before it, as a share.

    A week belongs to the month in which it begins.
    """

    first_on: date
    shipments: int
    revenue: Decimal
    change: float | None

    @property
    def size(self) -> float:
        return float(self.revenue)

    @property
    def said(self) -> str:
        """+12 %, −3 %, or nothing."""
        return "" if self.change is None else f"{self.change:+.0%}".replace("-", "−")


def months(customer: Customer) -> list[Month]:
    """The last months with figures, newest first; of those that were merged into it, too."""
    mine = Q(customer=customer) | Q(customer__merged_into=customer)
    rows = (
        CustomerVolume.objects.filter(mine)
        .order_by()
        .annotate(month=TruncMonth("starts_on"))
        .values("month")
    )
    totals = rows.annotate(shipped=Sum("shipments"), earned=Sum("revenue")).order_by("-month")
    found = list(totals.values_list("month", "shipped", "earned")[: SHOWN + 1])
    before = [earned for _month, _shipped, earned in found[1:]]
    return [
        Month(*row, change=_change(row[2], earlier))
        for row, earlier in zip(found, [*before, None], strict=False)
    ][:SHOWN]


def _change(revenue: Decimal, before: Decimal | None) -> float | None:
    return float(revenue / before) - 1 if before else None
