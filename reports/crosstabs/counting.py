"""Counting a table: a fixed number of statements, over the complaints that the person sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from complaints.filters import ComplaintFilter
from organisation.models import Person
from reports.crosstabs.dimensions import Dimension
from reports.crosstabs.measures import Measure
from reports.crosstabs.spec import Spec

MOST_ROWS = 200
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Cell:
    """`value` in the unit of its measure, None where nothing was counted; of a share `hits` of `n`.

    `url`: the complaints behind a count, where the list can name them.
    """

    measure: Measure
    value: Any
    hits: int | None = None
    n: int | None = None
    url: str = ""


@dataclass(frozen=True)
class Line:
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """`head` names the columns, `more` rows are not shown; `total` is of all complaints."""

    head: Sequence[str]
    lines: Sequence[Line]
    total: Line
    more: int


def count(spec: Spec, *, person: Person, now: datetime, most: int = MOST_ROWS) -> Table:
    """The table of a person. A fixed number of statements."""
    rows = complaints(spec, person=person, now=now)
    if spec.columns is None:
        return _plain(spec, rows, now, most)
    return _crossed(spec, spec.columns, rows, now, most)


def complaints(spec: Spec, *, person: Person, now: datetime) -> QuerySet[Any]:
    """Those of the period that meet the conditions and that the person sees."""
    found = ComplaintFilter(spec.conditions, person=person, now=now).qs
    period = spec.period
    rows = found.filter(received_at__gte=period.start, received_at__lt=period.end).order_by()
    for measure in spec.measures:
        rows = measure.prepare(rows, now)
    return rows


def _plain(spec: Spec, rows: QuerySet[Any], now: datetime, most: int) -> Table:
    figures = _figures(spec.measures)
    grouped = _grouped(rows, figures, row_key=spec.rows.value(now))
    found = {key: row for (key,), row in grouped.items()}
    words = spec.rows.words(found)
    lines = [
        Line(
            _word(words, key),
            [_cell(spec, found[key], place, {spec.rows: key}) for place in _places(spec)],
        )
        for key in _sorted(spec.rows, found, words)[:most]
    ]
    total = rows.aggregate(**figures)
    head = [str(measure.label) for measure in spec.measures]
    sums = Line("", [_cell(spec, total, place, {}) for place in _places(spec)])
    return Table(head, lines, sums, max(0, len(found) - most))


def _crossed(
    spec: Spec, columns: Dimension, rows: QuerySet[Any], now: datetime, most: int
) -> Table:
    figures, of_row, of_column = _figures(spec.measures), spec.rows.value(now), columns.value(now)
    found = _grouped(rows, figures, row_key=of_row, column_key=of_column)
    sums = {row: each for (row,), each in _grouped(rows, figures, row_key=of_row).items()}
    tops = {top: each for (top,), each in _grouped(rows, figures, column_key=of_column).items()}
    row_words, column_words = spec.rows.words(sums), columns.words(tops)
    names = _sorted(columns, tops, column_words)[:MOST_COLUMNS]
    keys = _sorted(spec.rows, sums, row_words)
    lines = [
        Line(
            _word(row_words, key),
            [
                *(
                    _cell(spec, found.get((key, name), {}), 0, {spec.rows: key, columns: name})
                    for name in names
                ),
                _cell(spec, sums[key], 0, {spec.rows: key}),
            ],
        )
        for key in keys[:most]
    ]
    total = Line(
        "",
        [
            *(_cell(spec, tops[name], 0, {columns: name}) for name in names),
            _cell(spec, rows.aggregate(**figures), 0, {}),
        ],
    )
    head = [*(_word(column_words, name) for name in names), ""]
    return Table(head, lines, total, max(0, len(keys) - most))


def _grouped(
    rows: QuerySet[Any], figures: dict[str, Any], **keys: Any
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The figures by their keys, in one statement."""
    found = rows.annotate(**keys).values(*keys).annotate(**figures)
    return {tuple(row[key] for key in keys): row for row in found}


def _figures(measures: Sequence[Measure]) -> dict[str, Any]:
    """Hits by place `f0` …, and `n0` … where they are of something."""
    hits = {f"f{place}": measure.value for place, measure in enumerate(measures)}
    of = {f"n{place}": measure.n for place, measure in enumerate(measures) if measure.n}
    return hits | of


def _places(spec: Spec) -> range:
    return range(len(spec.measures))


def _cell(spec: Spec, row: Mapping[str, Any], place: int, at: Mapping[Dimension, Any]) -> Cell:
    measure, value = spec.measures[place], row.get(f"f{place}")
    if measure.n is not None:
        hits, n = value or 0, row.get(f"n{place}") or 0
        return Cell(measure, hits / n if n else None, hits, n)
    is_whole = measure.name == "complaints"
    return Cell(measure, value, url=_url(spec, at) if value and is_whole else "")


def _url(spec: Spec, at: Mapping[Dimension, Any]) -> str:
    """The complaint list of a cell; empty where it has no condition for one of its values."""
    query = spec.conditions.copy()
    for dimension, value in at.items():
        if not dimension.parameter or value is None or dimension.parameter in query:
            return ""
        query.setlist(dimension.parameter, dimension.keys(value))
        if dimension.is_exact:
            query["exact"] = "1"
    query["received_after"] = spec.period.first_on.isoformat()
    query["received_before"] = spec.period.following.first_on.isoformat()
    return f"{reverse('complaints')}?{query.urlencode()}"


def _sorted(of: Dimension, rows: Mapping[Any, Any], words: Mapping[Any, str]) -> list[Any]:
    return sorted(rows, key=lambda key: _order(of, key, rows[key]["f0"], words))


def _order(of: Dimension, key: Any, value: Any, words: Mapping[Any, str]) -> tuple[Any, ...]:
    """By the values' own order, or the largest first; what has no value comes last."""
    if of.is_ordered:
        return (key is None, key if key is not None else 0)
    return (key is None, -(value or 0), _word(words, key))


def _word(words: Mapping[Any, str], key: Any) -> str:
    return words.get(key) or ("—" if key in (None, "") else str(key))
