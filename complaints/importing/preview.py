"""A look at a file before anybody has said how to read it."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from csm.kit.reading import sources
from csm.kit.reading.guessing import Plain
from csm.kit.reading.rows import UNDECODABLE, Row

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "windows-1252")
# So many rows are read to suggest something, so many shown, so many values of a column offered.
SAMPLE, SHOWN, MOST_VALUES = 5000, 5, 60


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
    with sources.opened(path, Plain(encoding, delimiter), name=name) as source:
        header = [readable(title) for title in source.header]
        return Preview(header, list(islice(source.rows, SAMPLE)))


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == sources.ZIP
