"""A list of rows in a form, which works without JavaScript.

Each row has a key, which is a part of the names of its inputs; a hidden input with the list's name
tells the key, so that rows may be added and taken away anywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from complaints.actions.order_sections import is_filled


class RowForm(forms.Form):
    """One row. A draft may lack any part of it; a row that is wholly empty does not count.

    `needed`: what a submission needs of it. `silent`: what has a value from the beginning.
    """

    use_required_attribute = False
    needed: ClassVar[tuple[str, ...]] = ()
    silent: ClassVar[tuple[str, ...]] = ()
    key: int

    def value(self, given: Mapping[str, Any]) -> Any:
        """The row as the action takes it."""
        raise NotImplementedError

    def typed(self, name: str) -> Any:
        return self[name].value()

    @cached_property
    def as_typed(self) -> dict[str, Any]:
        """As typed, or as stored: enough to tell what is there."""
        return {name: self.typed(name) for name in self.fields}

    @property
    def is_blank(self) -> bool:
        return not any(
            is_filled(self.as_typed[name]) for name in self.fields if name not in self.silent
        )

    def shown(self) -> "RowForm":
        """For the page, after which nothing is checked: what a submission needs is marked."""
        for name, field in self.fields.items():
            field.required = name in self.needed
        return self


class RowList:
    """The forms of one list, from what was sent, or from the stored rows as initial values.

    What was not sent stays as it is stored. Without any row there is a blank one to begin with;
    `is_added` asks for another.
    """

    def __init__(
        self,
        form: type[RowForm],
        prefix: str,
        data: Any,
        stored: Sequence[Mapping[str, Any]],
        *,
        files: Any = None,
        most: int,
        is_added: bool = False,
        **kwargs: Any,
    ) -> None:
        self.prefix, self.most, self.errors = prefix, most, list[str]()
        self.is_given = data is not None and prefix in data
        if self.is_given:
            keys = _keys(data, prefix)
            initials: Sequence[Mapping[str, Any]] = [{}] * len(keys)
        else:
            initials = [*stored, *([{}] if is_added or not stored else [])]
            keys, data, files = list(range(len(initials))), None, None
        self.forms: list[Any] = []
        for key, initial in zip(keys[: most + 1], initials, strict=False):
            row = form(data, files, prefix=f"{prefix}-{key}", initial=dict(initial), **kwargs)
            row.key = key
            self.forms.append(row)
        if is_added and self.forms:
            # Where the person goes on.
            next(iter(self.forms[-1].fields.values())).widget.attrs["autofocus"] = True

    @property
    def kept(self) -> list[Any]:
        """The rows that count, in the order of the action's rows."""
        return [form for form in self.forms if not form.is_blank]

    def is_valid(self) -> bool:
        if len(self.forms) > self.most:
            self.errors.append(_("At most %(n)d rows fit here.") % {"n": self.most})
        if not self.is_given:
            return True
        # Each is looked at, so that each tells what is wrong.
        checked = [form.is_valid() for form in self.forms]
        return all(checked) and not self.errors

    def values(self, *, is_clean: bool = True) -> tuple[Any, ...]:
        return tuple(row.value(row.cleaned_data if is_clean else row.as_typed) for row in self.kept)


def _keys(data: Any, prefix: str) -> list[int]:
    found = (key for key in data.getlist(prefix) if key.isascii() and key.isdigit())
    return list(dict.fromkeys(int(key[:6]) for key in found))


def edited(data: Any) -> Any:
    """What was sent, after its button `add` (a list) or `remove` (a list and a key) was pressed."""
    data = data.copy()
    if prefix := data.get("add", ""):
        keys = _keys(data, prefix)
        data.setlist(prefix, [str(key) for key in [*keys, max(keys, default=-1) + 1]])
    if gone := data.get("remove", ""):
        prefix, _dash, key = gone.rpartition("-")
        data.setlist(prefix, [each for each in data.getlist(prefix) if each != key])
    return data
