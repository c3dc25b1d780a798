"""Checking and filling a template, by docxtpl."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import XmlchemyError
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from lxml import etree

from csm.kit.docx import package
from csm.kit.docx.language import Reader, Wrong, environment
from csm.kit.docx.shapes import Plain, clean, doubled, emptied, shape_of
from csm.kit.errors import Refused

# What docxtpl and python-docx raise for a document that is odd inside.
DAMAGES = (
    *(TemplateError, OpcError, XmlchemyError, etree.LxmlError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError),
)
PARAGRAPH = re.compile(r"<w:p(?=[ >])")
TAG = re.compile(r"<[^>]+>")
# An instruction that begins, and one that ends; and what an input method makes of them.
MARK = re.compile(r"\{[{%#]|[}%#]\}")
PAIRS = {"{{": "}}", "{%": "%}", "{#": "#}"}
FULL_WIDTH = re.compile(r"｛[｛{%％]|\{[｛％]|[%％}｝]｝|[％｝]\}")
# The same line before and after docxtpl has taken it apart.
PREFIX = re.compile(r"(\{[{%#])(?:tr|tc|p|r)?\s+")
SHOWN = 60


class Filled(DocxTemplate):  # type: ignore[misc]
    """Fields stand in the text, its headers and footers; nowhere else is anything filled in."""

    def render_properties(self, context: object, jinja_env: object = None) -> None:
        """Title, author and the rest stay as they are."""

    def render_footnotes(self, context: object, jinja_env: object = None) -> None:
        """Left alone: docxtpl would fill them once for each section, the second time with what it
        filled in the first time."""

    def texts(self) -> Iterator[tuple[str, str]]:
        """Where, and what is filled there: one line for each paragraph."""
        self.init_docx()
        yield "", _lines(self.get_xml())
        for uri, name in (
            (self.HEADER_URI, pgettext("of a page", "header")),
            (self.FOOTER_URI, pgettext("of a page", "footer")),
        ):
            for _key, part in self.get_headers_footers(uri):
                yield name, _lines(self.get_part_xml(part))


def check(content: bytes, example: Mapping[str, Plain]) -> None:
    """Refuse a template that is no document, or that says what cannot be filled.

    `example` has every field; its lists have a value each. The words of the refusal name the line.
    """
    package.check(content)
    names = {name: shape_of(value) for name, value in example.items()}
    try:
        template = Filled(BytesIO(content))
        for where, text in template.texts():
            _check_text(where, text, template, Reader(names))
        # What a loop or a condition leaves out or repeats has to be whole.
        for values in (doubled(dict(example)), emptied(dict(example))):
            etree.fromstring(template.build_xml(values, environment()))
        fill(content, example)
    except etree.XMLSyntaxError as error:
        words = _("A loop or condition begins in one part of a table and ends in another.")
        raise Refused(words) from error
    except DAMAGES as error:
        raise package.no_document() from error


def fill(content: bytes, values: Mapping[str, Plain]) -> bytes:
    """The document; what was filled in is text, whatever it looks like."""
    template, filled = Filled(BytesIO(content)), BytesIO()
    template.render(clean(dict(values)), environment(), autoescape=True)
    template.save(filled)
    return filled.getvalue()


def _lines(xml: str) -> str:
    """The text with every paragraph on a line of its own."""
    return PARAGRAPH.sub("\n<w:p", xml.replace("\n", " "))


def _check_text(where: str, text: str, template: Filled, reader: Reader) -> None:
    before = [TAG.sub("", line).strip() for line in text.split("\n")]
    for line in before:
        if words := _problem_of(line):
            raise _refusal(where, line, before, words)
    patched = template.patch_xml(text)
    after = [TAG.sub("", line).strip() for line in patched.split("\n")]
    try:
        reader.read(environment().parse(patched).body)
    except Wrong as wrong:
        raise _refusal(where, after[wrong.line - 1], before, wrong.words) from wrong
    except TemplateSyntaxError as error:
        words = _("this cannot be read: %(reason)s") % {"reason": str(error.message).rstrip(".")}
        raise _refusal(where, after[error.lineno - 1], before, words) from error


def _problem_of(line: str) -> str:
    """What is wrong with a paragraph's marks; empty if nothing is."""
    if FULL_WIDTH.search(line):
        return _("write braces and percent signs in half width")
    opened = ""
    for mark in MARK.findall(line):
        if bool(opened) == (mark in PAIRS) or (opened and mark != PAIRS[opened]):
            return _("what begins with two braces has to end in the same paragraph")
        opened = mark if mark in PAIRS else ""
    return _("what begins with two braces has to end in the same paragraph") if opened else ""


def _refusal(where: str, line: str, lines: list[str], words: str) -> Refused:
    """The line by its number among those that have text, and by its words."""
    key, filled = PREFIX.sub(r"\1 ", line), [PREFIX.sub(r"\1 ", each) for each in lines if each]
    place = _("line %(number)d") % {"number": filled.index(key) + 1} if key in filled else ""
    named = pgettext("between names", ", ").join(filter(None, (where, place)))
    shown = unescape(line)[:SHOWN]
    text = _("%(place)s “%(line)s”: %(fault)s.") % {"place": named, "line": shown, "fault": words}
    text = text.strip()
    return Refused(text[:1].upper() + text[1:])
