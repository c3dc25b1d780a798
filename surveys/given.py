"""Reading what somebody filled in: names and strings in, checked answers out. No database.

A form names its fields `q-KEY` (a number, an option, a text), `q-KEY--ITEM` for one item of a
matrix or an order, `why-KEY` for the reason of a low score, and `importance-…`, `expectation-…`,
`competitor-…` with the same endings. A program gives the same as JSON, see `from_program`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from surveys.conditions import shown
from surveys.models import Question, QuestionKind

BESIDE = ("importance", "expectation", "competitor")
LONGEST = 5000
# What a number that somebody types may be.
LARGEST = Decimal(9_999_999)
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Given:
    """One answer: the fields of `Answer` without its response."""

    question: Question
    item: str = ""
    value: Decimal | None = None
    choices: tuple[str, ...] = ()
    text: str = ""
    importance: int | None = None
    expectation: int | None = None
    competitor: int | None = None

    @property
    def is_empty(self) -> bool:
        return self.value is None and not self.choices and not self.text


@dataclass(frozen=True)
class Sheet:
    """What was read: the questions that were to be asked, the answers, and what is wrong.

    `problems` is by the name of the field; `missing` are required questions without an answer.
    """

    asked: list[Question]
    answers: list[Given]
    problems: dict[str, str]
    missing: dict[str, str]


def read(questions: Sequence[Question], fields: Fields) -> Sheet:
    """Read a sheet. Names that belong to no question are left alone, as forms have others, too."""
    problems: dict[str, str] = {}
    found: dict[str, list[Given]] = {}
    for question in questions:
        rows = [_row(question, item, fields, problems) for item in _items(question)]
        found[question.key] = [row for row in rows if not row.is_empty]
        if question.kind == QuestionKind.RANKING:
            _check_order(question, found[question.key], problems)
    asked = shown(questions, {key: _told(rows) for key, rows in found.items() if rows})
    keys = {question.key for question in asked}
    return Sheet(
        asked=asked,
        answers=[row for key in keys for row in found[key]],
        problems={name: text for name, text in problems.items() if _key(name) in keys},
        missing={
            _name(question): _("Please answer this question.")
            for question in asked
            if question.is_required and len(found[question.key]) < len(_items(question))
        },
    )


def from_program(
    answers: Iterable[Mapping[str, Any]], questions: Sequence[Question]
) -> dict[str, list[str]]:
    """Fields of `[{"question", "item", "value", "choices", "text", …}]`, as a form has them.

    Raises `Refused` where a question or an item is not asked, or answered twice.
    """
    known = {(row.key, item) for row in questions for item in _items(row)}
    fields: dict[str, list[str]] = {}
    for row in answers:
        place = (str(row["question"]), str(row.get("item") or ""))
        if place not in known:
            words = _("This is not asked, or answered twice: %(name)s") % {
                "name": " · ".join(filter(None, place))
            }
            raise Refused.at("answers", words)
        known.remove(place)
        ending = f"{row['question']}--{row['item']}" if row.get("item") else str(row["question"])
        if row.get("choices"):
            fields[f"q-{ending}"] = [str(each) for each in row["choices"]]
        elif row.get("value") is not None:
            fields[f"q-{ending}"] = [str(row["value"])]
        if row.get("text"):
            name = "q" if f"q-{ending}" not in fields else "why"
            fields[f"{name}-{ending}"] = [str(row["text"])]
        for name in BESIDE:
            if row.get(name) is not None:
                fields[f"{name}-{ending}"] = [str(row[name])]
    return fields


def _row(question: Question, item: str, fields: Fields, problems: dict[str, str]) -> Given:
    name = _name(question, item)
    raw = [text.strip() for text in fields.get(name, ()) if text.strip()]
    given: dict[str, Any] = {}
    if raw:
        try:
            given = _value(question, raw)
        except ValueError as error:
            problems[name] = str(error)
    beside: dict[str, Any] = {
        kind: _beside(fields, name, kind, problems)
        for kind in BESIDE
        if getattr(question, f"with_{kind}")
    }
    if given and question.scale:
        given["text"] = _why(fields, name, problems)
    return Given(question, item, **given, **beside)


def _why(fields: Fields, name: str, problems: dict[str, str]) -> str:
    """The reason of a mark; what is too long is said, and not kept."""
    own = name.replace("q-", "why-", 1)
    try:
        return _text("".join(fields.get(own, ())).strip())
    except ValueError as error:
        problems[own] = str(error)
        return ""


def _value(question: Question, raw: list[str]) -> dict[str, Any]:
    if question.kind == QuestionKind.TEXT:
        return {"text": _text(raw[0])}
    if question.options:
        known = {row["key"] for row in question.options}
        most = len(known) if question.kind == QuestionKind.MULTIPLE else 1
        if not set(raw) <= known or len(raw) > most or len(set(raw)) < len(raw):
            raise ValueError(_("Choose from the list."))
        return {"choices": tuple(raw)}
    return {"value": _number(raw[0], *_limits(question))}


def _limits(question: Question) -> tuple[Decimal, Decimal, bool]:
    """Lowest, highest, and whether only whole numbers are answers."""
    if question.scale:
        return Decimal(question.scale[0]), Decimal(question.scale[1]), True
    if question.kind == QuestionKind.RANKING:
        return Decimal(1), Decimal(len(question.items)), True
    return -LARGEST, LARGEST, False


def _number(text: str, lowest: Decimal, highest: Decimal, is_whole: bool) -> Decimal:
    problem = _("Enter a number from %(low)s to %(high)s.") % {"low": lowest, "high": highest}
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(problem) from None
    if not number.is_finite() or not lowest <= number <= highest:
        raise ValueError(problem)
    if is_whole and number != number.to_integral_value():
        raise ValueError(problem)
    return number.quantize(Decimal("0.01"))


def _beside(fields: Fields, name: str, kind: str, problems: dict[str, str]) -> int | None:
    own = name.replace("q-", f"{kind}-", 1)
    raw = "".join(fields.get(own, ())).strip()
    if not raw:
        return None
    try:
        return int(_number(raw, Decimal(1), Decimal(7), True))
    except ValueError as error:
        problems[own] = str(error)
        return None


def _text(text: str) -> str:
    """As long as a browser counts it, where the end of a line is one sign."""
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise ValueError(_("At most %(n)s characters.") % {"n": LONGEST})
    # PostgreSQL keeps no zero bytes, and other control characters say nothing.
    return "".join(sign for sign in text if sign >= " " or sign in "\n\r\t")


def _check_order(question: Question, rows: list[Given], problems: dict[str, str]) -> None:
    """Each place once, and all places or none."""
    places = sorted(int(row.value) for row in rows if row.value is not None)
    if rows and places != list(range(1, len(question.items) + 1)):
        problems[_name(question)] = _("Give each a place of its own, from first to last.")


def _told(rows: list[Given]) -> Any:
    """What conditions may ask about: the number, the choices, or the text of the first row."""
    first = rows[0]
    return first.value if first.value is not None else (list(first.choices) or first.text)


def _items(question: Question) -> list[str]:
    return [row["key"] for row in question.items] or [""]


def _name(question: Question, item: str = "") -> str:
    return f"q-{question.key}--{item}" if item else f"q-{question.key}"


def _key(name: str) -> str:
    """The question of a field."""
    return name.split("-", 1)[1].split("--", maxsplit=1)[0]
