"""A row of a table of customers: who it is, or what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.importing.columns import Field, titles
from customers.importing.volume_rows import Fault
from customers.models import Grade, Kind
from customers.phones import digits_of

T = TypeVar("T")
CODE, NAME, KIND, BRANCH = "code", "name", "kind", "branch"
GRADE, CONTACT, PHONE, EMAIL = "grade", "contact", "phone", "email"
CONTRACT, NOTE = "contract_ends_on", "note"
FIELDS = (
    Field(CODE, gettext_lazy("Customer number"), "00123", is_needed=False),
    Field(NAME, gettext_lazy("Customer"), "无锡百货有限公司", width=30),
    Field(KIND, gettext_lazy("Kind"), "company", is_needed=False),
    Field(BRANCH, gettext_lazy("Branch code"), "WX01"),
    Field(GRADE, gettext_lazy("Grade"), "3A", is_needed=False),
    Field(CONTACT, gettext_lazy("Contact"), "王芳", is_needed=False),
    Field(PHONE, gettext_lazy("Phone"), "13800138000", is_needed=False),
    Field(EMAIL, gettext_lazy("E-mail"), "wang@example.com", is_needed=False, width=24),
    Field(CONTRACT, gettext_lazy("Contract ends on"), "2027-03-31", is_needed=False),
    Field(NOTE, gettext_lazy("Note"), "", is_needed=False, width=30),
)
# As many characters as the columns of the database hold.
LONGEST = {CODE: 40, NAME: 120, CONTACT: 80, PHONE: 40, EMAIL: 120, NOTE: 2000, BRANCH: 80}
# What Excel makes of a long number: 1.38E+10.
ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
# A number that a spreadsheet has read as one with decimals.
WHOLE = re.compile(r"([0-9]+)\.0+")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?)?")
# Area codes begin with 0, mobile numbers with 1, service numbers with 400, 800, 9: whoever begins
# otherwise and is that long has lost a zero.
ZERO_LOST = re.compile(r"(?!400|800|9)[2-9][0-9]{9,10}")
FEWEST_DIGITS = 5


@dataclass(frozen=True)
class Card:
    """What a row says; an empty cell says nothing of its column. `row` as a spreadsheet counts."""

    row: int
    name: str
    branch: str
    kind: str
    code: str = ""
    grade: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    contract_ends_on: date | None = None
    note: str = ""

    @property
    def says(self) -> tuple[object, ...]:
        """All but the place in the file: two rows that say the same are one."""
        of_person = (self.contact, digits_of(self.phone), self.email.casefold())
        return (
            *(self.name, self.branch, self.kind, self.code, self.grade),
            *(*of_person, self.contract_ends_on, self.note),
        )


def read(
    row: int, cells: Mapping[str, str], *, kinds: Mapping[str, str]
) -> tuple[Card | None, dict[str, str]]:
    """The customer that the cells say, or per column what is wrong. `kinds` as of `kinds()`."""
    faults: dict[str, str] = {}

    def tried(name: str, act: Callable[[str], T], empty: T) -> T:
        text = cells.get(name, "")
        try:
            _check_length(name, text)
            return act(text)
        except Fault as fault:
            faults[name] = str(fault)
            return empty

    card = Card(
        row=row,
        name=tried(NAME, _needed, ""),
        branch=tried(BRANCH, _needed, ""),
        kind=tried(KIND, lambda text: _kind(text, kinds), ""),
        code=tried(CODE, _number, ""),
        grade=tried(GRADE, _grade, ""),
        contact=tried(CONTACT, str, ""),
        phone=tried(PHONE, _phone, ""),
        email=tried(EMAIL, _email, ""),
        contract_ends_on=tried(CONTRACT, _day, None),
        note=tried(NOTE, str, ""),
    )
    if card.grade and card.kind == Kind.PERSON:
        faults.setdefault(GRADE, _("A grade belongs to a company. Choose a tier for a person."))
    return (None, faults) if faults else (card, {})


def kinds() -> dict[str, str]:
    """The kinds of customers by every way to write them, in every language of the pages."""
    labels = {kind: titles(kind.label) for kind in (Kind.PERSON, Kind.COMPANY)}
    found = {title: kind.value for kind, words in labels.items() for title in words}
    return found | {kind.value: kind.value for kind in labels}


def _check_length(name: str, text: str) -> None:
    limit = LONGEST.get(name)
    if limit is not None and len(text) > limit:
        raise Fault(_("This is longer than %(limit)d characters.") % {"limit": limit})


def _needed(text: str) -> str:
    if not text:
        raise Fault(_("This is missing."))
    return text


def _kind(text: str, known: Mapping[str, str]) -> str:
    if not text:
        return Kind.COMPANY
    if text.casefold() not in known:
        words = _("Write “%(person)s” or “%(company)s”.")
        raise Fault(words % {"person": Kind.PERSON.label, "company": Kind.COMPANY.label})
    return known[text.casefold()]


def _number(text: str) -> str:
    """A number as it is written: a leading zero belongs to it."""
    if ROUNDED.fullmatch(text):
        words = _("Excel has rounded this number: %(text)s. Format the column as text.")
        raise Fault(words % {"text": text})
    match = WHOLE.fullmatch(text)
    return match[1] if match else text


def _phone(text: str) -> str:
    number = _number(text)
    if not number:
        return ""
    digits = digits_of(number)
    if len(digits) < FEWEST_DIGITS:
        raise Fault(_("This is no phone number."))
    is_of_abroad = number.strip().startswith(("+", "00"))
    if not is_of_abroad and ZERO_LOST.fullmatch(digits):
        words = _("The leading zero of %(number)s was lost. Format the column as text.")
        raise Fault(words % {"number": number})
    return number


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Fault(_("This is no e-mail address.")) from error
    return text


def _grade(text: str) -> str:
    if text and text.upper() not in Grade.values:
        raise Fault(_("Write a grade from 1A to 5A or 1B to 5B."))
    return text.upper()


def _day(text: str) -> date | None:
    if not text:
        return None
    match = DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Fault(_("This is no day such as 2026-11-28."))
