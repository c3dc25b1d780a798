"""The conditions of a filter form as chips: each in words, with the address without it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.conditions import PLACES
from complaints.filters import ME, NOBODY, ManyCodesField
from organisation.models import Person
from organisation.models.branch import in_language

# Boxes that add a value: the first three always in sight, all of them under "More conditions".
OFTEN = ("branch", "category", "channel")
SELDOM = ("status", "severity", "tier", "milestone", "verdict", "challenge", "waiting")
# They have a place of their own on the page.
APART = ("through", "ordering")
# Inputs that show the one value that they have; the others only add one.
VISIBLE = ("search", "received_after", "received_before")


@dataclass(frozen=True)
class Chip:
    """One value of one condition; `is_hidden` when no visible input of the form holds it."""

    name: str
    code: str
    label: str
    value: str
    url: str
    is_hidden: bool

    @property
    def words(self) -> str:
        return _("%(label)s: %(value)s") % {"label": self.label, "value": self.value}


@dataclass(frozen=True)
class Adder:
    """A box that adds one value to a condition."""

    name: str
    label: str
    options: SafeString


def adders(form: forms.Form, names: Iterable[str]) -> list[Adder]:
    """The boxes of these conditions, their options read and written once."""
    found = []
    for name in names:
        field: Any = form.fields[name]
        draw = _drawn_names if isinstance(field, ManyCodesField) else _drawn_choices
        found.append(Adder(name, str(field.label), draw(tuple(_options(field)), get_language())))
    return found


def _options(field: Any) -> Iterable[tuple[Any, ...]]:
    """Codes and names in both languages, or values and labels."""
    if isinstance(field, ManyCodesField):
        return field.options()
    return [(str(value), label) for value, label in field.choices if str(value)]


@lru_cache(maxsize=200)
def _drawn_names(options: tuple[tuple[str, str, str], ...], language: str | None) -> SafeString:
    """Kept, since every list offers the same."""
    return _drawn((code, in_language(name, name_en)) for code, name, name_en in options)


@lru_cache(maxsize=200)
def _drawn_choices(options: tuple[tuple[str, Promise], ...], language: str | None) -> SafeString:
    return _drawn(options)


def _drawn(options: Iterable[tuple[str, object]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', options)


def chips(
    form: forms.Form,
    given: QueryDict,
    *,
    person: Person,
    visible: Collection[str] = VISIBLE,
    names: Mapping[tuple[str, str], str] | None = None,
) -> list[Chip]:
    """The valid conditions of the form, in the order of its fields.

    `names`: the words of values that are only keys, by condition and value.
    """
    found = [
        chip
        for name, value in form.cleaned_data.items()
        if name not in APART and _is_given(value)
        for chip in _of_field(form, given, name, value, person, visible)
    ]
    words = names or {}
    return [replace(chip, value=words.get((chip.name, chip.code), chip.value)) for chip in found]


def _is_given(value: Any) -> bool:
    """Nought is a value, too."""
    if isinstance(value, Decimal):
        return True
    return bool(list(value)) if isinstance(value, QuerySet) else bool(value)


def _of_field(
    form: forms.Form,
    given: QueryDict,
    name: str,
    value: Any,
    person: Person,
    visible: Collection[str],
) -> Iterable[Chip]:
    label = str(form.fields[name].label)
    values = list(value) if isinstance(value, list | QuerySet) else [value]
    codes = [_code(one) for one in values]
    for one, code in zip(values, codes, strict=True):
        params = without_place(given)
        params.setlist(name, [other for other in codes if other != code])
        words = _words(form.fields[name], one, person)
        yield Chip(name, code, label, words, f"?{params.urlencode()}", name not in visible)


def _code(value: Any) -> str:
    """The value as the address has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value.code) if isinstance(value, Model) else str(value)  # type: ignore[attr-defined]


def _words(field: forms.Field, value: Any, person: Person) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return local.strftime("%Y-%m-%d" if local.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, Model):
        return str(value)
    if value == ME:
        return person.name
    if value == NOBODY:
        return _("No handler")
    return str(dict(getattr(field, "choices", ())).get(value, value))


def without_place(given: QueryDict) -> QueryDict:
    """The same conditions from the first page on."""
    params = given.copy()
    for name in PLACES:
        params.pop(name, None)
    return params
