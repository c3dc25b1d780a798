"""The award fund as pages and the API read it (O-17)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from staff.models import FundEntry, FundSource

SEE = "fund.see"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class State:
    """One quarter in yuan; `by_kind`: what was spent, in the order of `FundSource`."""

    period: str
    budget: Decimal
    by_kind: dict[FundSource, Decimal]

    @property
    def spent(self) -> list[tuple[str, Decimal]]:
        """The same in the language of the page."""
        return [(str(kind.label), amount) for kind, amount in self.by_kind.items()]

    @property
    def total(self) -> Decimal:
        return sum(self.by_kind.values(), NOTHING)

    @property
    def remaining(self) -> Decimal:
        return self.budget - self.total


def state(period: str) -> State:
    """A quarter without a budget has nothing."""
    rows = FundEntry.objects.filter(quarter=period).order_by().values_list("source_kind")
    sums = dict(rows.annotate(total=Sum("amount")))
    kinds: list[FundSource] = [kind for kind in FundSource if kind != FundSource.BUDGET]
    by_kind = {kind: -sums.get(kind.value, NOTHING) for kind in kinds}
    return State(period, sums.get(FundSource.BUDGET.value, NOTHING), by_kind)
