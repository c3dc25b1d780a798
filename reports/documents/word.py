"""A report as a Word file, drawn like every other document of ours and then filled (C-14)."""

from io import BytesIO

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.documents import drawing, words
from csm.kit import docx
from csm.kit.docx import Plain
from organisation.models import Person
from reports.documents.cells import Report, Section


def document(report: Report, *, by: Person) -> bytes:
    return docx.fill(_template(report), _values(report, by))


def _template(report: Report) -> bytes:
    """Titles and columns are ours; everything else is filled in, so that it stays text."""
    sheet, file = drawing.sheet(), BytesIO()
    drawing.title(sheet, "{{ status }}")
    drawing.facts(
        sheet,
        [
            (_("Days"), "days"),
            (_("Formula"), "formula"),
            (pgettext("of a document", "Made"), "printed_at"),
        ],
    )
    for number, section in enumerate(report.sections, start=1):
        drawing.section(sheet, str(number), section.title)
        if section.said:
            drawing.line(sheet, "{{ said_" + section.name + " }}")
        if section.lines:
            columns = [(column.title, column.name) for column in section.columns]
            drawing.table(sheet, section.name, columns)
        drawing.loop(sheet, f"how_{section.name}", "{{ each }}")
    sheet.save(file)
    return file.getvalue()


def _values(report: Report, by: Person) -> dict[str, Plain]:
    period = report.period
    values: dict[str, Plain] = words.head(
        title=report.title,
        number=period.key,
        status=report.state,
        path=reverse("report-of", args=[period.key]),
        by=by,
        now=report.made_at,
    )
    values |= {"days": f"{period.first_on} – {period.last_on}", "formula": report.formula}
    for section in report.sections:
        values |= {
            f"said_{section.name}": section.said,
            f"how_{section.name}": list(section.definitions),
            section.name: _lines(section),
        }
    return values


def _lines(section: Section) -> list[Plain]:
    return [{column.name: cell.words for column, cell in row} for row in section.rows]
