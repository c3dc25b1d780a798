"""The results as a file: every figure of the page, one to a row."""

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import periods
from csm.kit.tables import Cell, Column
from organisation.access import visible_or_404
from organisation.actions.exports import SMALL, Asked
from surveys.models import Survey
from surveys.results import reading
from surveys.results.reading import Results, Slice
from surveys.results.scores import Figure
from surveys.results.tables import Table
from surveys.results.words import figure_name


class ResultsExport:
    """Shares are 0…1, the net promoter score −100…100; a hidden figure is empty (F-22)."""

    name = "survey-results"
    verb = "survey.see"

    def title(self) -> str:
        return _("Survey results")

    def query(self, survey: Survey, of_page: str) -> QueryDict:
        """What the page shows, as a job may find it again."""
        query = QueryDict(mutable=True)
        query["survey"] = str(survey.pk)
        if period := QueryDict(of_page).get("period"):
            query["period"] = period
        return query

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Period"), 16),
            Column(_("Broken down"), 18),
            Column(_("Line"), 24, is_text=True),
            Column(_("Question"), 40),
            Column(_("Figure"), 24),
            Column(_("Value"), 12),
            Column(_("Interval from"), 12),
            Column(_("Interval to"), 12),
            Column(_("Mean"), 10),
            Column(pgettext("to a survey", "Answers"), 10),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many answers, they are few figures, and written at once."""
        _read(asked)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        yield _rows(reading.results(_read(asked)))


RESULTS = ResultsExport()


def _read(asked: Asked) -> reading.Asked:
    survey = visible_or_404(Survey, asked.person, pk=int(asked.query.get("survey", "")))
    return reading.asked(survey, asked.person, asked.query)


def _rows(found: Results) -> list[Sequence[Cell]]:
    period = periods.label(found.asked.period) if found.asked.period else _("All")
    questions = [str(row.question) for row in found.headlines]
    rows: list[Sequence[Cell]] = [
        [period, "", "", str(row.question), *_cells(row.figure)] for row in found.headlines
    ]
    if found.weighted:
        rows.append([period, _("Weighted by tier"), "", questions[0], *_cells(found.weighted)])
    for detail in found.details:
        if detail.figure:
            rows.append([period, "", "", detail.label, *_cells(detail.figure)])
        else:
            rows.append([period, "", "", detail.label, "", None, None, None, detail.mean, detail.n])
        rows += [
            [period, _("Distribution"), part.label, detail.label, _("Share"), *_alone(part)]
            for part in detail.slices
        ]
    for table in (*found.tables, found.trend):
        rows += _of_table(period, table, questions)
    rows += [[period, row.kind, row.label, "", *_cells(row.figure)] for row in found.groups]
    return rows


def _of_table(period: str, table: Table, questions: Sequence[str]) -> list[Sequence[Cell]]:
    return [
        [period, table.title, line.label, question, *_cells(figure)]
        for line in table.lines
        for question, figure in zip(questions, line.figures, strict=True)
    ]


def _alone(part: Slice) -> list[Cell]:
    return [part.share, None, None, None, part.n]


def _cells(figure: Figure) -> list[Cell]:
    """The number of answers of a hidden one would tell as much as its figure."""
    n = None if figure.is_hidden else figure.n
    return [figure_name(figure.name), figure.value, figure.low, figure.high, figure.mean, n]
