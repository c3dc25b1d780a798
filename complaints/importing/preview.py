"""A look at a file before anybody has said how to read it."""

import codecs
import gzip
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from complaints.importing import sources
from complaints.importing.moments import Moments
from complaints.importing.profiles import Profile
from complaints.importing.rows import UNDECODABLE, Row

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "windows-1252")
DELIMITERS = (",", ";", "\t", "|")
# So many rows are read to suggest something, so many shown, so many values of a column offered.
SAMPLE, SHOWN, MOST_VALUES = 5000, 5, 60
START = 256 * 1024


@dataclass(frozen=True)
class Preview:
    """What the file looks like when it is read in this way."""

    header: list[str]
    rows: list[Row]
    _values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Names that can be chosen: those that stand there once."""
        counts = Counter(self.header)
        return [name for name in self.header if name and counts[name] == 1]

    @property
    def shown(self) -> list[list[str]]:
        """The first rows, fit to be shown: what cannot be decoded is a sign of its own."""
        return [
            [readable(row.cells.get(name, "")) for name in self.header] for row in self.rows[:SHOWN]
        ]

    def values(self, column: str) -> list[str]:
        """What stands in a column, each once, in the order of the file."""
        if column not in self._values:
            cells = (row.cells.get(column, "").strip() for row in self.rows if not row.fault)
            found = dict.fromkeys(map(readable, filter(None, cells)))
            self._values[column] = list(found)[:MOST_VALUES]
        return self._values[column]


def readable(text: str) -> str:
    return text.replace(UNDECODABLE, "\N{REPLACEMENT CHARACTER}").replace("\0", "")


def look(path: Path, name: str, *, encoding: str, delimiter: str) -> Preview:
    """The first rows. Raises `Unreadable`."""
    with sources.opened(path, _layout(encoding, delimiter), name=name) as source:
        header = [readable(title) for title in source.header]
        return Preview(header, list(islice(source.rows, SAMPLE)))


def guess(path: Path) -> dict[str, str]:
    """In which encoding it seems to be, and what stands between its columns."""
    encoding = guess_encoding(path)
    return {"encoding": encoding, "delimiter": guess_delimiter(path, encoding)}


def guess_encoding(path: Path) -> str:
    """By the mark at its start, else the first in which its first part can be read."""
    start = _start(path)
    if start.startswith(sources.UTF_16_MARKS):
        return "utf-16"
    for encoding in ("utf-8", "gb18030", "big5"):
        if _can_be(start, encoding):
            return encoding
    return "windows-1252"


def guess_delimiter(path: Path, encoding: str) -> str:
    """The mark that its first line has most of."""
    lines = _start(path).decode(encoding, "replace").splitlines() or [""]
    return max(DELIMITERS, key=lines[0].count)


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == sources.ZIP


def _layout(encoding: str, delimiter: str) -> Profile:
    """A profile that says nothing of columns."""
    found = codecs.lookup(encoding).name
    moments = Moments(ZoneInfo("UTC"), ())
    return Profile("", "utf-8-sig" if found == "utf-8" else found, delimiter, moments, {}, ())


def _start(path: Path) -> bytes:
    """Its first part, unpacked; nothing of a damaged one, which the look itself refuses."""
    with path.open("rb") as file:
        start = file.read(START)
        if not start.startswith(sources.GZIP):
            return start
        file.seek(0)
        try:
            with gzip.GzipFile(fileobj=file) as packed:
                return packed.read(START)
        except (OSError, EOFError, zlib.error):
            return b""


def _can_be(start: bytes, encoding: str) -> bool:
    try:
        # The start may end inside a character.
        start.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= START - 4
    return True
