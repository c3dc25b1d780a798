"""What a ranking is made of: counts, shares, rows (F-04). Plain sums, without a database.

All of it is dicts that JSON can hold, so that a frozen ranking reads as a fresh one. Shares are
0…1, intervals are Wilson's at 95 %, nothing is rounded; `None` where nothing was counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Any, Literal, NamedTuple, TypedDict, cast, get_args

from csm.kit.statistics import wilson_interval

# How rows are ranked now (`reports.composites`), and how they were: by the pooled share alone.
FORMULA = "composite-1"
POOLED = "pooled-1"
# Of fewer cases the page says that they are few.
SMALL_SAMPLE = 30

Conclusion = Literal["above", "below", "none"]
Difference = Literal["higher", "lower", "none"]
# Where a place lies in the funnel (F-15): outside the band of 95 % or of 99.8 %.
Band = Literal["inside", "better_warn", "better_alarm", "worse_warn", "worse_alarm"]
# Why a place has no rank: no part has enough cases, or customers' parts weigh less than half.
Barrier = Literal["", "nothing", "customers", "few"]
BARRIERS = get_args(Barrier)
Counts = dict[str, int]


class Case(NamedTuple):
    """`hits` of `n` cases; of a rate, complaints and the shipments that they are of."""

    hits: int
    n: float


NO_CASE = Case(0, 0)


class RulePart(TypedDict):
    """0 points at `floor`, 100 at `target`, in percent or per 10,000; `weight` in percent.

    With fewer cases than `least` the part is missing.
    """

    floor: float
    target: float
    weight: int
    least: int


class Rule(TypedDict):
    """A version of what the composite is made of; the parts by name."""

    number: int
    parts: dict[str, RulePart]


class Estimate(TypedDict):
    """A figure with its 95 % interval: a share, a rate per 10,000, or a score."""

    raw: float | None
    low: float | None
    high: float | None


class Part(Estimate):
    """One part at a place, in 0…1 or per 10,000 shipments (F-12 … F-15).

    `value` is `raw` drawn towards the company's, with an interval of its own; `rank` goes by
    `expected_rank`. `score` is 0…100, `share` what the part weighs here, in percent of what is
    known; `points` is what it adds. Without enough cases there are none of these.
    """

    hits: int
    n: float
    is_enough: bool
    is_small_sample: bool
    value: float | None
    value_low: float | None
    value_high: float | None
    expected_rank: float | None
    rank: int | None
    is_tied: bool
    previous_rank: int | None
    is_change_shown: bool
    band: Band | None
    conclusion: Conclusion | None
    score: float | None
    weight: int
    share: float
    points: float | None


class Share(TypedDict):
    """`met` of `n`, as a share with its interval."""

    met: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class Figures(TypedDict):
    """What is counted for a place or for the company.

    `timers` (clocks by verdict) and `shares` are by milestone. `complaints_by_verdict` are the
    complaints with such a clock, `late_by_milestone` those of which one is overdue. `all_four`:
    complaints whose four clocks are all met, of those whose four are all decided.
    """

    complaints: int
    valid: int
    complaints_by_verdict: Counts
    late_by_milestone: Counts
    timers: dict[str, Counts]
    shares: dict[str, Share]
    pooled: Share
    all_four: Share


class Place(TypedDict):
    """Whom a row is about, by the names of that time.

    `codes` are the units that it adds up; `is_whole` when these are the unit and all below it.
    """

    code: str
    name: str
    name_en: str
    region: str
    region_en: str
    codes: list[str]
    is_whole: bool


class Composed(TypedDict):
    """A score of 0…100 with its 95 % interval; none behind a `barrier`.

    `is_complete` when no part that weighs is missing; `parts` by name, none in `pooled-1`.
    """

    score: float | None
    low: float | None
    high: float | None
    is_complete: bool
    barrier: Barrier
    parts: dict[str, Part]


class Row(Figures, Composed):
    """One place. Without a rank there is no conclusion."""

    branch: Place
    rank: int | None
    is_tied: bool
    previous_rank: int | None
    is_change_shown: bool
    conclusion: Conclusion | None
    is_small_sample: bool


class Cause(TypedDict):
    """Valid complaints of a category; code and names are empty for those without one.

    `is_whole` when no other category belongs to it.
    """

    code: str
    name: str
    name_en: str
    is_whole: bool
    complaints: int


class Company(Figures, Composed):
    """The whole company: `satisfied` of the customers reached by callbacks, and the causes.

    `rule` is what the parts were weighed by; None in `pooled-1`.
    """

    rule: Rule | None
    satisfied: Share
    unanswered_calls: int
    causes: list[Cause]


@dataclass
class Tally:
    """The counts behind a row, as the database gives them."""

    timers: dict[str, Counts]
    complaints_by_verdict: Counts
    late_by_milestone: Counts
    complaints: int = 0
    valid: int = 0
    four_met: int = 0
    four_decided: int = 0
    # By part, of those that are no clocks.
    cases: dict[str, Case] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        clocks = any(sum(counts.values()) for counts in self.timers.values())
        cases = any(case.n for case in self.cases.values())
        return not (clocks or cases or self.complaints or self.four_decided)


@dataclass(frozen=True)
class Entry:
    """A place with its counts, before it is ranked."""

    place: Place
    tally: Tally


@dataclass
class Total(Tally):
    """The company's counts; what belongs to no single place stands here only."""

    satisfied: int = 0
    reached: int = 0
    unanswered_calls: int = 0
    causes: list[Cause] = field(default_factory=list)


NOT_COMPOSED: Composed = {
    "score": None,
    "low": None,
    "high": None,
    "is_complete": False,
    "barrier": "nothing",
    "parts": {},
}


def share(met: int, n: int) -> Share:
    """`met` of `n` with its interval."""
    low, high = wilson_interval(met, n)
    return {"met": met, "n": n, "share": met / n if n else None, "low": low, "high": high}


def on_time(counts: Mapping[str, int]) -> Share:
    """Met of met and breached; other verdicts are in no denominator."""
    return share(counts["met"], counts["met"] + counts["breached"])


def figures(tally: Tally) -> Figures:
    """The counts with their shares."""
    shares = {milestone: on_time(counts) for milestone, counts in tally.timers.items()}
    return {
        "complaints": tally.complaints,
        "valid": tally.valid,
        "complaints_by_verdict": tally.complaints_by_verdict,
        "late_by_milestone": tally.late_by_milestone,
        "timers": tally.timers,
        "shares": shares,
        "pooled": pooled(shares.values()),
        "all_four": share(tally.four_met, tally.four_decided),
    }


def company_figures(
    total: Total, composed: Composed = NOT_COMPOSED, rule: Rule | None = None
) -> Company:
    """The company's counts with their shares."""
    return {
        **figures(total),
        **composed,
        "rule": rule,
        "satisfied": share(total.satisfied, total.reached),
        "unanswered_calls": total.unanswered_calls,
        "causes": total.causes,
    }


def pooled(shares: Iterable[Share]) -> Share:
    """All clocks of several shares in one."""
    parts = list(shares)
    return share(sum(part["met"] for part in parts), sum(part["n"] for part in parts))


def conclude(mine: Estimate, company: float | None) -> Conclusion:
    """Above or below the company's figure when the interval excludes it, else no difference."""
    low, high = mine["low"], mine["high"]
    if low is None or high is None or company is None or low <= company <= high:
        return "none"
    return "above" if low > company else "below"


def estimate(found: Share) -> Estimate:
    """A share by the names of an estimate."""
    return {"raw": found["share"], "low": found["low"], "high": found["high"]}


def differs(now: Share, before: Share) -> Difference:
    """Whether two shares differ by more than chance, at 95 %."""
    return changed(estimate(now), estimate(before))


def changed(now: Estimate, before: Estimate) -> Difference:
    """Whether two figures differ by more than chance, at 95 %.

    Newcombe's interval of a difference, made of their two intervals, leaves out 0.
    """
    change = difference(now, before)
    if change is None or change[0] <= 0 <= change[1]:
        return "none"
    return "higher" if change[0] > 0 else "lower"


def difference(now: Estimate, before: Estimate) -> tuple[float, float] | None:
    """The interval of the difference of two figures; `None` if one of them counts nothing."""
    one, low_one, high_one = now["raw"], now["low"], now["high"]
    two, low_two, high_two = before["raw"], before["low"], before["high"]
    if one is None or low_one is None or high_one is None:
        return None
    if two is None or low_two is None or high_two is None:
        return None
    down = sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    up = sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return one - two - down, one - two + up


def row_as_kept(row: dict[str, Any]) -> Row:
    """A row of a frozen ranking; what `pooled-1` did not have is filled in."""
    return cast(Row, _composed(row) | row)


def company_as_kept(company: dict[str, Any]) -> Company:
    """The company of a frozen ranking, likewise."""
    return cast(Company, {"rule": None} | _composed(company) | company)


def _composed(kept: dict[str, Any]) -> dict[str, Any]:
    """Of `pooled-1` the score was 100 × the pooled share; fewer than ten clocks had no rank."""
    found = kept.get("pooled", share(0, 0))
    score, low, high = (
        None if found[name] is None else 100 * found[name] for name in ("share", "low", "high")
    )
    barrier = "few" if score is not None and kept.get("rank", 1) is None else ""
    return {
        **NOT_COMPOSED,
        "score": score,
        "low": low,
        "high": high,
        "is_complete": True,
        "barrier": barrier if score is not None else "nothing",
    }
