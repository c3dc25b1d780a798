"""Delay cost by branch and month (C-17, F-06, R-06): queries only.

A complaint counts in the month of its receipt, for the branch responsible for it (the headquarters
until it is judged). Each person has the figures of what they see, so a sum is always that of the
complaints behind it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from complaints import delay_cost
from complaints.delay_cost import UNITS
from complaints.models import Complaint
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Branch, Person


class Counts(NamedTuple):
    """How many complaints of 1, 10 and 100 units."""

    first: int
    second: int
    third: int


@dataclass(frozen=True)
class Line:
    """A branch, or all (`branch` None); `open` are without a result."""

    branch: Branch | None
    complaints: int
    open: int
    by_units: Counts

    @property
    def units(self) -> int:
        return sum(n * each for n, each in zip(self.by_units, UNITS, strict=True))

    @property
    def avoidable(self) -> int:
        """What results on the first day would have saved."""
        return self.units - self.complaints


def complaints(person: Person, period: Period, *, now: datetime) -> QuerySet[Any]:
    """Those of the month that count and that the person sees, with `elapsed` and `units`."""
    rows = visible(Complaint, person, through="branch")
    received = rows.filter(received_at__gte=period.start, received_at__lt=period.end)
    return delay_cost.counted(received, now=now)


def lines(person: Person, period: Period, *, now: datetime) -> list[Line]:
    """One per branch with a complaint, the dearest first: two queries."""
    found = list(
        complaints(person, period, now=now)
        .order_by()
        .values("branch")
        .annotate(
            complaints=Count("pk"),
            open=Count("pk", filter=Q(answered_at=None)),
            **{f"of_{units}": Count("pk", filter=Q(units=units)) for units in UNITS},
        )
    )
    branches = Branch.objects.in_bulk([row["branch"] for row in found])
    made = [
        Line(
            branches[row["branch"]],
            row["complaints"],
            row["open"],
            Counts(row["of_1"], row["of_10"], row["of_100"]),
        )
        for row in found
    ]
    return sorted(made, key=lambda line: (-line.avoidable, str(line.branch)))


def total(found: list[Line]) -> Line:
    first, second, third = (sum(line.by_units[place] for line in found) for place in range(3))
    return Line(
        None,
        sum(line.complaints for line in found),
        sum(line.open for line in found),
        Counts(first, second, third),
    )


def sum_of(rows: QuerySet[Any]) -> tuple[int, int]:
    """Number and units of complaints that count."""
    found = rows.order_by().aggregate(complaints=Count("pk"), total=Sum("units"))
    return found["complaints"], found["total"] or 0
