"""What customers were given, by branch and month (C-19, C-20): queries only.

A recovery counts in the month in which it was given or approved, for the branch that was
responsible then. Cancelled ones count no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from complaints.models import GRANTED, Recovery, RecoveryKind, RecoveryStatus
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Branch, Person

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A branch, or all (`branch` None). `by_kind`: amounts, in the order of `RecoveryKind`."""

    branch: Branch | None
    recoveries: int
    complaints: int
    amount: Decimal
    by_kind: Mapping[str, Decimal]

    @property
    def kinds(self) -> list[Decimal]:
        return [self.by_kind[kind] for kind in RecoveryKind.values]

    @property
    def named_kinds(self) -> list[tuple[str, Decimal]]:
        """Each kind with its amount."""
        return list(zip(RecoveryKind.values, self.kinds, strict=True))


def granted(person: Person, period: Period) -> QuerySet[Recovery]:
    """What was given in the month, as far as the person sees the branch."""
    rows = visible(Recovery, person).filter(status__in=GRANTED)
    return rows.filter(granted_at__gte=period.start, granted_at__lt=period.end)


def behind(
    person: Person, period: Period, *, branch: Branch | None = None, kind: str = ""
) -> QuerySet[Recovery]:
    """Exactly what a figure of the month counts, with what a row shows."""
    rows = granted(person, period)
    if branch is not None:
        rows = rows.filter(branch=branch)
    if kind:
        rows = rows.filter(offer__kind=kind)
    return rows.select_related("complaint", "offer__category", "by", "branch")


def waiting(person: Person) -> QuerySet[Recovery]:
    """What waits for a decision, the oldest first."""
    rows = visible(Recovery, person).filter(status=RecoveryStatus.ASKED)
    return rows.select_related("complaint", "offer", "by", "branch").order_by("at", "pk")


def lines(person: Person, period: Period) -> list[Line]:
    """One per branch that gave anything, the most first: two queries."""
    of_kind = {
        f"of_{kind}": Sum("amount", filter=Q(offer__kind=kind), default=NOTHING)
        for kind in RecoveryKind.values
    }
    found: list[Any] = list(
        granted(person, period)
        .order_by()
        .values("branch")
        .annotate(
            recoveries=Count("pk"),
            complaints=Count("complaint", distinct=True),
            total=Sum("amount"),
            **of_kind,
        )
    )
    branches = Branch.objects.in_bulk([row["branch"] for row in found])
    made = [
        Line(
            branches[row["branch"]],
            row["recoveries"],
            row["complaints"],
            row["total"],
            {kind: row[f"of_{kind}"] for kind in RecoveryKind.values},
        )
        for row in found
    ]
    return sorted(made, key=lambda line: (-line.amount, str(line.branch)))


def total(found: list[Line]) -> Line:
    return Line(
        None,
        sum(line.recoveries for line in found),
        sum(line.complaints for line in found),
        sum((line.amount for line in found), NOTHING),
        {
            kind: sum((line.by_kind[kind] for line in found), NOTHING)
            for kind in RecoveryKind.values
        },
    )
