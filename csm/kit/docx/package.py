"""A DOCX file from outside, looked through as the ZIP file that it is (B-11, B-13).

Nothing of it may run, reach outside, or grow without end. Every part is either a known picture or
font, or XML that is parsed without entities.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from csm.kit.docx import fields
from csm.kit.errors import Refused

MEGABYTE = 2**20
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 40 * MEGABYTE
MOST_XML = 4 * MEGABYTE
HIGHEST_RATIO = 100
# So much may grow at any ratio: text packs well.
HARMLESS = 2 * MEGABYTE
MOST_PARTS = 500

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# How a part may be packed; other ways take memory as the file says.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MEDIA = {
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf"),
    *(".ttf", ".otf", ".odttf"),
}
ACTIVE = re.compile(r"vba|macro|activex|oleobject|/embeddings/|\.bin$|\.exe$", re.IGNORECASE)
# Relationships (the end of their type) that bring other documents or programs along.
FOREIGN = {
    *("oleObject", "package", "control", "aFChunk", "subDocument", "frame", "attachedTemplate"),
    *("vbaProject", "mailMergeSource", "mailMergeHeaderSource", "externalLinkPath"),
}
# Attributes of old drawings that name an address without a relationship.
ADDRESSES = ("src", "href")


def check(content: bytes) -> None:
    """Refuse what is no DOCX file, or one that is more than a document."""
    if len(content) > MOST_BYTES:
        limit = MOST_BYTES // MEGABYTE
        raise Refused(_("The file is larger than %(limit)d MB.") % {"limit": limit})
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            _check_sizes(packed, len(content))
            parts = dict(_parts(packed))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise no_document() from error
    _check_kind(parts.get("[Content_Types].xml"))
    if "word/document.xml" not in parts:
        raise no_document()
    for name, root in parts.items():
        if name.endswith(".rels"):
            _check_relationships(root)
        else:
            _check_addresses(root)
            fields.check(root)


def no_document() -> Refused:
    return Refused(_("This is no Word document (.docx), or it is damaged."))


def _check_sizes(packed: zipfile.ZipFile, size: int) -> None:
    """By what the entries say: no more than that is ever unpacked of one."""
    entries = packed.infolist()
    grown = sum(entry.file_size for entry in entries)
    is_xml_large = any(
        entry.file_size > MOST_XML for entry in entries if not _is_media(entry.filename)
    )
    is_bomb = grown > max(size * HIGHEST_RATIO, HARMLESS) or grown > MOST_UNPACKED
    if is_bomb or is_xml_large or len(entries) > MOST_PARTS:
        raise Refused(_("Unpacked, the file is far too large for a template."))
    # Two parts of one name: one program reads the first, another the last.
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries) or any(entry.compress_type not in PACKED for entry in entries):
        raise no_document()


def _is_media(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in MEDIA


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, Any]]:
    """Every part that is XML, parsed."""
    for name in packed.namelist():
        if ACTIVE.search(name):
            raise _active(name)
        if name.endswith("/"):
            continue
        content = packed.read(name)
        if not _is_media(name):
            yield name, _parsed(name, content)


def _parsed(name: str, content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        text = _("The part “%(name)s” of the file cannot be read.") % {"name": name[:80]}
        raise Refused(text) from error
    if root.getroottree().docinfo.doctype:
        raise Refused(_("The file has a document type, which no Word document needs."))
    return root


def _check_kind(types: Any) -> None:
    """A document, not one with macros, whatever its name ends with."""
    if types is None:
        raise no_document()
    named = [str(each.get("ContentType", "")) for each in types.iter() if each.get("ContentType")]
    if any(_is_hidden(each) for each in types.iter()):
        raise no_document()
    for kind in named:
        if "macroenabled" in kind.lower() or "vba" in kind.lower():
            raise _active(kind)
    if MAIN not in named:
        raise no_document()


def _is_hidden(each: Any) -> bool:
    """Whether XML would be taken from a part that has the name of a picture, and was not read."""
    ending = str(each.get("Extension") or "")
    name = str(each.get("PartName") or f"x.{ending}")
    kind = str(each.get("ContentType") or "").partition(";")[0].strip().lower()
    return _is_media(name) and kind.endswith("xml")


def _active(name: str) -> Refused:
    text = _("The file brings macros or other programs along: “%(name)s”. Save it without them.")
    return Refused(text % {"name": name[:80]})


def _check_relationships(root: Any) -> None:
    for each in root.iter("{*}Relationship"):
        target, mode = each.get("Target", ""), each.get("TargetMode", "Internal")
        kind = each.get("Type", "").rpartition("/")[2]
        if mode != "Internal" or _is_outside(target):
            raise outside(target)
        if kind in FOREIGN:
            raise _active(target)


def _check_addresses(root: Any) -> None:
    for each in root.iter("{urn:schemas-microsoft-com:vml}*"):
        for name, value in each.attrib.items():
            if etree.QName(name).localname in ADDRESSES and _is_outside(value):
                raise outside(value)


def _is_outside(target: str) -> bool:
    plain = target.strip().lower()
    return ":" in plain or plain.startswith(("//", "\\"))


def outside(target: str) -> Refused:
    text = _("The file points to something outside: “%(target)s”. Remove the link or picture.")
    return Refused(text % {"target": target[:120]})
