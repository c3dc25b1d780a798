"""Whether a file holds any of some words: text, tables, Word and Excel files, packed or not."""

import gzip
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import IO, cast
from xml.sax.saxutils import escape

CHUNK = 2**20
# Unpacked bytes of one file: a longer one is a trap, or too long to wait for.
MOST = 2**30
# A Word file in a ZIP file is 2.
DEEPEST = 3
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
ZIP, GZIP, PDF = b"PK\x03\x04", b"\x1f\x8b", b"%PDF"
BROKEN = (OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error)


def may_hold(content: IO[bytes], words: Collection[str]) -> bool:
    """False only where all of it was read and no word stands there, as it is written in `words`.

    True, too, where that cannot be known: PDF, damaged, locked, or unpacked longer than `MOST`.
    A word that is broken by formatting within a cell is not seen.
    """
    needles = {needle for word in words if word for needle in _spelled(word)}
    longest = max(map(len, needles), default=1)
    tail, last, read = b"", None, 0
    try:
        for part, chunk in _chunks(content, DEEPEST):
            read += len(chunk)
            if read > MOST:
                return True
            text = (tail if part == last else b"") + chunk
            if any(needle in text for needle in needles):
                return True
            tail, last = text[-longest:], part
    except (*BROKEN, zipfile.BadZipFile):
        return True
    return False


def _spelled(word: str) -> Iterator[bytes]:
    """The ways in which it may be written, in XML, too."""
    for plain in (word, escape(word)):
        yield plain.encode("ascii", "xmlcharrefreplace")
        for encoding in ENCODINGS:
            yield plain.encode(encoding)


def _chunks(content: IO[bytes], depth: int, part: str = "") -> Iterator[tuple[str, bytes]]:
    """The plain bytes, with the part of the file to which they belong."""
    start = content.read(CHUNK)
    if start.startswith((PDF, ZIP, GZIP)) and (depth == 0 or start.startswith(PDF)):
        raise ValueError("nobody can tell what stands in it")
    if start.startswith(ZIP):
        with zipfile.ZipFile(content) as packed:
            for entry in packed.infolist():
                yield part, entry.filename.encode()
                with packed.open(entry) as inner:
                    yield from _chunks(inner, depth - 1, f"{part}/{entry.filename}")
    elif start.startswith(GZIP):
        content.seek(0)
        with gzip.open(content) as inner:
            yield from _chunks(cast(IO[bytes], inner), depth - 1, f"{part}/")
    else:
        while start:
            yield part, start
            start = content.read(CHUNK)
