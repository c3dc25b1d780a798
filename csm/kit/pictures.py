"""Pictures without what cameras and programs write into them: place, device, owner, comments."""

import re

JPEG, PNG = "image/jpeg", "image/png"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks that a PNG is drawn from; all others are words, times, places.
DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs"}
SOS, END, ADOBE = 0xDA, 0xD9, 0xEE
# Between the data of a picture only these follow an FF: itself escaped, and restarts.
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def bare(content: bytes, content_type: str) -> bytes:
    """The same picture with nothing beside it; ValueError for what is none."""
    try:
        return _jpeg(content) if content_type == JPEG else _png(content)
    except IndexError:
        raise ValueError("a picture that ends too soon") from None


def _jpeg(content: bytes) -> bytes:
    """Whatever follows its end is another picture or a trailer of the device: left out, too."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept, at = bytearray(content[:2]), 2
    while content[at + 1] != END:
        if content[at] != 0xFF:
            raise ValueError("no segment where one begins")
        end = _end_of(content, at)
        if _is_drawn(content[at + 1], content[at + 4 : end]):
            kept += content[at:end]
        at = end
    return bytes(kept + b"\xff\xd9")


def _end_of(content: bytes, at: int) -> int:
    """Of the segment that begins there, with the data of the picture that follow it."""
    size = int.from_bytes(content[at + 2 : at + 4])
    end = at + 2 + size
    if size < 2 or end > len(content):
        raise ValueError("a segment that ends too soon")
    if content[at + 1] != SOS:
        return end
    found = NEXT_MARKER.search(content, end)
    if found is None:
        raise ValueError("a picture without an end")
    return found.start()


def _is_drawn(marker: int, body: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return marker == ADOBE or body.startswith((b"JFIF\0", b"ICC_PROFILE\0"))
    return 0xC0 <= marker <= 0xDF


def _png(content: bytes) -> bytes:
    if content[:8] != SIGNATURE:
        raise ValueError("no PNG")
    kept, at, kind = bytearray(SIGNATURE), 8, b""
    while kind != b"IEND":
        size, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(content):
            raise ValueError("a chunk that ends too soon")
        if kind in DRAWN:
            kept += content[at:end]
        at = end
    return bytes(kept)
