"""Scores of answered surveys. Skipped and "not applicable" answers are not passed in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isclose, sqrt
from statistics import NormalDist, mean, median
from typing import Literal

from csm.kit.statistics.intervals import Z95, wilson_interval

CES_SCALE = range(1, 8)
CES_CUT = 5

Quadrant = Literal["concentrate", "keep", "overkill", "low"]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Share of content answers (0…1) with its interval, the mean answer, the number answered."""

    share: float | None
    low: float | None
    high: float | None
    mean: float | None
    n: int


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """Net promoter score with the limits of its interval, all in −100…100."""

    score: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class NetPromoterChange:
    """Change of the score in points, its size in standard errors, its two-sided p-value."""

    difference: float | None
    z: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class ServiceGap:
    """Perception minus expectation of each dimension, their mean, their weighted mean."""

    gaps: tuple[float, ...]
    mean: float | None
    weighted: float | None


def response_rate(answered: int, invited: int, undeliverable: int = 0) -> float | None:
    """F-17: share of answers among those whom the invitation could reach.

    `None` if it reached nobody. Raises `ValueError` if a number is negative, or more answered or
    were not reached than were invited.
    """
    reached = invited - undeliverable
    if min(answered, invited, undeliverable, reached - answered) < 0:
        raise ValueError(f"{answered} answers of {invited} invited, {undeliverable} not reached")
    return answered / reached if reached else None


def csat(counts: Mapping[int, int], cut: float) -> Satisfaction:
    """F-01: share of answers of at least `cut`; `counts` maps an answer to its number.

    The interval is Wilson's. All but `n` is `None` if nobody answered.
    Raises `ValueError` if a number is negative.
    """
    if any(number < 0 for number in counts.values()):
        raise ValueError("the number of answers must not be negative")
    n = sum(counts.values())
    if n == 0:
        return Satisfaction(None, None, None, None, 0)
    content = sum(number for answer, number in counts.items() if answer >= cut)
    total = sum(answer * number for answer, number in counts.items())
    low, high = wilson_interval(content, n)
    return Satisfaction(content / n, low, high, total / n, n)


def ces(answers: Iterable[int]) -> Satisfaction:
    """F-03: customer effort score 2.0, the share of answers of 5 and more on 1…7.

    The interval is Wilson's. All but `n` is `None` if nobody answered.
    Raises `ValueError` for an answer outside 1…7.
    """
    counts = Counter(answers)
    if strange := sorted(set(counts) - set(CES_SCALE)):
        raise ValueError(f"answers lie in 1…7, not {strange}")
    return csat(counts, CES_CUT)


def nps(promoters: int, passives: int, detractors: int) -> NetPromoter:
    """F-02: net promoter score with the adjusted-Wald interval, clipped to −100…100.

    Fields are `None` if nobody answered. Raises `ValueError` if a number is negative.
    The interval's centre is drawn towards 0, so with very few answers of one kind the
    interval may lie beside the score.
    """
    n = _answered(promoters, passives, detractors)
    if n == 0:
        return NetPromoter(None, None, None)
    # A plain Wald interval has no width when all answers are alike; three pretended
    # answers, a quarter of them promoters and a quarter detractors, give it one.
    centre, variance = _net(promoters + 0.75, detractors + 0.75, n + 3)
    half = Z95 * sqrt(variance)
    return NetPromoter(
        100 * (promoters - detractors) / n,
        100 * max(-1.0, centre - half),
        100 * min(1.0, centre + half),
    )


def nps_change(before: tuple[int, int, int], after: tuple[int, int, int]) -> NetPromoterChange:
    """F-02: did the score change? Takes two triples (promoters, passives, detractors).

    All fields are `None` if either side is empty; `z` and `p` also if all answers of
    each side are alike, which leaves no spread to measure the change against.
    Raises `ValueError` if a number is negative.
    """
    n_before, n_after = _answered(*before), _answered(*after)
    if n_before == 0 or n_after == 0:
        return NetPromoterChange(None, None, None)
    net_before, variance_before = _net(before[0], before[2], n_before)
    net_after, variance_after = _net(after[0], after[2], n_after)
    difference = net_after - net_before
    error = sqrt(variance_before + variance_after)
    if error == 0:
        return NetPromoterChange(100 * difference, None, None)
    z = difference / error
    return NetPromoterChange(100 * difference, z, 2 * NormalDist().cdf(-abs(z)))


def _answered(promoters: int, passives: int, detractors: int) -> int:
    if min(promoters, passives, detractors) < 0:
        raise ValueError("the number of answers must not be negative")
    return promoters + passives + detractors


def _net(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """Net share and the variance of its estimate."""
    net = (promoters - detractors) / n
    spread = (promoters + detractors) / n - net * net
    return net, max(0.0, spread) / n


def servqual(
    perceptions: Sequence[float],
    expectations: Sequence[float],
    weights: Sequence[float] | None = None,
) -> ServiceGap:
    """F-07: perception minus expectation, dimension by dimension, in points of the scale.

    The three sequences run over the same dimensions. Weights may have any sum.
    `weighted` is `None` without weights, `mean` too if there is no dimension.
    Raises `ValueError` if lengths differ, a weight is negative, or all weights are 0.
    """
    gaps = tuple(p - e for p, e in zip(perceptions, expectations, strict=True))
    if not gaps:
        return ServiceGap((), None, None)
    weighted = None if weights is None else _weighted_mean(gaps, weights)
    return ServiceGap(gaps, mean(gaps), weighted)


def _weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    if min(weights, default=0) < 0 or total <= 0:
        raise ValueError("weights must not be negative, and not all 0")
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total


def importance_performance(
    items: Mapping[str, tuple[float, float]], *, medians: bool = False
) -> dict[str, Quadrant]:
    """F-08: quadrant of each item, given name → (importance, performance).

    The axes cross at the grand means, or at the medians; an item on an axis counts as high.
    """
    if not items:
        return {}
    middle = median if medians else mean
    importance_axis = middle([importance for importance, _ in items.values()])
    performance_axis = middle([performance for _, performance in items.values()])
    return {
        name: _quadrant(
            _is_high(importance, importance_axis), _is_high(performance, performance_axis)
        )
        for name, (importance, performance) in items.items()
    }


def _is_high(value: float, axis: float) -> bool:
    # isclose: the mean of 4.1, 4.2, 4.3 need not be the float 4.2, yet 4.2 is a tie.
    return value > axis or isclose(value, axis, rel_tol=1e-9, abs_tol=1e-12)


def _quadrant(important: bool, performing: bool) -> Quadrant:
    if important:
        return "keep" if performing else "concentrate"
    return "overkill" if performing else "low"
