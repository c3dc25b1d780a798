"""A diagnosis as a Word document."""

from datetime import datetime
from functools import lru_cache
from io import BytesIO

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from complaints.documents import drawing, words
from csm.kit import docx
from csm.kit.docx import Plain
from organisation.models import Person
from surveys.models import Breadth, Diagnosis, Reach
from surveys.results import spans
from surveys.results.charts import charts
from surveys.results.reading import Asked, Results, results
from surveys.results.scores import Figure
from surveys.results.words import figure_name, value_words

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Where the charts are put once the text is filled in.
CHARTS = "⟦charts⟧"


def about(diagnosis: Diagnosis, person: Person) -> Asked:
    """The answers that it is about, as this person sees them today."""
    period = spans.of_key(diagnosis.period) if diagnosis.period else None
    return Asked(diagnosis.survey, person, period)


def file_name(diagnosis: Diagnosis) -> str:
    period = diagnosis.period.replace("/", "_")
    return _("Diagnosis") + f" {diagnosis.survey} {period}".rstrip() + ".docx"


def document(diagnosis: Diagnosis, asked: Asked, *, by: Person, now: datetime) -> bytes:
    """The chapters, the problems two by two, figures and charts that the person sees today."""
    found = results(asked)
    values = _values(diagnosis, found, by=by, now=now)
    return docx.draw(docx.fill(_template(get_language() or ""), values), CHARTS, charts(found))


@lru_cache(maxsize=4)
def _template(language: str) -> bytes:
    sheet, file = drawing.sheet(), BytesIO()
    drawing.title(sheet, "{{ survey }}")
    drawing.facts(sheet, [(_("Period"), "period"), (_("Status"), "status"), (_("By"), "author")])
    drawing.section(sheet, "1", _("Figures"))
    drawing.table(
        sheet,
        "figures",
        [
            (_("Figure"), "name"),
            (_("Line"), "line"),
            (_("Value"), "value"),
            (_("Interval from"), "low"),
            (_("Interval to"), "high"),
            (pgettext("to a survey", "Answers"), "n"),
        ],
    )
    sheet.add_paragraph("{%p for each in chapters %}")
    drawing.line(sheet, "{{ each.title }}", is_strong=True)
    sheet.add_paragraph("{{ each.text }}")
    sheet.add_paragraph("{%p endfor %}")
    drawing.section(sheet, "2", _("Problems by breadth and reach"))
    drawing.table(
        sheet,
        "problems",
        [
            (_("Priority"), "place"),
            (_("Problem"), "text"),
            (_("How wide"), "breadth"),
            (_("How far"), "reach"),
        ],
    )
    drawing.section(sheet, "3", _("Charts"))
    sheet.add_paragraph(CHARTS)
    sheet.save(file)
    return file.getvalue()


def _values(diagnosis: Diagnosis, found: Results, *, by: Person, now: datetime) -> dict[str, Plain]:
    problems: list[Plain] = [
        {
            "place": str(row.position),
            "text": row.text,
            "breadth": str(Breadth(row.breadth).label),
            "reach": str(Reach(row.reach).label),
        }
        for row in diagnosis.problems.all()
    ]
    chapters: list[Plain] = [
        {"title": str(part.get_chapter_display()), "text": part.text}
        for part in diagnosis.parts.all()
    ]
    return {
        **words.head(
            title=_("Diagnosis of satisfaction"),
            number=diagnosis.period,
            status=diagnosis.get_status_display(),
            path=reverse("survey-diagnosis", args=[diagnosis.pk]),
            by=by,
            now=now,
        ),
        "survey": str(diagnosis.survey),
        "period": diagnosis.period,
        "author": diagnosis.created_by.name if diagnosis.created_by else "",
        "chapters": chapters,
        "problems": problems,
        "figures": _figures(found),
    }


def _figures(found: Results) -> list[Plain]:
    """The headlines, then the same by region or branch."""
    rows = [_row("", row.figure) for row in found.headlines if not found.is_too_few]
    for table in found.tables:
        if table.name in ("region", "branch"):
            rows += [_row(line.label, figure) for line in table.lines for figure in line.figures]
    return rows


def _row(line: str, figure: Figure) -> Plain:
    name = figure.name
    return {
        "name": figure_name(name),
        "line": line,
        "value": value_words(name, figure.value),
        "low": value_words(name, figure.low),
        "high": value_words(name, figure.high),
        "n": _("hidden") if figure.is_hidden else str(figure.n),
    }
