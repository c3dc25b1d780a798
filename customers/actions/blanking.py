"""What is emptied in a row, and how: words go, codes, figures and times stay (ADR 0011)."""

import re
from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, EmailField, Field, JSONField, Model, TextField

# Stands where words were; columns that must not be empty take it, too.
MARK = "—"
# Columns of any room into which programs write codes, never people words.
KEPT = frozenset(
    {
        *("number", "kind", "what", "key", "field", "url_name", "reference", "source", "stratum"),
        *("tier", "grade", "stage", "previous", "lower_best", "language", "quarter", "period"),
        *("met_evidence", "waiver_code", "item", "session_hash", "value", "choices"),
        *("suspicion", "occasion"),
    }
)
# Found by nobody any more: a dash there would be a number or an address.
EMPTIED = frozenset({"contact_phone", "contact_digits", "device_hash"})
# A code, a number, a day or a time in JSON.
CODE = re.compile(
    r"[a-z][a-z0-9_]{0,39}|[A-Z]{1,2}|[0-9]{1,4}|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?:T[0-9:.+Z-]+)?"
)


def columns(model: type[Model]) -> list["Field[Any, Any]"]:
    """Those into which somebody may have written words."""
    return [field for field in model._meta.concrete_fields if _is_free(field)]


def _is_free(field: "Field[Any, Any]") -> bool:
    if field.primary_key or field.choices or (field.name in KEPT and not _is_long(field)):
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, CharField | TextField) and not field.base_field.choices
    return isinstance(field, CharField | TextField | JSONField)


def _is_long(field: "Field[Any, Any]") -> bool:
    """A text without a limit of the column holds words whatever its name is."""
    return isinstance(field, TextField)


def emptied(field: "Field[Any, Any]", value: Any) -> Any:
    """The value without any words."""
    if isinstance(field, JSONField):
        return _leaves(value, lambda text: text if CODE.fullmatch(text) else MARK)
    if isinstance(field, ArrayField):
        return [MARK for _each in value or ()] if value is not None else None
    if not value:
        return value
    return "" if isinstance(field, EmailField) or field.name in EMPTIED else MARK


def without(field: "Field[Any, Any]", value: Any, words: Collection[str]) -> Any:
    """The value, emptied where it names one of the words."""

    def named(text: str) -> bool:
        return any(word in text for word in words)

    if isinstance(field, JSONField):
        return _leaves(value, lambda text: MARK if named(text) else text)
    if isinstance(field, ArrayField):
        return [MARK if named(str(each)) else each for each in value] if value else value
    return emptied(field, value) if value and named(value) else value


def _leaves(value: Any, put: Any) -> Any:
    """The same JSON with other texts; the names of its parts stay."""
    if isinstance(value, str):
        return put(value)
    if isinstance(value, list):
        return [_leaves(each, put) for each in value]
    if isinstance(value, dict):
        return {name: _leaves(each, put) for name, each in value.items()}
    return value
