"""The table of a ranking: by the composite, by one part of it, or as `pooled-1` had it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.composites import score_of
from reports.lines import Line, of_row
from reports.measures import MEASURES, Measure
from reports.numbers import Seen
from reports.parts import are_alike
from reports.rankings import POOLED, Band, Conclusion, Estimate, Part, Row, Rule, estimate
from reports.standings import Standing

COMPOSITE = "composite"
Way = Literal["up", "down", "same", ""]
# Where the bars of shares and scores begin: at 60 %, or lower when one of them needs it.
STARTS = (0.6, 0.4, 0.2, 0.0)
POINTS = 100


@dataclass(frozen=True)
class Axis:
    """From where to where the bars go, in the unit of the figures; `words_of` writes one."""

    start: float
    end: float
    words_of: Callable[[float | None], str]

    @property
    def words(self) -> list[str]:
        """What stands at its beginning, middle and end."""
        middle = (self.start + self.end) / 2
        return [self.words_of(value) for value in (self.start, middle, self.end)]

    def along(self, value: float | None) -> float:
        return ((value or 0) - self.start) / (self.end - self.start)


@dataclass(frozen=True)
class Shown:
    """A place in the table. `part` is that of the measure; `reason` says why there is no rank."""

    row: Row
    line: Line
    found: Estimate
    rank: int | None
    is_tied: bool
    previous_rank: int | None
    is_change_shown: bool
    conclusion: Conclusion | None
    is_small_sample: bool
    cases: str
    write: Callable[[float | None], str]
    reason: str
    missing: str = ""
    part: Part | None = None

    @property
    def steps(self) -> int:
        before, now = self.previous_rank, self.rank
        return 0 if before is None or now is None else before - now

    @property
    def way(self) -> Way:
        """Up is towards the first; nothing without a rank in both periods."""
        if self.previous_rank is None or self.rank is None:
            return ""
        return "same" if not self.steps else "up" if self.steps > 0 else "down"

    @property
    def distance(self) -> int:
        return abs(self.steps)

    @property
    def fair(self) -> str:
        """Drawn towards the company's, the more the fewer cases there are."""
        return self.write(self.part["value"]) if self.part else ""

    @property
    def expected_rank(self) -> str:
        return points(self.part["expected_rank"]) if self.part else ""

    @property
    def figure(self) -> str:
        return self.write(self.found["raw"])

    @property
    def band_words(self) -> str:
        return band_words(self.part["band"]) if self.part else ""


@dataclass(frozen=True)
class Table:
    """`measure` is None for the composite and for `pooled-1`; `is_alike`: no difference at all."""

    kind: str
    title: str
    measure: Measure | None
    company: Estimate
    axis: Axis
    rows: list[Shown]
    is_alike: bool = False

    @property
    def company_words(self) -> str:
        return self.axis.words_of(self.company["raw"])


def table(standing: Standing, seen: Seen, kind: str) -> Table:
    """The rows in their order; `kind` is a part, or "composite"."""
    lines = [of_row(standing, row, seen) for row in standing.rows]
    if standing.formula == POOLED:
        return _by_pooled_share(standing, lines)
    if kind == COMPOSITE:
        return _by_composite(standing, lines)
    return _by_part(standing, lines, MEASURES[kind])


def is_ranked(standing: Standing) -> bool:
    return any(row["rank"] for row in standing.rows)


def band_words(band: Band | None) -> str:
    words = {
        "inside": _("Inside the funnel"),
        "better_warn": _("Better than 95% of chance"),
        "worse_warn": _("Worse than 95% of chance"),
        "better_alarm": _("Better than 99.8% of chance"),
        "worse_alarm": _("Worse than 99.8% of chance"),
    }
    return words[band] if band else ""


def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def points(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def rate(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def writer(measure: Measure) -> Callable[[float | None], str]:
    return rate if measure.is_rate else percent


def cases_of(part: Part) -> str:
    return f"{part['hits']:,} / {part['n']:,.0f}"


def lacking(row: Row, rule: Rule | None) -> str:
    """The parts that weigh and have too few cases, each with how many it has and needs."""
    if rule is None:
        return ""
    between = pgettext("between two names", ", ")
    return between.join(
        _("%(part)s: %(why)s")
        % {
            "part": MEASURES[name].label,
            "why": why_missing(part, rule["parts"][name]["least"], MEASURES[name]),
        }
        for name, part in row["parts"].items()
        if part["weight"] and not part["is_enough"]
    )


def why_missing(part: Part, least: int, measure: Measure) -> str:
    if measure.is_rate and not part["n"]:
        return _("shipments not known for all days")
    if measure.is_rate:
        return _("%(n)s of at least %(least)s shipments") % {
            "n": f"{part['n']:,.0f}",
            "least": f"{least:,}",
        }
    return _("%(n)d of at least %(least)d cases") % {"n": part["n"], "least": least}


def _by_composite(standing: Standing, lines: Sequence[Line]) -> Table:
    rule = standing.company["rule"]
    rows = [
        Shown(
            row=row,
            line=line,
            found=score_of(row),
            rank=row["rank"],
            is_tied=row["is_tied"],
            previous_rank=row["previous_rank"],
            is_change_shown=row["is_change_shown"],
            conclusion=row["conclusion"],
            is_small_sample=row["is_small_sample"],
            cases="",
            write=points,
            reason=_reason(row),
            missing=lacking(row, rule),
        )
        for row, line in zip(standing.rows, lines, strict=True)
    ]
    company = score_of(standing.company)
    axis = Axis(_start(rows, company, POINTS), POINTS, points)
    return Table(COMPOSITE, _("Score"), None, company, axis, rows)


def _by_part(standing: Standing, lines: Sequence[Line], measure: Measure) -> Table:
    rule = standing.company["rule"]
    least = rule["parts"][measure.name]["least"] if rule else 1
    rows = [
        _of_part(row, line, row["parts"][measure.name], measure, least)
        for row, line in zip(standing.rows, lines, strict=True)
    ]
    company = standing.company["parts"][measure.name]
    parts = [row["parts"][measure.name] for row in standing.rows]
    return Table(
        kind=measure.name,
        title=str(measure.label),
        measure=measure,
        company=company,
        axis=_axis(rows, company, measure),
        rows=sorted(rows, key=lambda row: (row.rank is None, row.rank or 0)),
        is_alike=are_alike(parts),
    )


def _of_part(row: Row, line: Line, part: Part, measure: Measure, least: int) -> Shown:
    return Shown(
        row=row,
        line=line,
        found=part,
        rank=part["rank"],
        is_tied=part["is_tied"],
        previous_rank=part["previous_rank"],
        is_change_shown=part["is_change_shown"],
        conclusion=part["conclusion"],
        is_small_sample=part["is_small_sample"],
        cases=cases_of(part),
        write=writer(measure),
        reason="" if part["is_enough"] else why_missing(part, least, measure),
        part=part,
    )


def _by_pooled_share(standing: Standing, lines: Sequence[Line]) -> Table:
    """As it was frozen: a row had a rank from ten decided clocks on."""
    rows = [
        Shown(
            row=row,
            line=line,
            found=estimate(row["pooled"]),
            rank=row["rank"],
            is_tied=row["is_tied"],
            previous_rank=row["previous_rank"],
            is_change_shown=row["is_change_shown"],
            conclusion=row["conclusion"],
            is_small_sample=row["is_small_sample"],
            cases=f"{row['pooled']['met']:,} / {row['pooled']['n']:,}",
            write=percent,
            reason="" if row["rank"] else _("Fewer than 10 decided clocks"),
        )
        for row, line in zip(standing.rows, lines, strict=True)
    ]
    company = estimate(standing.company["pooled"])
    axis = Axis(_start(rows, company, 1), 1, percent)
    return Table("pooled", _("On-time share"), None, company, axis, rows)


def _reason(row: Row) -> str:
    reasons = {
        "": "",
        "few": "",
        "nothing": _("No part has enough cases"),
        "customers": _("Customers weigh less than half of what is known"),
    }
    return reasons[row["barrier"]]


def _axis(rows: Sequence[Shown], company: Estimate, measure: Measure) -> Axis:
    if not measure.is_rate:
        return Axis(_start(rows, company, 1), 1, percent)
    ends = [row.found["high"] or 0 for row in rows if row.rank] + [company["high"] or 0]
    return Axis(0, max(ends) or 1, rate)


def _start(rows: Sequence[Shown], company: Estimate, whole: float) -> float:
    lows = [row.found["low"] or 0 for row in rows if row.rank]
    lowest = min([*lows, company["low"] or 0] if company["raw"] is not None else lows, default=0)
    return next(start * whole for start in STARTS if start * whole <= lowest)
