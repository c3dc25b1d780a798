"""Ranking of branches by the promises kept, `pooled-1` (F-04). Plain sums, without a database.

A row's score is 100 × the pooled on-time share, met / (met + breached) over the four milestones.
All of it is dicts that JSON can hold, so that a frozen ranking reads as a fresh one. Shares are
0…1, intervals are Wilson's at 95 %, nothing is rounded; `None` where nothing was counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Literal, TypedDict

from csm.kit.statistics import wilson_interval

FORMULA = "pooled-1"
# Fewer decided clocks are no ground for a rank; below the second number the page says so.
LEAST_DECIDED = 10
SMALL_SAMPLE = 30

Conclusion = Literal["above", "below", "none"]
Difference = Literal["higher", "lower", "none"]
Counts = dict[str, int]


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


class Row(Figures):
    """One place. Without a rank there is no conclusion: fewer than ten clocks are decided."""

    branch: Place
    rank: int | None
    is_tied: bool
    previous_rank: int | None
    is_change_shown: bool
    score: float | None
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


class Company(Figures):
    """The whole company: `satisfied` of the customers reached by callbacks, and the causes."""

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

    @property
    def is_empty(self) -> bool:
        clocks = any(sum(counts.values()) for counts in self.timers.values())
        return not (clocks or self.complaints or self.four_decided)


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


def company_figures(total: Total) -> Company:
    """The company's counts with their shares."""
    return {
        **figures(total),
        "satisfied": share(total.satisfied, total.reached),
        "unanswered_calls": total.unanswered_calls,
        "causes": total.causes,
    }


def pooled(shares: Iterable[Share]) -> Share:
    """All clocks of several shares in one."""
    parts = list(shares)
    return share(sum(part["met"] for part in parts), sum(part["n"] for part in parts))


def ranked(entries: Iterable[Entry], *, before: Sequence[Row] = ()) -> list[Row]:
    """The rows in order: by rank, those of one rank by code, those without a rank last.

    Equal shares share a rank and the next ones are passed over (1, 1, 3). `before` is the ranking
    of the previous period.
    """
    found = [(entry.place, figures(entry.tally)) for entry in entries]
    company = pooled(counted["pooled"] for _place, counted in found)
    scores = [counted["pooled"]["share"] for _place, counted in found if _is_ranked(counted)]
    known = {row["branch"]["code"]: row for row in before}
    rows = [
        _row(place, counted, scores, company["share"], known.get(place["code"]))
        for place, counted in found
    ]
    return sorted(rows, key=_order)


def _row(
    place: Place,
    counted: Figures,
    scores: Sequence[float | None],
    company: float | None,
    before: Row | None,
) -> Row:
    mine = counted["pooled"]
    is_ranked = _is_ranked(counted)
    return {
        **counted,
        "branch": place,
        "rank": 1 + sum(_better(other, mine["share"]) for other in scores) if is_ranked else None,
        "is_tied": is_ranked and scores.count(mine["share"]) > 1,
        "previous_rank": before["rank"] if before else None,
        "is_change_shown": before is not None and differs(mine, before["pooled"]) != "none",
        "score": None if mine["share"] is None else 100 * mine["share"],
        "conclusion": conclude(mine, company) if is_ranked else None,
        "is_small_sample": mine["n"] < SMALL_SAMPLE,
    }


def _is_ranked(counted: Figures) -> bool:
    return counted["pooled"]["n"] >= LEAST_DECIDED


def _better(other: float | None, mine: float | None) -> bool:
    return other is not None and mine is not None and other > mine


def _order(row: Row) -> tuple[bool, int, str]:
    return row["rank"] is None, row["rank"] or 0, row["branch"]["code"]


def conclude(mine: Share, company: float | None) -> Conclusion:
    """Above or below the company's share when the interval excludes it, else no difference."""
    low, high = mine["low"], mine["high"]
    if low is None or high is None or company is None or low <= company <= high:
        return "none"
    return "above" if low > company else "below"


def differs(now: Share, before: Share) -> Difference:
    """Whether two shares differ by more than chance, at 95 %.

    Newcombe's interval of a difference, made of the two Wilson intervals, leaves out 0.
    """
    change = difference(now, before)
    if change is None or change[0] <= 0 <= change[1]:
        return "none"
    return "higher" if change[0] > 0 else "lower"


def difference(now: Share, before: Share) -> tuple[float, float] | None:
    """The interval of the difference of two shares; `None` if one of them counts nothing."""
    one, low_one, high_one = now["share"], now["low"], now["high"]
    two, low_two, high_two = before["share"], before["low"], before["high"]
    if one is None or low_one is None or high_one is None:
        return None
    if two is None or low_two is None or high_two is None:
        return None
    down = sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    up = sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return one - two - down, one - two + up
