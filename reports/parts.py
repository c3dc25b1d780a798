"""One part of the composite made fair to small branches (F-13, F-14, F-15). Plain sums."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import sqrt

from csm.kit.statistics import (
    Shrunk,
    funnel_limits,
    rate_interval,
    shrink_proportions,
    shrink_rates,
    wilson_interval,
)
from reports.measures import MEASURES, PER, Measure
from reports.rankings import SMALL_SAMPLE, Band, Case, Conclusion, Estimate, Part, RulePart

Z95, Z998 = 1.959964, 3.090232
# Expected ranks are sums of many probabilities: what differs less is the same.
DIGITS = 9


def fair(name: str, cases: Sequence[Case], rule: RulePart) -> list[Part]:
    """The part at each place. All with cases feed the common mean, also those with too few."""
    measure = MEASURES[name]
    company = pooled(cases)
    shrunk = _shrunk(measure, cases)
    is_alike = not any(found.variance for found in shrunk)
    parts = [
        _part(measure, case, found, company, rule, is_alike=is_alike)
        for case, found in zip(cases, shrunk, strict=True)
    ]
    ranks = sorted(_expected(part) for part in parts if part["is_enough"])
    for part in parts:
        if part["is_enough"]:
            part["rank"], part["is_tied"] = place_among(ranks, _expected(part))
    return parts


def place_among(found: Sequence[float], mine: float) -> tuple[int, bool]:
    """The place of a figure among all in rising order, and whether another has it, too."""
    first, after = bisect_left(found, mine), bisect_right(found, mine)
    return 1 + first, after - first > 1


def whole(name: str, cases: Sequence[Case], rule: RulePart) -> Part:
    """The part of the company: all cases in one."""
    measure, case = MEASURES[name], pooled(cases)
    alone = _shrunk(measure, [case])[0]
    part = _part(measure, case, alone, case, rule, is_alike=True)
    return part | {"expected_rank": None, "band": None, "conclusion": None}


def pooled(cases: Sequence[Case]) -> Case:
    return Case(sum(case.hits for case in cases), sum(case.n for case in cases))


def are_alike(parts: Sequence[Part]) -> bool:
    """Whether places differ no more than chance explains: then all are drawn to one value."""
    return len({part["value"] for part in parts if part["n"]}) <= 1


def interval(measure: Measure, case: Case) -> Estimate:
    """The plain figure: Wilson's interval of a share, Byar's of a rate."""
    if measure.is_rate:
        rate = rate_interval(case.hits, case.n, per=PER)
        return {"raw": rate.rate, "low": rate.low, "high": rate.high}
    low, high = wilson_interval(case.hits, int(case.n))
    return {"raw": case.hits / case.n if case.n else None, "low": low, "high": high}


def band_of(measure: Measure, case: Case, company: Case) -> Band | None:
    """Of a rate observed over expected in its funnel; of a share the test behind Wilson's."""
    mean = company.hits / company.n if company.n else 0
    if not case.n:
        return None
    if measure.is_rate:
        return _band_of_rate(case.hits, case.n * mean)
    noise = sqrt(mean * (1 - mean) / case.n)
    away = case.hits / case.n - mean
    if abs(away) <= Z95 * noise:
        return "inside"
    if abs(away) <= Z998 * noise:
        return "better_warn" if away > 0 else "worse_warn"
    return "better_alarm" if away > 0 else "worse_alarm"


def _band_of_rate(observed: int, expected: float) -> Band:
    low, high = funnel_limits(expected, Z95)
    lowest, highest = funnel_limits(expected, Z998)
    if low is None or high is None or lowest is None or highest is None:
        return "inside"
    ratio = observed / expected
    if low <= ratio <= high:
        return "inside"
    if ratio < low:
        return "better_alarm" if ratio < lowest else "better_warn"
    return "worse_alarm" if ratio > highest else "worse_warn"


def _shrunk(measure: Measure, cases: Sequence[Case]) -> list[Shrunk]:
    if measure.is_rate:
        return shrink_rates([(case.hits, case.n) for case in cases])
    return shrink_proportions([(case.hits, int(case.n)) for case in cases])


def _part(
    measure: Measure,
    case: Case,
    shrunk: Shrunk,
    company: Case,
    rule: RulePart,
    *,
    is_alike: bool,
) -> Part:
    per = PER if measure.is_rate else 1
    band = band_of(measure, case, company)
    is_enough = case.n >= rule["least"]
    return {
        **interval(measure, case),
        "hits": case.hits,
        "n": case.n,
        "is_enough": is_enough,
        "is_small_sample": not measure.is_rate and 0 < case.n < SMALL_SAMPLE,
        "value": _times(shrunk.value, per),
        "value_low": _times(shrunk.low, per),
        "value_high": _times(shrunk.high, per),
        "expected_rank": shrunk.expected_rank,
        "rank": None,
        "is_tied": False,
        "previous_rank": None,
        "is_change_shown": False,
        "band": band,
        "conclusion": _conclusion(band, is_alike=is_alike) if is_enough else None,
        "score": None,
        "weight": rule["weight"],
        "share": 0.0,
        "points": None,
    }


def _conclusion(band: Band | None, *, is_alike: bool) -> Conclusion:
    if band is None or band == "inside" or is_alike:
        return "none"
    return "above" if band.startswith("better") else "below"


def _times(value: float | None, per: int) -> float | None:
    return None if value is None else value * per


def _expected(part: Part) -> float:
    return round(part["expected_rank"] or 0, DIGITS)
