"""An address as a QR code: drawn into the page itself, or as a file."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str) -> SafeString:
    """An SVG element as large as its box; a camera finds the code by the white around it."""
    code = segno.make_qr(address, error="m")
    svg = code.svg_inline(omitsize=True, border=4, dark="#000", svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308  made of our own address, which is encoded, not quoted


def file(address: str) -> bytes:
    """An SVG file, a millimetre to each point."""
    content = BytesIO()
    segno.make_qr(address, error="m").save(content, kind="svg", border=4, unit="mm")
    return content.getvalue()
