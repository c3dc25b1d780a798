"""Pages of a list by position, not by number: page 1,000 is as fast as page 1, no row comes twice.

The address names the last row seen (`after`) or the first one (`before`); what cannot be read
there is the first page.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, Q, QuerySet
from django.http import QueryDict

M = TypeVar("M", bound=Model)
SIZE = 50
# Longer ones are no position of ours.
LONGEST = 500


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in order. `previous` is a position for `before`, `next` for `after`; empty at an end."""

    rows: list[M]
    previous: str
    next: str


def page(
    rows: QuerySet[M], *, order: Sequence[str], params: QueryDict, size: int = SIZE
) -> Page[M]:
    """One page of `rows` in `order`: names of fields that are never empty, the last one unique.

    A name may cross to another table ("complaint__received_at"); "-" before it means downwards.
    """
    backwards = "before" in params
    keys = [_turned(key) for key in order] if backwards else list(order)
    place = _read(rows.model, keys, params.get("before" if backwards else "after", ""))
    if place is None:
        backwards, keys = False, list(order)
    here = rows if place is None else rows.filter(_beyond(keys, place))
    found = list(here.order_by(*keys)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=found,
        previous=_position(found[:1], order) if (more if backwards else place) else "",
        next=_position(found[-1:], order) if (backwards or more) else "",
    )


def place(row: Model, order: Sequence[str]) -> str:
    """The position of a row, for `after` or `before`."""
    return _position([row], order)


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keys: Sequence[str], place: Sequence[Any]) -> Q:
    """Rows after a place: the first key bounds the index, the others decide among its equals."""
    first = keys[0].lstrip("-")
    bound = "lte" if keys[0].startswith("-") else "gte"
    later = Q(pk__in=())
    equal = Q()
    for key, value in zip(keys, place, strict=True):
        name, side = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        later |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{first}__{bound}": place[0]}) & later


def _position(rows: Sequence[Model], order: Sequence[str]) -> str:
    if not rows:
        return ""
    values = [_value(rows[0], key.lstrip("-")) for key in order]
    text = json.dumps(values, cls=DjangoJSONEncoder, separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    # JSON would keep milliseconds only: a row could then be skipped.
    return row.isoformat() if hasattr(row, "isoformat") else row


def _read(model: type[Model], keys: Sequence[str], text: str) -> list[Any] | None:
    """The values of a position, each as its field has it; None for what is no position."""
    if not text or len(text) > LONGEST:
        return None
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        fields = [_field(model, key.lstrip("-")) for key in keys]
        return [_parsed(field, value) for field, value in zip(fields, values, strict=True)]
    except (binascii.Error, TypeError, ValueError, ValidationError):
        return None


def _parsed(field: "Field[Any, Any]", value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError("not a value of an ordering")
    parsed = field.to_python(value)
    is_naive = isinstance(parsed, datetime) and parsed.tzinfo is None
    if parsed is None or is_naive or "\0" in str(parsed):
        raise ValueError("not a value of an ordering")
    # Numbers beyond the column's range would be a database error.
    field.run_validators(parsed)
    return parsed


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    *path, last = name.split("__")
    for part in path:
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)  # type: ignore[return-value]
