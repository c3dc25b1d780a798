"""What changed beyond chance: the charts of all series, and those with a signal of late (F-16)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from csm.kit.periods import Period
from csm.kit.statistics.charts import FIRM_BASE, Chart, Point, p_chart, u_chart, xmr_chart
from reports.series import Pair, Series

# The newest weeks are watched, against those before them as far as these make firm limits.
WATCHED = 8
# A series with less than one complaint, or five customers or clocks, a week says nothing.
LEAST = {"rate": 1, "count": 1, "on_time": 5, "callback": 5}
# Of the points of a figure that does not change, so many carry a signal: 1.56 % end a run of seven
# (2 / 2⁷), 0.27 % lie beyond a limit, 0.2 % are the second of three near one, 0.04 % end a trend.
BY_CHANCE = 0.02
# The strongest first, where several stand at one point.
STRENGTH = ("beyond_limit", "run", "trend", "two_of_three")


@dataclass(frozen=True)
class Week:
    """A point of a chart with its week and what it was counted from."""

    period: Period
    pair: Pair
    point: Point

    @property
    def signals(self) -> list[str]:
        return [name for name in STRENGTH if name in self.point.signals]


@dataclass(frozen=True)
class Charted:
    """A series with its chart, from the first week in which anything was counted."""

    series: Series
    chart: Chart
    weeks: Sequence[Week]

    @cached_property
    def signals(self) -> list[Week]:
        """The watched weeks with a signal, newest first."""
        return [week for week in self.weeks[::-1][:WATCHED] if week.point.signals]

    def is_higher(self, week: Week) -> bool:
        """Which way the signal points."""
        return (week.point.value or 0) > (self.chart.centre or 0)

    def is_worse(self, week: Week) -> bool:
        """Fewer complaints are good, and more promises kept."""
        return self.is_higher(week) == (self.series.measure in ("rate", "count"))


def charted(series: Series) -> Charted | None:
    """The chart of a series; None where there is too little to judge."""
    pairs = list(series.pairs)
    first = next((place for place, pair in enumerate(pairs) if _is_counted(series, pair)), None)
    if first is None:
        return None
    weeks, pairs = series.weeks[first:], pairs[first:]
    basis = pairs[: _base(len(pairs))]
    if sum(_number(series, pair) for pair in basis) < LEAST[series.measure] * len(basis):
        return None
    chart = _chart(series, pairs)
    found = [Week(*each) for each in zip(weeks, pairs, chart.points, strict=True)]
    return Charted(series, chart, found)


def changed(every: Iterable[Charted]) -> list[Charted]:
    """Those with a signal: the newest first, of one week the strongest and the worse."""
    found = [each for each in every if each.signals]
    return sorted(found, key=_order)


def expected_by_chance(every: Sequence[Charted]) -> int:
    """How many signals there would be if nothing had changed."""
    return round(BY_CHANCE * sum(len(each.weeks[-WATCHED:]) for each in every))


def _order(each: Charted) -> tuple[int, int, bool]:
    newest = each.signals[0]
    return (
        -newest.period.first_on.toordinal(),
        STRENGTH.index(newest.signals[0]),
        not each.is_worse(newest),
    )


def _is_counted(series: Series, pair: Pair) -> bool:
    return bool(pair[0]) if series.measure == "count" else pair[1] > 0


def _number(series: Series, pair: Pair) -> float:
    """What must be large enough: complaints, else what a share is of."""
    return pair[0] if series.measure in ("rate", "count") else pair[1]


def _base(length: int) -> int | None:
    """Without the watched weeks, but never on fewer than firm limits need; on all if need be."""
    return max(length - WATCHED, FIRM_BASE) if length > FIRM_BASE else None


def _chart(series: Series, pairs: Sequence[Pair]) -> Chart:
    """XmR of single counts; of rates and shares the plain limits, or Laney's where wider."""
    base = _base(len(pairs))
    if series.measure == "count":
        return xmr_chart([number for number, _one in pairs], base)
    if series.measure == "rate":
        return _wider(u_chart(pairs, base), u_chart(pairs, base, laney=True))
    shares = [(hits, int(n)) for hits, n in pairs]
    return _wider(p_chart(shares, base), p_chart(shares, base, laney=True))


def _wider(plain: Chart, laney: Chart) -> Chart:
    """Weeks that always differ more than chance explains are no news; calm ones prove nothing."""
    for one, other in zip(plain.points, laney.points, strict=True):
        if (reach := _reach(one)) and (other_reach := _reach(other)) and reach != other_reach:
            return laney if other_reach > reach else plain
    return plain


def _reach(point: Point) -> float:
    """From limit to limit; 0 in a gap."""
    return 0 if point.low is None or point.high is None else point.high - point.low
