"""What a customer is worth, and which kind of customer it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

SCORES = (5, 4, 3, 2)
LOWEST = 1
# F-09: days since the last order; orders, and revenue in yuan, of the last 90 days.
RECENCY_CUTS = (7.0, 14.0, 30.0, 60.0)
FREQUENCY_CUTS = (60.0, 30.0, 12.0, 4.0)
MONEY_CUTS = (500_000.0, 150_000.0, 50_000.0, 10_000.0)
# Percent of recency, frequency, money.
WEIGHTS = (20, 30, 50)
TIER_CUTS = (4.5, 3.5, 2.5)
TIERS = ("diamond", "gold", "silver", "basic")
LifetimeForm = Literal["margin_later", "margin_now"]
Quadrant = Literal["loyal", "praiser", "silent", "complainer"]
SATISFIED_FROM = 60.0


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores from 1 (least) to 5 for recency, frequency and money."""

    recency: int
    frequency: int
    money: int


def rfm(
    days: float | None,
    orders: float,
    revenue: float,
    *,
    recency: Sequence[float] = RECENCY_CUTS,
    frequency: Sequence[float] = FREQUENCY_CUTS,
    money: Sequence[float] = MONEY_CUTS,
) -> Rfm:
    """F-09: scores by absolute cuts. `days` since the last order, `None`: never ordered.

    `orders` and `revenue` (yuan) are those of 90 days. A value on a cut has the better score.
    Raises `ValueError` for negative figures, or for cuts that are not four in strict order.
    """
    if (days is not None and not days >= 0) or not (orders >= 0 and revenue >= 0):
        raise ValueError(f"figures must not be negative: {days}, {orders}, {revenue}")
    for cuts, sign in ((recency, 1), (frequency, -1), (money, -1)):
        if len(cuts) != len(SCORES) or not all(sign * a < sign * b for a, b in pairwise(cuts)):
            raise ValueError(f"four cuts in strict order are needed, not {tuple(cuts)}")
    return Rfm(
        recency=LOWEST if days is None else _score(-days, [-cut for cut in recency]),
        frequency=_score(orders, frequency),
        money=_score(revenue, money),
    )


def value_index(scores: Rfm, weights: Sequence[int] = WEIGHTS) -> float:
    """F-09: weighted mean of the scores, 1…5. `weights` in percent; raises unless they make 100."""
    if len(weights) != 3 or min(weights) < 0 or sum(weights) != 100:
        raise ValueError(f"three weights that make 100 are needed, not {tuple(weights)}")
    parts = (scores.recency, scores.frequency, scores.money)
    return sum(weight * part for weight, part in zip(weights, parts, strict=True)) / 100


def tier(index: float, cuts: Sequence[float] = TIER_CUTS) -> str:
    """F-09: the tier of an index, diamond … basic; a value on a cut has the better tier."""
    if len(cuts) != 3 or not all(high > low for high, low in pairwise(cuts)):
        raise ValueError(f"three falling cuts are needed, not {tuple(cuts)}")
    return next((name for name, cut in zip(TIERS, cuts, strict=False) if index >= cut), TIERS[-1])


def lifetime_value(
    margin: float, retention: float, discount: float, form: LifetimeForm = "margin_later"
) -> float:
    """F-09: what a customer is worth in all years to come, in the unit of `margin` (yuan a year).

    `retention` and `discount` are shares a year. "margin_later": m·r/(1+d−r), the first margin
    comes after a year; "margin_now": m(1+d)/(1+d−r), it comes at once. Raises `ValueError` for
    a retention outside 0…1, a negative discount, or a sum without end (r = 1, d = 0).
    """
    left = 1 + discount - retention
    if not (0 <= retention <= 1 and discount >= 0 and left > 0):
        raise ValueError(f"no finite value for retention {retention}, discount {discount}")
    return margin * (retention if form == "margin_later" else 1 + discount) / left


def quadrant(index: float | None, *, is_expressive: bool) -> Quadrant | None:
    """F-11: the personality quadrant by the last satisfaction index, 0…100.

    Satisfied from 60 on; expressive: complained, praised, commented or referred somebody within
    180 days. Without an index nothing is known: `None`.
    """
    if index is None:
        return None
    if index >= SATISFIED_FROM:
        return "praiser" if is_expressive else "loyal"
    return "complainer" if is_expressive else "silent"


def _score(value: float, cuts: Sequence[float]) -> int:
    return next((s for s, cut in zip(SCORES, cuts, strict=True) if value >= cut), LOWEST)
