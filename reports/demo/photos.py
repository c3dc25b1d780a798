"""Small pictures for the attachments."""

import random
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

WIDTH, HEIGHT = 200, 120


def photo(rng: random.Random) -> SimpleUploadedFile:
    """A picture of cartons, one of them crushed: enough to show that a photo is there."""
    cartons = [(x, y) for x in range(15, WIDTH - 40, 45) for y in range(25, HEIGHT - 35, 40)]
    crushed = rng.choice(cartons)
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in range(WIDTH):
            rows += bytes(_colour(x, y, cartons, crushed))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    )
    return SimpleUploadedFile("现场照片.png", content, "image/png")


def _colour(
    x: int, y: int, cartons: list[tuple[int, int]], crushed: tuple[int, int]
) -> tuple[int, int, int]:
    for left, top in cartons:
        if left <= x < left + 38 and top <= y < top + 32:
            if (left, top) == crushed:
                return (122, 84, 52) if (x + y) % 14 < 7 else (158, 112, 72)
            return (176, 132, 88) if abs(y - top - 16) > 3 else (214, 190, 150)
    return 92 + y // 4, 98 + y // 4, 104 + y // 4


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
