"""Charts and their signals in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import periods
from reports.behind import Behind
from reports.changes import Charted, Week
from reports.lines import named
from reports.numbers import Number
from reports.series import PER


@dataclass(frozen=True)
class Line:
    """A week of a chart as the table and the picture show it; figures in the chart's unit."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    counted: str
    limits: str
    signal: str


@dataclass(frozen=True)
class Signal:
    """One week beyond chance: what it says, and the complaints behind it, if lists know them."""

    label: str
    words: str
    is_worse: bool
    number: Number | None


@dataclass(frozen=True)
class Shown:
    """A chart on the page, its figures in its unit."""

    charted: Charted
    name: str
    title: str
    centre: float | None
    centre_words: str
    signals: list[Signal]
    lines: list[Line]

    @property
    def key(self) -> str:
        series = self.charted.series
        return f"{series.measure}-{series.branch or 0}-{series.category or 0}"


def shown(charted: Charted, behind: Behind) -> Shown:
    measure, centre = charted.series.measure, charted.chart.centre
    return Shown(
        charted=charted,
        name=_name(charted, behind),
        title=titles()[measure],
        centre=_scaled(measure, centre),
        centre_words=_figure(measure, centre),
        signals=[
            Signal(
                periods.label(week.period),
                _sentence(charted, week),
                charted.is_worse(week),
                behind.number(charted, week),
            )
            for week in charted.signals
        ],
        lines=[_line(charted, week) for week in charted.weeks],
    )


def titles() -> Mapping[str, str]:
    return {
        "rate": _("Valid complaints per 10,000 shipments"),
        "count": _("Valid complaints a week"),
        "on_time": _("On-time share of all clocks"),
        "callback": _("Satisfied when called back"),
    }


def _name(charted: Charted, behind: Behind) -> str:
    series, parts = charted.series, []
    if series.branch is not None:
        parts.append(named(behind.places.name(series.branch), "name", "name_en"))
    if series.category is not None:
        parts.append(named(behind.causes[series.category], "name", "name_en"))
    return " · ".join(parts) or pgettext("all of it", "Company")


def _line(charted: Charted, week: Week) -> Line:
    measure, point = charted.series.measure, week.point
    return Line(
        label=periods.label(week.period),
        value=_scaled(measure, point.value),
        low=_scaled(measure, point.low),
        high=_scaled(measure, point.high),
        words=_figure(measure, point.value),
        counted=_counted(measure, week),
        limits=_limits(charted, week),
        signal=" · ".join(_signal(name, charted, week) for name in week.signals),
    )


def _limits(charted: Charted, week: Week) -> str:
    point, measure = week.point, charted.series.measure
    if point.low is None:
        return _figure(measure, None)
    return pgettext("interval", "%(low)s to %(high)s") % {
        "low": _figure(measure, point.low),
        "high": _figure(measure, point.high),
    }


def _sentence(charted: Charted, week: Week) -> str:
    """The figure, what is usual, and each pattern that it completes."""
    measure = charted.series.measure
    return _("%(value)s, usually %(centre)s: %(signals)s.") % {
        "value": _figure(measure, week.point.value),
        "centre": _figure(measure, charted.chart.centre),
        "signals": pgettext("between two names", ", ").join(
            _signal(name, charted, week) for name in week.signals
        ),
    }


def _signal(name: str, charted: Charted, week: Week) -> str:
    measure, point, is_higher = charted.series.measure, week.point, charted.is_higher(week)
    if name == "beyond_limit":
        words = (
            _("above the limit of %(limit)s") if is_higher else _("below the limit of %(limit)s")
        )
        return words % {"limit": _figure(measure, point.high if is_higher else point.low)}
    if name == "two_of_three":
        if is_higher:
            return _("two of three weeks close to the upper limit")
        return _("two of three weeks close to the lower limit")
    if name == "run":
        if is_higher:
            return _("seven weeks in a row above what is usual")
        return _("seven weeks in a row below what is usual")
    return (
        _("seventh week of a steady rise")
        if _rises(charted, week)
        else _("seventh week of a steady fall")
    )


def _rises(charted: Charted, week: Week) -> bool:
    place = list(charted.weeks).index(week)
    before = charted.weeks[place - 1].point.value
    return (week.point.value or 0) > (before or 0)


def _scaled(measure: str, value: float | None) -> float | None:
    """Shares in percent; rates are per ten thousand already."""
    if value is None:
        return None
    return value * 100 if measure in ("on_time", "callback") else value


def _figure(measure: str, value: float | None) -> str:
    found = _scaled(measure, value)
    if found is None:
        return "—"
    if measure in ("on_time", "callback"):
        return f"{found:.1f}%"
    return f"{found:.1f}".removesuffix(".0") if measure == "count" else f"{found:.2f}"


def _counted(measure: str, week: Week) -> str:
    number, size = week.pair
    if measure == "count":
        return f"{number:,}"
    return f"{number:,} / {round(size * PER) if measure == 'rate' else size:,}"
