"""The charts of a diagnosis: what the page draws, for Word."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from csm.kit.docx import Chart, Series
from surveys.results.reading import Headline, Results
from surveys.results.scores import Figure
from surveys.results.tables import Table
from surveys.results.words import figure_name, value_words

# More bars would be no picture any more; the table of figures has all.
MOST = 20
SHARE, SCORE = ((0.0, 1.0), "0%"), ((-100.0, 100.0), "0")


def charts(found: Results) -> list[Chart]:
    """Month by month, by region and branch, and how the answers to each headline are spread."""
    if found.is_too_few:
        return []
    return [
        *_trends(found),
        *(
            _compared(table, row, place)
            for table in found.tables
            if table.name in ("region", "branch") and len(table.lines) <= MOST
            for place, row in enumerate(found.headlines)
            if any(line.figures[place].value is not None for line in table.lines)
        ),
        *_spread(found),
    ]


def _trends(found: Results) -> Iterator[Chart]:
    """Shares together; the net promoter score has a scale of its own."""
    lines = found.trend.lines
    if len(lines) < 2:
        return
    for is_score in (False, True):
        rows = [
            (place, row)
            for place, row in enumerate(found.headlines)
            if (row.figure.name == "nps") == is_score
        ]
        if not rows:
            continue
        scale, number = SCORE if is_score else SHARE
        yield Chart(
            title=_("Month by month")
            + ": "
            + ", ".join(figure_name(r.figure.name) for _p, r in rows),
            head=_("Month"),
            labels=[line.label for line in lines],
            series=[_series(row, [line.figures[place] for line in lines]) for place, row in rows],
            form="lines",
            scale=scale,
            number=number,
        )


def _compared(table: Table, row: Headline, place: int) -> Chart:
    scale, number = SCORE if row.figure.name == "nps" else SHARE
    return Chart(
        title=f"{table.title}: {figure_name(row.figure.name)}",
        head=table.title,
        labels=[line.label for line in table.lines],
        series=[_series(row, [line.figures[place] for line in table.lines])],
        form="bars",
        scale=scale,
        number=number,
    )


def _spread(found: Results) -> Iterator[Chart]:
    leading = {row.question.pk for row in found.headlines}
    for detail in found.details:
        if detail.question.pk not in leading or not detail.n:
            continue
        words = [f"{part.share * 100:.1f}% (n = {part.n})" for part in detail.slices]
        yield Chart(
            title=f"{detail.label} (n = {detail.n})",
            head=_("Distribution"),
            labels=[part.label for part in detail.slices],
            series=[Series(_("Share"), [part.share for part in detail.slices], words)],
            form="bars",
            scale=SHARE[0],
            number=SHARE[1],
        )


def _series(row: Headline, figures: Sequence[Figure]) -> Series:
    """A hidden figure is a gap, and says so in the table."""
    name = row.figure.name
    words = [_("hidden") if each.is_hidden else value_words(name, each.value) for each in figures]
    return Series(figure_name(name), [each.value for each in figures], words)
