"""In which encoding a file is written, and what stands between its columns."""

import codecs
import gzip
import zlib
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from csm.kit.reading import sources

DELIMITERS = (",", ";", "\t", "|")
START = 256 * 1024


@dataclass(frozen=True)
class Plain:
    """A layout of which nothing is known but how it is written."""

    written_in: str
    delimiter: str
    used_columns: Set[str] = frozenset()

    @property
    def encoding(self) -> str:
        """With or without a mark at its start."""
        name = codecs.lookup(self.written_in).name
        return "utf-8-sig" if name == "utf-8" else name


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
