"""What is charted: a figure of a branch, a category or the company, week by week (F-16).

Read from the summaries. Only weeks that have ended, the newest last.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncWeek

from csm.kit.periods import Period
from reports import standings
from reports.models import BranchDay, ClockDay, IntakeDay, ShipmentDay

# Half a year is shown. Shipments are counted in ten thousands (F-05).
WEEKS, PER = 26, 10_000
Measure = Literal["rate", "count", "on_time", "callback"]
About = Literal["company", "branch", "category"]
# A week's count of what happened, and of what it could happen to.
Pair = tuple[int, float]


@dataclass(frozen=True)
class Series:
    """`pairs` by week of `weeks`; of a category of one branch, `branch` says of which.

    rate: valid complaints and shipments · count: valid complaints, size 1 · on_time: clocks kept
    and decided · callback: customers satisfied and judging. A size of 0 is a gap.
    """

    about: About
    measure: Measure
    weeks: Sequence[Period]
    pairs: Sequence[Pair]
    branch: int | None = None
    category: int | None = None


def ended_weeks(now: datetime) -> list[Period]:
    """The last 26 weeks that have ended."""
    found = [standings.current(now, "week").previous]
    while len(found) < WEEKS:
        found.append(found[-1].previous)
    return found[::-1]


def every(weeks: Sequence[Period]) -> list[Series]:
    """The company, each branch, each category: four statements for any number of them."""
    counts, shipped = _complaints(weeks), _shipments(weeks)
    on_time = _by_branch(ClockDay, weeks, "met", F("met") + F("breached"))
    callback = _by_branch(BranchDay, weeks, "calls_satisfied", F("calls"))
    found = _volume("company", weeks, _total(counts), _total(shipped))
    found += _shares("company", weeks, _total(on_time), _total(callback))
    for pk in sorted({*counts, *shipped, *on_time, *callback}):
        empty: list[Pair] = [(0, 0)] * len(weeks)
        found += _volume("branch", weeks, counts.get(pk, empty), shipped.get(pk, empty), branch=pk)
        found += _shares(
            "branch", weeks, on_time.get(pk, empty), callback.get(pk, empty), branch=pk
        )
    return found + _categories(weeks, _total(shipped))


def of_branch(weeks: Sequence[Period], pk: int) -> list[Series]:
    """What is charted of one branch, its categories with it."""
    mine = [each for each in every(weeks) if each.about == "branch" and each.branch == pk]
    shipped = _shipments(weeks).get(pk, [(0, 0)] * len(weeks))
    return mine + _categories(weeks, shipped, branch=pk)


def _volume(
    about: About,
    weeks: Sequence[Period],
    counts: Sequence[Pair],
    shipped: Sequence[Pair],
    **of: Any,
) -> list[Series]:
    """A rate where it is known what was shipped, else the plain count."""
    if any(size for _number, size in shipped):
        pairs = [
            (number, float(size) / PER)
            for (number, _one), (_none, size) in zip(counts, shipped, strict=True)
        ]
        return [Series(about, "rate", weeks, pairs, **of)]
    return [Series(about, "count", weeks, [(number, 1) for number, _one in counts], **of)]


def _shares(
    about: About,
    weeks: Sequence[Period],
    on_time: Sequence[Pair],
    callback: Sequence[Pair],
    **of: Any,
) -> list[Series]:
    return [
        Series(about, "on_time", weeks, on_time, **of),
        Series(about, "callback", weeks, callback, **of),
    ]


def _categories(
    weeks: Sequence[Period], shipped: Sequence[Pair], *, branch: int | None = None
) -> list[Series]:
    rows = _within(IntakeDay, weeks).exclude(category=None)
    if branch is not None:
        rows = rows.filter(branch=branch)
    counts = _weekly(rows, "category_id", "valid", None, weeks)
    return [
        series
        for pk in sorted(counts)
        for series in _volume("category", weeks, counts[pk], shipped, category=pk, branch=branch)
    ]


def _complaints(weeks: Sequence[Period]) -> dict[int, list[Pair]]:
    return _weekly(_within(BranchDay, weeks), "branch_id", "valid", None, weeks)


def _shipments(weeks: Sequence[Period]) -> dict[int, list[Pair]]:
    return _weekly(_within(ShipmentDay, weeks), "branch_id", None, F("shipments"), weeks)


def _by_branch(model: Any, weeks: Sequence[Period], hits: str, size: Any) -> dict[int, list[Pair]]:
    return _weekly(_within(model, weeks), "branch_id", hits, size, weeks)


def _within(model: Any, weeks: Sequence[Period]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(
        day__gte=weeks[0].first_on, day__lte=weeks[-1].last_on
    )
    return rows


def _weekly(
    rows: QuerySet[Any], key: str, hits: str | None, size: Any, weeks: Sequence[Period]
) -> dict[int, list[Pair]]:
    """By key, the pair of each week; without `hits` or `size`, 0 of that."""
    place = {week.first_on: number for number, week in enumerate(weeks)}
    sums = {"hits": Sum(hits)} if hits else {}
    sums |= {"size": Sum(size)} if size is not None else {}
    found: dict[int, list[Pair]] = defaultdict(lambda: [(0, 0)] * len(weeks))
    for row in rows.annotate(week=TruncWeek("day")).values("week", key).annotate(**sums).order_by():
        pair = row.get("hits", 0), row.get("size", 0)
        found[row[key]][place[row["week"]]] = pair
    return dict(found)


def _total(found: Mapping[int, Iterable[Pair]]) -> list[Pair]:
    columns = zip(*found.values(), strict=True)
    total = [(sum(a for a, _ in column), sum(b for _, b in column)) for column in columns]
    return total or [(0, 0)] * WEEKS
