"""Packed files that would do harm: known before anything of them is kept in memory (B-13)."""

import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

# A packed file that grows more than this is no table but a trap; small ones do no harm.
HIGHEST_RATIO = 100
HARMLESS = 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
# Of a workbook, which is read far more slowly than a CSV file.
MOST_ROWS, MOST_CELLS = 200_000, 5_000_000
PIECE = 256 * 1024
ROW, CELL = re.compile(rb"<(?:\w+:)?row[ />]"), re.compile(rb"<(?:\w+:)?c[ />]")
# A workbook needs no document type; one that has it wants to reach outside, or to grow.
DOCTYPE = b"<!DOCTYPE"
# Pieces overlap, so that no mark is cut in two.
OVERLAP = 64


class Trap(Exception):
    """Why a file is not unpacked, in words that follow "cannot be read:"."""


def check_gzip(file: BinaryIO) -> None:
    """Unpack once without keeping anything: a trap or a torn file is known before the start."""
    limit = _limit(file)
    grown = 0
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            while piece := packed.read(PIECE):
                grown += len(piece)
                if grown > limit:
                    raise _too_large(grown)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Trap(_("the packed file is damaged")) from error
    if not grown:
        raise Trap(_("the file is empty"))
    file.seek(0)


def check_workbook(file: BinaryIO) -> None:
    """Look through its parts as bytes: sizes, rows, cells, and what reaches outside.

    Through all of them: which one is a sheet the workbook itself says, whatever it is called.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            grown = sum(entry.file_size for entry in entries)
            if grown > _limit(file):
                raise _too_large(grown)
            counts = [0, 0]
            for entry in entries:
                _check_part(packed, entry, counts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Trap(_("the packed file is damaged")) from error


def _limit(file: BinaryIO) -> int:
    size = os.fstat(file.fileno()).st_size
    return min(max(size * HIGHEST_RATIO, HARMLESS), MOST_UNPACKED)


def _too_large(grown: int) -> Trap:
    if grown > MOST_UNPACKED:
        limit = MOST_UNPACKED // 2**20
        return Trap(_("unpacked it is larger than %(limit)d MB") % {"limit": limit})
    return Trap(_("unpacked it would grow more than 100 times"))


def _check_part(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, counts: list[int]) -> None:
    for piece, fresh in _pieces(packed, entry):
        # Without its zeros, text of two bytes a character reads as the rest does.
        if DOCTYPE in piece.replace(b"\0", b"").upper():
            raise Trap(_("it has a document type, which no workbook needs"))
        counts[0] += len(ROW.findall(fresh))
        counts[1] += len(CELL.findall(fresh))
        if counts[0] > MOST_ROWS or counts[1] > MOST_CELLS:
            raise Trap(_("a workbook of so many rows is too large; save it as CSV"))


def _pieces(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Each piece with the end of the one before it, and alone."""
    before = b""
    with packed.open(entry) as part:
        while piece := part.read(PIECE):
            yield before + piece, piece
            before = piece[-OVERLAP:]
