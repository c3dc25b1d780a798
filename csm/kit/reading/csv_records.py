"""Taking a CSV file apart so that one broken row costs that row and no other.

The standard reader swallows everything behind a quotation mark that is never closed. Here what was
swallowed is given back: the first line of a broken record is reported, the next line read anew.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from django.utils.translation import gettext as _

# In characters, for a line, and for a record of several lines: what the standard reader allows.
LONGEST = 131_072
MOST_LINES = 1000


@dataclass(frozen=True)
class Record:
    """The cells of one record. With a `fault` they are a guess, good for recognising the row."""

    cells: list[str]
    fault: str = ""


@dataclass
class Lines:
    """The lines of a file, cut at LONGEST characters, with those that were given back first."""

    file: TextIO
    _waiting: list[str] = field(default_factory=list)

    def take(self) -> str:
        """The next line with its end; empty after the last."""
        return self._waiting.pop() if self._waiting else self.file.readline(LONGEST)

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extend(reversed(lines))

    def drop_rest(self) -> None:
        """Read past the end of a line that was cut."""
        while (piece := self.file.readline(LONGEST)) and not _has_end(piece):
            continue


def _has_end(line: str) -> bool:
    return line.endswith(("\n", "\r"))


def _is_cut(line: str) -> bool:
    return len(line) >= LONGEST and not _has_end(line)


@dataclass
class Records:
    """The records of a CSV file. `width` is that of the header; before it is known, any will do."""

    lines: Lines
    delimiter: str
    width: int = 0

    def __iter__(self) -> Iterator[Record]:
        while (found := self._next()) is not None:
            yield found

    def _next(self) -> Record | None:
        taken: list[str] = []
        try:
            cells = next(csv.reader(self._feed(taken), delimiter=self.delimiter, strict=True))
        except StopIteration:
            return self._cut(taken[0]) if taken else None
        except csv.Error:
            return self._cut(taken[0]) if _is_cut(taken[0]) else self._broken(taken)
        if len(taken) > 1 and self._swallowed(cells, taken):
            return self._broken(taken)
        return self._checked(cells)

    def _feed(self, taken: list[str]) -> Iterator[str]:
        size = 0
        while size < LONGEST and len(taken) < MOST_LINES and (line := self.lines.take()):
            taken.append(line)
            if _is_cut(line):
                return
            size += len(line)
            yield line

    def _checked(self, cells: list[str]) -> Record:
        if not self.width or not cells or len(cells) == self.width:
            return Record(cells)
        if not any(cells[self.width :]) and len(cells) > self.width:
            return Record(cells[: self.width])
        return Record(
            cells,
            _("The row has %(found)d columns, the header has %(wanted)d.")
            % {"found": len(cells), "wanted": self.width},
        )

    def _swallowed(self, cells: list[str], taken: list[str]) -> bool:
        """Does a record that does not fit hide whole rows? Then a mark was left open in it."""
        return len(cells) != self.width and any(
            len(self._guess(line)) == self.width for line in taken[1:]
        )

    def _broken(self, taken: list[str]) -> Record:
        self.lines.give_back(taken[1:])
        return Record(
            self._guess(taken[0]),
            _("A quotation mark is not closed, or not doubled inside a text."),
        )

    def _cut(self, line: str) -> Record:
        self.lines.drop_rest()
        return Record(
            self._guess(line),
            _("The text is too long: more than %(limit)d characters.") % {"limit": LONGEST},
        )

    def _guess(self, line: str) -> list[str]:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=self.delimiter), [])
