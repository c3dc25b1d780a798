"""Control charts, F-16: is this week unusual, or does it only look so?

A signal stands at the point that completes its pattern, so later points never change it:

- `beyond_limit`: outside the limits (on a limit is inside);
- `two_of_three`: this point and one of the two before lie past two thirds of the way
  from the centre to the same limit;
- `trend`: the seventh of seven points that rise, or fall, without a pause;
- `run`: the seventh of seven points on the same side of the centre (on it is neither).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt
from statistics import mean
from typing import Literal

from csm.kit.statistics.checks import check_rate, check_share

FIRM_BASE = 13
LIMIT = 3
NEAR_LIMIT = 2
XMR_REACH = 2.66
MEAN_RANGE_IN_SIGMAS = 1.128

Signal = Literal["beyond_limit", "two_of_three", "trend", "run"]


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its own limits; `None` where nothing was counted."""

    value: float | None
    low: float | None
    high: float | None
    signals: frozenset[Signal]


@dataclass(frozen=True, slots=True)
class Chart:
    """Centre line and points; `provisional` if the limits rest on fewer than 13 points."""

    centre: float | None
    points: tuple[Point, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """A value, and the standard deviation that chance alone gives it; `None` if unknown."""

    value: float | None
    sigma: float | None


def u_chart(
    pairs: Sequence[tuple[int, float]], base: int | None = None, *, laney: bool = False
) -> Chart:
    """F-16: events per unit of exposure from pairs `(count, exposure)`.

    Limits come from the first `base` points, all if `None`, and are clipped at 0.
    `laney` scales them by the spread from point to point that is really there; it needs
    two points. A point with exposure 0 is a gap: `None`, in no sum, ends a trend or run.
    Raises `ValueError` for a negative count or exposure, or `base` below 1.
    """
    for count, exposure in pairs:
        check_rate(count, exposure)
    return _ratio_chart(pairs, base, lambda rate: rate, ceiling=inf, laney=laney)


def p_chart(
    pairs: Sequence[tuple[int, int]], base: int | None = None, *, laney: bool = False
) -> Chart:
    """F-16: shares from pairs `(hits, n)`, limits clipped to 0…1; else as `u_chart`.

    Raises `ValueError` unless 0 ≤ hits ≤ n, or for `base` below 1.
    """
    for hits, n in pairs:
        check_share(hits, n)
    return _ratio_chart(pairs, base, lambda share: share * (1 - share), ceiling=1.0, laney=laney)


def xmr_chart(values: Sequence[float], base: int | None = None) -> Chart:
    """F-16: single values with limits from their mean moving range, in the values' unit.

    Limits come from the first `base` values, all if `None`; a single one gives a centre
    but no limits. Raises `ValueError` for `base` below 1.
    """
    _check_base(base)
    basis = values[:base]
    if not basis:
        return Chart(None, (), provisional=True)
    # `statistics.mean` is exact: the mean of equal values is that value, so none is beyond.
    centre = mean(basis)
    ranges = [abs(later - earlier) for earlier, later in pairwise(basis)]
    sigma = XMR_REACH * mean(ranges) / LIMIT if ranges else None
    readings = [_Reading(value, sigma) for value in values]
    return _chart(readings, centre, len(basis), floor=-inf, ceiling=inf)


def _check_base(base: int | None) -> None:
    if base is not None and base < 1:
        raise ValueError(f"base must be at least 1, not {base}")


def _ratio_chart(
    pairs: Sequence[tuple[int, float]],
    base: int | None,
    noise: Callable[[float], float],
    *,
    ceiling: float,
    laney: bool = False,
) -> Chart:
    _check_base(base)
    basis = [(count, size) for count, size in pairs[:base] if size > 0]
    if not basis:
        points = tuple(Point(_ratio(*pair), None, None, frozenset()) for pair in pairs)
        return Chart(None, points, provisional=True)
    centre = sum(count for count, _ in basis) / sum(size for _, size in basis)
    readings = [_reading(count, size, noise(centre)) for count, size in pairs]
    if laney:
        readings = _scaled(readings, _laney_factor(readings[:base], centre))
    return _chart(readings, centre, len(basis), floor=0.0, ceiling=ceiling)


def _ratio(count: int, size: float) -> float | None:
    return count / size if size > 0 else None


def _reading(count: int, size: float, noise: float) -> _Reading:
    return _Reading(_ratio(count, size), sqrt(noise / size) if size > 0 else None)


def _laney_factor(basis: Sequence[_Reading], centre: float) -> float | None:
    """Mean step between neighbours in units of what chance gives; `None` without a step."""
    # A sigma of 0 means that all values of the base are alike: no spread at all.
    scores = [
        (reading.value - centre) / reading.sigma if reading.sigma else 0.0
        for reading in basis
        if reading.value is not None
    ]
    steps = [abs(later - earlier) for earlier, later in pairwise(scores)]
    return mean(steps) / MEAN_RANGE_IN_SIGMAS if steps else None


def _scaled(readings: Sequence[_Reading], factor: float | None) -> list[_Reading]:
    return [
        _Reading(
            reading.value,
            None if reading.sigma is None or factor is None else reading.sigma * factor,
        )
        for reading in readings
    ]


def _chart(
    readings: Sequence[_Reading], centre: float, based_on: int, *, floor: float, ceiling: float
) -> Chart:
    signals = _signals(readings, centre)
    points = tuple(
        _point(reading, centre, found, floor, ceiling)
        for reading, found in zip(readings, signals, strict=True)
    )
    return Chart(centre, points, provisional=based_on < FIRM_BASE)


def _point(
    reading: _Reading, centre: float, signals: frozenset[Signal], floor: float, ceiling: float
) -> Point:
    if reading.sigma is None:
        return Point(reading.value, None, None, signals)
    reach = LIMIT * reading.sigma
    return Point(reading.value, max(floor, centre - reach), min(ceiling, centre + reach), signals)


def _signals(readings: Sequence[_Reading], centre: float) -> list[frozenset[Signal]]:
    patterns: list[tuple[Signal, list[int], int, int]] = [
        ("beyond_limit", [_side(reading, centre, LIMIT) for reading in readings], 1, 1),
        ("two_of_three", [_side(reading, centre, NEAR_LIMIT) for reading in readings], 3, 2),
        # Seven points make six steps; the first point has no step.
        ("trend", [0, *(_step(*pair) for pair in pairwise(readings))], 6, 6),
        ("run", [_side(reading, centre, 0) for reading in readings], 7, 7),
    ]
    return [
        frozenset(
            name
            for name, sides, window, needed in patterns
            if _agreeing(sides, index, window) >= needed
        )
        for index in range(len(readings))
    ]


def _side(reading: _Reading, centre: float, reach: float) -> int:
    """1 above `reach` sigmas from the centre, −1 below, 0 between or unknown."""
    if reading.value is None or reading.sigma is None:
        return 0
    reached = reach * reading.sigma
    return (reading.value > centre + reached) - (reading.value < centre - reached)


def _step(earlier: _Reading, later: _Reading) -> int:
    """1 for a rise, −1 for a fall, 0 for neither or unknown."""
    if earlier.value is None or later.value is None:
        return 0
    return (later.value > earlier.value) - (later.value < earlier.value)


def _agreeing(sides: Sequence[int], index: int, window: int) -> int:
    """How many of the last `window` sides up to `index` are the same as that one, if any."""
    if sides[index] == 0:
        return 0
    return sides[max(0, index - window + 1) : index + 1].count(sides[index])
