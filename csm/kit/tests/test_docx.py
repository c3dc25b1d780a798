"""Templates from outside: what is no document, would run, reach outside or grow is refused."""

import io
import zipfile
from typing import Any

import pytest

from csm.kit import docx
from csm.kit.docx import package
from csm.kit.errors import Refused
from csm.tests.word_files import made, part, text_of, with_parts

EXAMPLE: dict[str, Any] = {
    "number": "1",
    "order": {"title": "t"},
    "causes": [{"text": "c", "whys": ["w"]}],
}
RELS = "word/_rels/document.xml.rels"
DOCUMENT = "word/document.xml"


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        docx.check(content, EXAMPLE)
    return caught.value.message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ nubmer }}", "“{{ nubmer }}”: there is no field “nubmer” (do you mean “number”?)"),
        ("{{ order.titel }}", "do you mean “order.title”?"),
        ("{{ order }}", "this is a group; name one of its fields: title"),
        ("{{ causes }}", "this is a list; go through it with “for”"),
        ("{{ number.__class__ }}", "there is no field “number.__class__”"),
        ("{{ ''.__class__.__mro__ }}", "there is no field"),
        ("{{ number|safe }}", "no “safe”"),
        ("{{ number|attr('x') }}", "no “attr”"),
        ("{{ range(9) }}", "no “call”"),
        ("{{ 9**999999 }}", "no “pow”"),
        ("{{ number * 9999999 }}", "no “mul”"),
        ("{{ number[0] }}", "no “getitem”"),
        ("{% set a = number %}", "no “assign”"),
        ("{% include 'x' %}", "no “include”"),
        ("{% import 'x' as y %}", "no “import”"),
        ("{% macro m() %}x{% endmacro %}", "no “macro”"),
        ("{% autoescape false %}{{ number }}{% endautoescape %}", "no “scope”"),
        ("{% for a in number %}x{% endfor %}", "this is no list"),
        ("{% for a in causes recursive %}x{% endfor %}", "no “for”"),
        ("{% for a in causes %}" * 3 + "x" + "{% endfor %}" * 3, "so many loops"),
        ("{% for a in causes %}", "this cannot be read"),
        ("{% fro a in causes %}", "unknown tag 'fro'"),
        ("{{ number", "has to end in the same paragraph"),
        ("number }}", "has to end in the same paragraph"),
        ("{{ number %}", "has to end in the same paragraph"),
        ("｛｛ number ｝｝", "in half width"),
        ("{{ a b }}", "this cannot be read"),
    ],
)  # fmt: skip
def test_b05_a_template_that_cannot_be_filled_names_its_line(line: str, words: str) -> None:
    said = refusal(made("First", line))
    assert words in said
    assert said.startswith("Line 2 “")


def test_b05_a_fault_in_the_header_is_found_too() -> None:
    assert refusal(made("text", header="{{ nothing }}")).startswith("Header, line 1 “{{ nothing }}")


def test_b05_a_loop_across_a_table_is_refused() -> None:
    said = refusal(_table_cut_in_two())
    assert "begins in one part of a table and ends in another" in said


def _table_cut_in_two() -> bytes:
    plain = made("{% for a in causes %}x", "y{% endfor %}")
    xml = part(plain, DOCUMENT).decode()
    start, end = xml.index("<w:p>"), xml.index("</w:p>") + 6
    cell = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{xml[start:end]}"
    return with_parts(
        plain, {DOCUMENT: (xml[:start] + cell + "</w:tc></w:tr></w:tbl>" + xml[end:]).encode()}
    )


def test_b05_what_is_filled_in_stays_text() -> None:
    hostile = "<w:p>&amp;</w:t>{{ 7*7 }}{% set x %}{_{ 1 }_}\x07\x0c\x00\r\nnext\tcell"
    template = made("{{ number }}", "{%p for c in causes %}", "{{ c.text }}", "{%p endfor %}")
    docx.check(template, EXAMPLE)
    values = EXAMPLE | {"number": hostile, "causes": [{"text": hostile, "whys": []}] * 2}
    text = text_of(docx.fill(template, values))
    assert text.count("<w:p>&amp;</w:t>{{ 7*7 }}{% set x %}") == 3
    assert "49" not in text
    assert text.count("\nnext\tcell") == 3
    assert not set("\x07\x0c\x00") & set(text)


def test_a_template_may_have_fields_loops_and_conditions() -> None:
    template = made(
        "{{ number|upper }} {{ order.title or '—' }}",
        "{%p for c in causes %}",
        "{{ loop.index }} {{ c.text }}: {% for w in c.whys %}{{ w }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}",
        "{%p endfor %}",
        "{{ causes|length }}{% if number == 'a' %} is a{% else %} is not{% endif %}",
        header="{{ number }}",
    )
    docx.check(template, EXAMPLE)
    values: dict[str, Any] = {
        "number": "a",
        "order": {"title": ""},
        "causes": [{"text": "one", "whys": ["x", "y"]}, {"text": "two", "whys": []}],
    }
    assert text_of(docx.fill(template, values)).split("\n") == [
        *("a", ""),
        *("A —", "1 one: x, y", "2 two: ", "2 is a"),
    ]


def external(target: str, kind: str = "image") -> bytes:
    relationship = (
        f'<Relationship Id="rId99" Type="http://schemas/relationships/{kind}" Target="{target}"'
        ' TargetMode="External"/></Relationships>'
    )
    plain = made("x")
    rels = part(plain, RELS).replace(b"</Relationships>", relationship.encode())
    return with_parts(plain, {RELS: rels})


@pytest.mark.parametrize(
    "target",
    ["http://canary.example/x.png", "file:///etc/passwd", r"\\host\share\x", "//host/x"],
)
def test_b11_a_template_that_reaches_outside_is_refused(target: str) -> None:
    assert f"points to something outside: “{target}”" in refusal(external(target))


def word_field(code: str) -> bytes:
    """A field whose code lies in two runs."""
    half = len(code) // 2
    runs = "".join(
        f"<w:r>{inner}</w:r>"
        for inner in (
            '<w:fldChar w:fldCharType="begin"/>',
            f"<w:instrText>{code[:half]}</w:instrText>",
            f"<w:instrText>{code[half:]}</w:instrText>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    plain = made("x")
    return with_parts(plain, {
        DOCUMENT: part(plain, DOCUMENT).replace(b"<w:r>", runs.encode() + b"<w:r>", 1),
    })  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["INCLUDEPICTURE x", "INCLUDETEXT x", "DDEAUTO c cmd", "dde x", "LINK x", "HYPERLINK x"],
)
def test_b11_a_field_of_word_that_fetches_or_runs_is_refused(code: str) -> None:
    assert f"The field “{code}” of Word" in refusal(word_field(code))
    docx.check(word_field("PAGE"), EXAMPLE)


TYPES = "[Content_Types].xml"
BOMB = b"<x>" + b" " * (package.MOST_XML + 10) + b"</x>"
DOCTYPE = b'<!DOCTYPE w [<!ENTITY a "b">]>'


def as_macro_file(content: bytes) -> bytes:
    was, now = b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    return with_parts(content, {TYPES: part(content, TYPES).replace(was, now)})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"plain text", "no Word document"),
        (b"", "no Word document"),
        (b"PK\x03\x04 torn", "no Word document"),
        (with_parts(made("x"), {TYPES: b"<Types/>"}), "no Word document"),
        (as_macro_file(made("x")), "macros or other programs"),
        (with_parts(made("x"), {"word/vbaProject.bin": b"x"}), "macros or other programs"),
        (with_parts(made("x"), {"word/embeddings/a.docx": b"x"}), "macros or other programs"),
        (with_parts(made("x"), {"word/odd.xml": b"<x"}), "“word/odd.xml” of the file cannot"),
        (with_parts(made("x"), {"word/odd.html": b"<script>"}), "“word/odd.html” of the file"),
        (with_parts(made("x"), {"word/bomb.xml": BOMB}), "far too large"),
        (with_parts(made("x"), {"word/bomb.png": b"\0" * 30_000_000}), "far too large"),
        (
            with_parts(made("x"), {"word/d.xml": DOCTYPE + b"<w>&a;</w>"}),
            "has a document type",
        ),
        (
            with_parts(made("x"), {"word/v.xml": b'<v:imagedata xmlns:v="urn:schemas-microsoft-com'
                                                 b':vml" src="http://canary.example/"/>'}),
            "points to something outside",
        ),
    ],
)  # fmt: skip
def test_b11_b13_what_is_more_than_a_document_is_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_b13_a_large_file_is_refused_before_it_is_opened() -> None:
    assert "larger than 5 MB" in refusal(b"PK" + b"\0" * package.MOST_BYTES)


def with_types(content: bytes, line: str, changed: dict[str, bytes]) -> bytes:
    types = part(content, TYPES).replace(b"</Types>", line.encode() + b"</Types>")
    return with_parts(content, {TYPES: types, **changed})


def packed_by(way: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", way) as now:
        for name in ("[Content_Types].xml", DOCUMENT):
            now.writestr(name, part(made("x"), name))
    return file.getvalue()


def twice(name: str) -> bytes:
    file = io.BytesIO(made("x"))
    with zipfile.ZipFile(file, "a") as now:
        now.writestr(name, b"<x/>")
    return file.getvalue()


HEADER = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"


@pytest.mark.parametrize(
    "content",
    [
        # XML that has the name of a picture, so that it would not be read.
        with_types(made("x"), f'<Override PartName="/word/h.png" ContentType="{HEADER}"/>', {}),
        with_types(made("x"), f'<Default Extension="GIF" ContentType="{HEADER}; a=b"/>', {}),
        packed_by(zipfile.ZIP_LZMA),
        packed_by(zipfile.ZIP_BZIP2),
        twice("Word/Document.xml"),
    ],
)
def test_b11_b13_what_hides_from_the_check_is_refused(content: bytes) -> None:
    assert "no Word document" in refusal(content)


STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
CODE = '<w:fldChar w:fldCharType="begin"/><w:instrText>DDEAUTO c cmd</w:instrText>'
OTHER = tuple(
    f'<w:hdr xmlns:w="{STRICT}">{inner}</w:hdr>'
    for inner in ('<w:p><w:fldSimple w:instr="DDEAUTO c cmd"/></w:p>', CODE)
)
MERGE = (
    '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:mailMerge><w:connectString w:val="DSN=x"/></w:mailMerge></w:settings>'
)


@pytest.mark.parametrize("xml", [*OTHER, MERGE])
def test_b11_what_runs_is_found_in_every_namespace(xml: str) -> None:
    assert "of Word is not possible" in refusal(with_parts(made("x"), {"word/h.xml": xml.encode()}))


def test_b29_a_field_of_endless_brackets_is_refused() -> None:
    assert "no Word document" in refusal(
        made("{{ " + "(" * 20_000 + "number" + ")" * 20_000 + " }}")
    )
