"""Opening a file: CSV, CSV packed with gzip, or an Excel workbook; told apart by content."""

import gzip
import io
import os
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.utils.translation import gettext as _

from csm.kit.reading import traps, workbooks
from csm.kit.reading.csv_records import Lines, Record, Records
from csm.kit.reading.errors import Unreadable
from csm.kit.reading.rows import ON_ERRORS, Row, is_undecodable

GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
SAMPLE = 64 * 1024
# Each can be chosen for each of our fields: more would make a page that nobody can load.
MOST_COLUMNS = 500


class Layout(Protocol):
    """How a file is written, and the columns that it has to have."""

    @property
    def encoding(self) -> str: ...

    @property
    def delimiter(self) -> str: ...

    @property
    def used_columns(self) -> Set[str]: ...


@dataclass
class Source:
    """An open file: the names of its columns, its rows, and how far they have been read
    (`position` of `size`)."""

    header: list[str]
    rows: Iterable[Row]
    size: int
    position: Callable[[], int]


@contextmanager
def opened(path: Path, layout: Layout, *, name: str = "") -> Iterator[Source]:
    """The file at `path` as rows. Raises `Unreadable` for one that cannot be such a table.

    `name` is what people call it, where that is not the last part of the path.
    """
    name = name or path.name
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            start = file.read(4)
        except OSError as error:
            raise unreadable(name, error.strerror or str(error)) from error
        file.seek(0)
        if not start:
            raise unreadable(name, _("the file is empty"))
        if start.startswith(OLD_EXCEL):
            raise unreadable(name, _("this is an old Excel file; save it as .xlsx or CSV"))
        try:
            if start == ZIP:
                yield _workbook(name, file, layout, stack)
            else:
                yield _csv(name, file, layout, stack, is_packed=start.startswith(GZIP))
        except traps.Trap as trap:
            raise unreadable(name, str(trap)) from trap


def unreadable(name: str, why: str) -> Unreadable:
    return Unreadable(_("“%(file)s” cannot be read: %(why)s.") % {"file": name, "why": why})


def _csv(name: str, file: BinaryIO, layout: Layout, stack: ExitStack, *, is_packed: bool) -> Source:
    size = os.fstat(file.fileno()).st_size
    plain = file
    if is_packed:
        traps.check_gzip(file)
        plain = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file)))
    _check_encoding(name, plain.read(SAMPLE), layout.encoding)
    plain.seek(0)
    text = stack.enter_context(
        io.TextIOWrapper(plain, layout.encoding, errors=ON_ERRORS, newline="")
    )
    records = Records(Lines(text), layout.delimiter)
    header = _header(name, next(iter(records), Record([])), layout)
    records.width = len(header)
    return Source(header, _numbered(header, records), size, file.tell)


def _check_encoding(name: str, sample: bytes, encoding: str) -> None:
    """Refuse what is plainly written in another encoding than the profile says."""
    has_mark, is_utf_16 = sample.startswith(UTF_16_MARKS), encoding.startswith("utf-16")
    if has_mark and not is_utf_16:
        raise wrong_encoding(name, encoding, "utf-16")
    header = sample.splitlines()[0]
    if not is_utf_16 and is_undecodable(header.decode(encoding, ON_ERRORS)):
        raise wrong_encoding(name, encoding)
    if encoding == "utf-16" and not has_mark:
        raise wrong_encoding(name, encoding)
    if not encoding.startswith("utf") and not sample.isascii() and _is_utf_8(sample):
        raise wrong_encoding(name, encoding, "utf-8")


def _is_utf_8(sample: bytes) -> bool:
    try:
        # The sample may end inside a character.
        sample[: len(sample) - 3 or None].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(sample) - 6
    return True


def wrong_encoding(name: str, encoding: str, looks_like: str = "") -> Unreadable:
    """The refusal of a file in another encoding than that of its profile."""
    given = encoding.removesuffix("-sig")
    if looks_like:
        why = _("the profile says %(encoding)s, but it looks like %(other)s") % {
            "encoding": given,
            "other": looks_like,
        }
    else:
        why = _("it is not in the encoding of the profile, %(encoding)s") % {"encoding": given}
    return unreadable(name, why)


def _header(name: str, record: Record, layout: Layout) -> list[str]:
    """The names of the columns; all that the layout uses must be there, once each."""
    if record.fault:
        raise unreadable(name, record.fault.rstrip("."))
    header = [title.strip() for title in record.cells]
    if not any(header):
        raise unreadable(name, _("its first line has no names of columns"))
    if len(header) > MOST_COLUMNS:
        raise unreadable(
            name,
            _("it has %(found)d columns, and at most %(limit)d can be read")
            % {"found": len(header), "limit": MOST_COLUMNS},
        )
    missing = sorted(layout.used_columns - set(header))
    if missing:
        raise unreadable(
            name, _("these columns are missing: %(names)s") % {"names": ", ".join(missing)}
        )
    twice = sorted(each for each in layout.used_columns if header.count(each) > 1)
    if twice:
        raise unreadable(
            name, _("these columns are there twice: %(names)s") % {"names": ", ".join(twice)}
        )
    return header


def _numbered(header: list[str], records: Records) -> Iterator[Row]:
    for number, record in enumerate(records, start=2):
        if not any(record.cells) and not record.fault:
            continue  # an empty line
        cells = dict(zip(header, record.cells, strict=False))
        column = header[min(len(record.cells), len(header)) - 1] if record.fault else ""
        yield Row(number, cells, record.fault, column)


def _workbook(name: str, file: BinaryIO, layout: Layout, stack: ExitStack) -> Source:
    traps.check_workbook(file)
    file.seek(0)
    try:
        sheet = stack.enter_context(workbooks.opened(file))
        titles = next(sheet.rows, [])
    except workbooks.DAMAGES as error:
        raise unreadable(name, _("this is not an Excel workbook, or a damaged one")) from error
    header = _header(name, Record(_named(titles)), layout)
    return Source(header, _of_sheet(name, header, sheet), sheet.size, lambda: sheet.position)


def _named(titles: list[str]) -> list[str]:
    """Without the empty cells behind the last title: a sheet may be formatted far to the right."""
    last = max((place for place, title in enumerate(titles, start=1) if title.strip()), default=0)
    return titles[:last]


def _of_sheet(name: str, header: list[str], sheet: workbooks.Sheet) -> Iterator[Row]:
    try:
        for number, cells in enumerate(sheet.rows, start=2):
            if any(cells):
                yield Row(number, dict(zip(header, cells, strict=False)))
    except workbooks.DAMAGES as error:
        raise unreadable(name, _("this is not an Excel workbook, or a damaged one")) from error
