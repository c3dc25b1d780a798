"""A version of a work order as lines of words, and what differs between two of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from complaints.actions.order_sections import SECTIONS
from complaints.models import CauseCategory, EvidenceKind, MeasureGroup, Party, WorkOrder
from complaints.models.work_order import STANDINGS

Sections = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A column or a list of the order under its name."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A line of a comparison: `same`, `removed` or `added`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    label: str
    lines: tuple[Line, ...]


def words_of(sections: Sections) -> list[Part]:
    """All parts, in the order of the form; an empty one has no lines. `sections` is a snapshot."""
    columns = {name: Part(_label(name), _lines(name, sections.get(name))) for name in SECTIONS}
    lists = {
        name: Part(label(), tuple(line for row in sections.get(name, ()) for line in words(row)))
        for name, (label, words) in LISTS.items()
    }
    before = list(columns)
    place = before.index("remarks") + 1
    return [
        *(columns[name] for name in before[:place]),
        *lists.values(),
        *(columns[name] for name in before[place:]),
    ]


def compare(before: Sections, after: Sections) -> list[Difference]:
    """Only the parts that differ, each with all its lines."""
    return [
        Difference(old.label, tuple(_compared(old.lines, new.lines)))
        for old, new in zip(words_of(before), words_of(after), strict=True)
        if old.lines != new.lines
    ]


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Line("same", text) for text in old[a:b]]
        else:
            found += [Line("removed", text) for text in old[a:b]]
            found += [Line("added", text) for text in new[c:d]]
    return found


def _label(name: str) -> str:
    return str(capfirst(WorkOrder._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _lines(name: str, value: Any) -> tuple[str, ...]:
    if value in (None, ""):
        return ()
    if isinstance(value, bool):
        return (_("Satisfied") if value else _("Not satisfied"),)
    if name == "occurred_at":
        value = _moment(value)
    if name == "customer_standing":
        value = dict(STANDINGS).get(value, value)
    return tuple(str(value).splitlines())


def _moment(text: str | None) -> str:
    moment = parse_datetime(text) if text else None
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _told(row: Sections) -> list[str]:
    """An entry, or an emergency measure: when, perhaps where, what."""
    words = " ".join(filter(None, (_moment(row["at"]), row.get("place"), row["text"])))
    return words.splitlines()


def _cause(row: Sections) -> list[str]:
    category = dict(CauseCategory.choices).get(row["category"], "—")
    beginning = _("%(name)s: %(words)s")
    found = [beginning % {"name": category, "words": row["text"]}]
    found += [
        beginning % {"name": _("Why %(n)d") % {"n": n}, "words": why}
        for n, why in enumerate(row["whys"], 1)
    ]
    kinds = dict(EvidenceKind.choices)
    found += [
        beginning % {"name": kinds[proof["kind"]], "words": proof["text"]}
        for proof in row["evidence"]
    ]
    return [line for words in found for line in words.splitlines()]


def _measure(row: Sections) -> list[str]:
    """Its group and what is done; who, until when."""
    beginning = _("%(name)s: %(words)s")
    words = beginning % {"name": dict(MeasureGroup.choices)[row["group"]], "words": row["text"]}
    by = " · ".join(filter(None, (row["owner"], row["due_on"])))
    return [*words.splitlines(), *([by] if by else [])]


def _answering(row: Sections) -> list[str]:
    """Who, as what, for what, with which proposed consequence."""
    party = dict(Party.choices).get(row["party"], "—")
    who = " ".join(filter(None, (str(party), row["who"])))
    words = " → ".join(filter(None, (row["what"], row["consequence"])))
    return (_("%(name)s: %(words)s") % {"name": who, "words": words}).splitlines()


LISTS: dict[str, tuple[Callable[[], str], Callable[[Sections], list[str]]]] = {
    "course": (lambda: _("Course of events"), _told),
    "causes": (lambda: _("Causes and evidence"), _cause),
    "emergency_measures": (lambda: _("Emergency measures"), _told),
    "measures": (lambda: _("Long-term measures"), _measure),
    "accountability": (lambda: _("Who answers"), _answering),
}
