"""Charts of a Word document: drawn by Word itself from numbers in the file, a table below each.

They are part of the document (DrawingML), so that they are sharp on paper, take the fonts of who
opens them, Chinese ones included, and can be edited there. No picture is made here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from csm.kit.tables import printable

CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
# Dark enough on white, and apart in grey, too.
COLOURS = ("1B4E9B", "B35900", "2E7D32")
WIDTH, BAR, LEAST = Mm(180), Mm(9), Mm(45)
LINES = Mm(65)


@dataclass(frozen=True)
class Series:
    """`values` in the order of the labels; None leaves a gap. The table says the `words`."""

    name: str
    values: Sequence[float | None]
    words: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """`form`: bars lie, each with its label at the left; lines go from left to right.

    `scale` is the lowest and the highest of the axis, `number` its format, as "0%".
    """

    title: str
    head: str
    labels: Sequence[str]
    series: Sequence[Series]
    form: Literal["bars", "lines"]
    scale: tuple[float, float]
    number: str

    @property
    def height(self) -> int:
        return LINES if self.form == "lines" else max(LEAST, BAR * (len(self.labels) + 2))


def draw(content: bytes, mark: str, charts: Sequence[Chart]) -> bytes:
    """The document with the charts, each above its table, in place of the paragraph `mark`."""
    sheet, file = Document(BytesIO(content)), BytesIO()
    [place] = [each for each in sheet.paragraphs if each.text == mark]
    for number, chart in enumerate(charts, start=1):
        head = place.insert_paragraph_before()
        head.paragraph_format.keep_with_next = True
        head.add_run(printable(chart.title)).bold = True
        picture = place.insert_paragraph_before()
        picture.paragraph_format.keep_with_next = True
        picture.add_run()._r.append(_drawing(sheet, chart, number))
        place._p.addprevious(_table(sheet, chart))
        place.insert_paragraph_before()
    place._p.getparent().remove(place._p)
    sheet.save(file)
    return file.getvalue()


def _table(sheet: Any, chart: Chart) -> Any:
    table = sheet.add_table(len(chart.labels) + 1, len(chart.series) + 1, style="Table Grid")
    rows = [(chart.head, *(each.name for each in chart.series))]
    rows += [
        (label, *(each.words[place] for each in chart.series))
        for place, label in enumerate(chart.labels)
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.add_run(printable(text)).font.size = Pt(9)
    return table._tbl


def _drawing(sheet: Any, chart: Chart, number: int) -> Any:
    """What stands in the text; the chart itself is a part of its own."""
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, CHART, _xml(chart).encode(), sheet.part.package)
    key = sheet.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    title = quoteattr(printable(chart.title))
    return parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}"'
        f' cy="{chart.height}"/><wp:docPr id="{1000 + number}" name="chart{number}"'
        f" descr={title}/><wp:cNvGraphicFramePr/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def _xml(chart: Chart) -> str:
    kind = _bars(chart) if chart.form == "bars" else _lines(chart)
    low, high = chart.scale
    is_lying = chart.form == "bars"
    legend = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{kind}'
        '<c:catAx><c:axId val="1"/><c:scaling>'
        f'<c:orientation val="{"maxMin" if is_lying else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if is_lying else "b"}"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="low"/><c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{high}"/><c:min val="{low}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"b" if is_lying else "l"}"/><c:majorGridlines><c:spPr><a:ln w="6350">'
        '<a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>'
        f'<c:numFmt formatCode={quoteattr(chart.number)} sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        '<c:tickLblPos val="nextTo"/><c:crossAx val="1"/>'
        f'<c:crosses val="{"max" if is_lying else "min"}"/></c:valAx></c:plotArea>'
        f'{legend if len(chart.series) > 1 else ""}<c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def _bars(chart: Chart) -> str:
    series = "".join(_series(chart, place, is_line=False) for place in range(len(chart.series)))
    return (
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
    )


def _lines(chart: Chart) -> str:
    series = "".join(_series(chart, place, is_line=True) for place in range(len(chart.series)))
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{series}<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>'
    )


def _series(chart: Chart, place: int, *, is_line: bool) -> str:
    """One row of numbers; its values stand at its points, as not all see its colour."""
    row, colour = chart.series[place], COLOURS[place % len(COLOURS)]
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    look = f'<a:ln w="28575">{fill}</a:ln>' if is_line else fill
    dots = ("circle", "square", "triangle")[place % 3]
    marker = f'<c:marker><c:symbol val="{dots}"/><c:size val="7"/></c:marker>' if is_line else ""
    labels = (
        f'<c:dLbls><c:numFmt formatCode={quoteattr(chart.number)} sourceLinked="0"/>'
        f'<c:dLblPos val="{"t" if is_line else "outEnd"}"/><c:showLegendKey val="0"/>'
        '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    straight = '<c:smooth val="0"/>' if is_line else ""
    name = f"<c:tx><c:v>{escape(printable(row.name))}</c:v></c:tx>"
    texts = _points(escape(printable(label)) for label in chart.labels)
    numbers = _points(None if value is None else f"{value:.6g}" for value in row.values)
    count = f'<c:ptCount val="{len(chart.labels)}"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>{name}<c:spPr>{look}</c:spPr>'
        f"{marker}{labels}<c:cat><c:strLit>{count}{texts}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>{escape(chart.number)}</c:formatCode>{count}{numbers}"
        f"</c:numLit></c:val>{straight}</c:ser>"
    )


def _points(values: Any) -> str:
    return "".join(
        f'<c:pt idx="{place}"><c:v>{value}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
