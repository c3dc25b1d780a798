"""Tables as files that Excel opens: CSV (UTF-8 with a mark) and XLSX, written as a stream.

A text stays a text: in XLSX no cell is ever a formula, in CSV what a spreadsheet would take for one
gets an apostrophe before it (B-12). Control characters, which XLSX cannot hold, are left out.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any, Literal, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Format = Literal["csv", "xlsx"]
Cell = str | int | float | bool | datetime | date | None
CONTENT_TYPES: dict[Format, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What Excel can hold: rows of a sheet with its head, characters of a cell.
MOST_ROWS = 1_048_575
LONGEST = 32_767
# Also in full width, as it is typed in Chinese.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# openpyxl would make a formula of the first, an error value of the last ("#N/A").
MISREAD = (*FORMULA, "#")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
TEXT, MOMENT, DAY = "@", "yyyy-mm-dd hh:mm", "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """A heading; `width` in characters. A text column is never read as a number: phones, codes."""

    title: str
    width: int = 14
    is_text: bool = False


class Table(Protocol):
    """What rows are added to."""

    def add(self, cells: Sequence[Cell]) -> None: ...


@contextmanager
def writing(
    file: IO[bytes], form: Format, columns: Sequence[Column], *, title: str
) -> Iterator[Table]:
    """A table in `file` that is whole when the block ends. Moments have to be local and naive."""
    if form == "csv":
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
        try:
            table = CsvTable(text)
            table.add([column.title for column in columns])
            yield table
        finally:
            text.detach()  # writes what it still has; the file stays open
    else:
        book = Workbook(write_only=True)
        yield SheetTable(book, columns, title)
        book.save(file)


@contextmanager
def book(file: IO[bytes]) -> Iterator[Callable[[Sequence[Column], str], Table]]:
    """A workbook of several sheets, begun one after another by what is given: columns, title."""
    made = Workbook(write_only=True)
    yield lambda columns, title: SheetTable(made, columns, title)
    made.save(file)


class CsvTable:
    """Lines of comma-separated values."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._lines = csv.writer(text)

    def add(self, cells: Sequence[Cell]) -> None:
        self._lines.writerow([_plain(cell) for cell in cells])


class SheetTable:
    """One sheet: its head stays in sight, every column has its width."""

    def __init__(self, book: Workbook, columns: Sequence[Column], title: str) -> None:
        self._sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
        self._columns = columns
        self._sheet.freeze_panes = "A2"
        for number, column in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
        self._sheet.append([self._head(column.title) for column in columns])

    def add(self, cells: Sequence[Cell]) -> None:
        self._sheet.append(
            [self._cell(cell, column) for cell, column in zip(cells, self._columns, strict=True)]
        )

    def _head(self, title: str) -> Any:
        cell = self._text(clean(title))
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        return cell

    def _cell(self, value: Cell, column: Column) -> Any:
        if isinstance(value, datetime):
            return self._formatted(value, MOMENT)
        if isinstance(value, date):
            return self._formatted(value, DAY)
        if not isinstance(value, str):
            return value
        text = clean(value)
        return self._text(text) if column.is_text or text.startswith(MISREAD) else text

    def _text(self, text: str) -> Any:
        """A cell that holds this string and nothing else: "=1+1" is four characters here."""
        cell: Any = WriteOnlyCell(self._sheet, text)
        cell.data_type, cell.number_format = "s", TEXT
        return cell

    def _formatted(self, value: date, form: str) -> Any:
        cell: Any = WriteOnlyCell(self._sheet, datetime(*value.timetuple()[:6]))  # noqa: DTZ001
        cell.number_format = form
        return cell


def clean(text: str) -> str:
    """Fit to be printed, and no longer than a cell."""
    return printable(text)[:LONGEST]


def printable(text: str) -> str:
    """Without control characters, which XML cannot hold; lines end in one way."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _plain(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return harmless(clean(value))
    return value


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
