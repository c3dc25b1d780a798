"""The first sheet of an Excel workbook as rows of text, read as a stream."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

# What openpyxl raises for files that are no workbook inside.
DAMAGES = (
    *(InvalidFileException, zipfile.BadZipFile, ParseError, OSError, EOFError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError),
)
HALF_A_SECOND = timedelta(milliseconds=500)


@dataclass
class Sheet:
    """`size` is the number of rows that the sheet says it has, 0 when it does not say."""

    rows: Iterator[list[str]]
    size: int
    position: int = 0


@contextmanager
def opened(file: BinaryIO) -> Iterator[Sheet]:
    """The first sheet, header included. Raises one of DAMAGES."""
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        first = book.worksheets[0]
        size = first.max_row or 0
        # The size that the file claims may be wrong; without it the rows themselves count.
        first.reset_dimensions()
        sheet = Sheet(iter(()), size)
        sheet.rows = _rows(first.iter_rows(values_only=True), sheet)
        yield sheet
    finally:
        book.close()


def _rows(found: Iterator[tuple[object, ...]], sheet: Sheet) -> Iterator[list[str]]:
    for cells in found:
        sheet.position += 1
        yield [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV file; times as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        # Excel counts days as fractions: the last digits are noise.
        return (cell + HALF_A_SECOND).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
