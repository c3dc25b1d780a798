"""How a template of ours is drawn, by python-docx: paragraphs, tables, boxes."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Drawing
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FACE = "Microsoft YaHei"
WIDTH, MARGIN = Mm(182), Mm(14)
COLUMNS = 4
GREY = RGBColor(0x44, 0x44, 0x44)
SIGNATURE = Mm(22)
# A label with the field that stands under or beside it.
Facts = Sequence[tuple[str, str]]
EMPTY = ' or "—" }}'


def sheet() -> Drawing:
    """A4 with the number on every page, who printed it, and page x of y."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = MARGIN
    page.top_margin = page.bottom_margin = Mm(18)
    properties = made.core_properties
    properties.author, properties.comments, properties.title = "CSM", "", ""
    style: Any = made.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FACE)
    # Without its language, Chinese may be drawn in the shapes of another country.
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(4)
    _ends(page.header.paragraphs[0], "{{ company }}", "{{ number }}")
    foot = page.footer.paragraphs[0]
    _ends(foot, _("Printed") + " {{ printed_at }} {{ printed_by }}", "")
    for code, after in (("PAGE", " / "), ("NUMPAGES", "")):
        _field(foot, code)
        _small(foot.add_run(after))
    return made


def _ends(paragraph: Paragraph, left: str, right: str) -> None:
    """One text at either end of the line; the style of heads and feet has other stops."""
    paragraph.style = "Normal"
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _small(paragraph.add_run(f"{left}\t{right}"))


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _small(run: Any) -> None:
    run.font.size, run.font.color.rgb = Pt(8.5), GREY


def title(sheet: Drawing, under: str) -> None:
    run = sheet.add_paragraph().add_run("{{ title }}")
    run.bold, run.font.size = True, Pt(16)
    paragraph = sheet.add_paragraph()
    run = paragraph.add_run("{{ number }} ")
    run.bold, run.font.size = True, Pt(13)
    paragraph.add_run(under)


def facts(sheet: Drawing, facts: Facts) -> None:
    """Label above value, four in a row."""
    grid = sheet.add_table(-(-len(facts) // COLUMNS), COLUMNS)
    for number, (label, name) in enumerate(facts):
        cell = grid.cell(*divmod(number, COLUMNS))
        _small(cell.paragraphs[0].add_run(label))
        cell.add_paragraph("{{ " + name + EMPTY)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(0)


def section(sheet: Drawing, number: str, name: str) -> None:
    paragraph = sheet.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(f"{number}  {name}")
    run.bold, run.font.size = True, Pt(12)


def line(sheet: Drawing, words: str, *, is_strong: bool = False) -> None:
    sheet.add_paragraph().add_run(words).bold = is_strong


def text(sheet: Drawing, label: str, name: str) -> None:
    """A label and a text that may be long, or still to be written by hand."""
    paragraph = sheet.add_paragraph()
    _small(paragraph.add_run(f"{label}  "))
    paragraph.add_run("{{ " + name + EMPTY)


def loop(sheet: Drawing, name: str, words: str) -> None:
    """A paragraph for each value of a list, there named `each`."""
    sheet.add_paragraph("{%p for each in " + name + " %}")
    sheet.add_paragraph(words)
    sheet.add_paragraph("{%p endfor %}")


def table(sheet: Drawing, name: str, columns: Facts) -> None:
    """A row for each value of a list."""
    rows = sheet.add_table(4, len(columns), style="Table Grid")
    rows.rows[1].cells[0].text = "{%tr for each in " + name + " %}"
    rows.rows[3].cells[0].text = "{%tr endfor %}"
    for number, (label, field) in enumerate(columns):
        _small(rows.rows[0].cells[number].paragraphs[0].add_run(label))
        rows.rows[2].cells[number].text = "{{ each." + field + " }}"


def signatures(sheet: Drawing, *who: str) -> None:
    """A box for each signature."""
    sheet.add_paragraph()
    rows = sheet.add_table(1, len(who), style="Table Grid")
    rows.rows[0].height = SIGNATURE
    for cell, name in zip(rows.rows[0].cells, who, strict=True):
        words = _("%(who)s: signature, date") % {"who": name}
        _small(cell.paragraphs[0].add_run(words))
