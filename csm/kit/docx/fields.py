"""The fields of Word itself: page numbers and dates are fine, what fetches or runs is not."""

from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from csm.kit.errors import Refused

# Word knows its elements by two namespaces.
ANY = "{*}"
ALLOWED = {
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "SEQ", "STYLEREF", "TOC"),
    *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TITLE", "SUBJECT", "AUTHOR"),
}


def check(root: Any) -> None:
    """Refuse a part with any other field: its code may be spread over many runs."""
    for each in root.iter(f"{ANY}mailMerge"):
        _check_code(etree.QName(each).localname)
    for each in root.iter(f"{ANY}fldSimple"):
        _check_code(_attribute(each, "instr") or "")
    open_codes: list[str] = []
    for each in root.iter(f"{ANY}fldChar", f"{ANY}instrText"):
        kind = _attribute(each, "fldCharType")
        if kind == "begin":
            open_codes.append("")
        elif kind == "end" and open_codes:
            _check_code(open_codes.pop())
        elif kind is None:
            # Code outside a field does nothing by itself, but Word may take it for one.
            code = (open_codes.pop() if open_codes else "") + (each.text or "")
            open_codes.append(code)
    for code in open_codes:
        _check_code(code)


def _attribute(element: Any, name: str) -> str | None:
    """Whatever its namespace."""
    found = (value for key, value in element.attrib.items() if etree.QName(key).localname == name)
    return next(found, None)


def _check_code(code: str) -> None:
    words = code.split()
    if words and words[0].upper() not in ALLOWED:
        text = _("The field “%(code)s” of Word is not possible in a template.")
        raise Refused(text % {"code": code.strip()[:80]})
