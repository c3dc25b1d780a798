"""Choosing any number of units: boxes by region, and one for all that lies below."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from organisation.models import Branch

ALL = "all-"


@dataclass(frozen=True)
class Box:
    """One box, as the page draws it."""

    value: str
    label: str
    id: str
    is_checked: bool


@dataclass(frozen=True)
class Group:
    """The units of a region, or the headquarters alone."""

    label: str
    boxes: list[Box]

    @property
    def chosen(self) -> int:
        return sum(box.is_checked for box in self.boxes)


class UnitsField(forms.MultipleChoiceField):
    """Gives branches, in the order of the tree. `all-7` is every unit below the branch 7.

    What is offered is said by `offer`, in the order of the tree.
    """

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"gone": _("One of the units is not there any more. Choose again.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered: list[Branch] = []

    def offer(self, branches: Iterable[Branch]) -> None:
        self.offered = list(branches)

    def prepare_value(self, value: Any) -> list[str]:
        """What is checked: values as typed, or branches."""
        given = value or []
        return [str(each.pk) if isinstance(each, Branch) else str(each) for each in given]

    def clean(self, value: Any) -> list[Branch]:
        wanted = set(self.to_python(value))
        if self.required and not wanted:
            raise ValidationError(self.error_messages["required"], code="required")
        chosen = [row for row in self.offered if wanted & set(_values_of(row))]
        known = {each for row in self.offered for each in (str(row.pk), f"{ALL}{row.pk}")}
        if wanted - known:
            raise ValidationError(self.error_messages["gone"], code="gone")
        return chosen


def _values_of(branch: Branch) -> list[str]:
    """The boxes by which it is chosen: its own, and those of all above it."""
    return [str(branch.pk), *(f"{ALL}{pk}" for pk in branch.ancestor_ids if pk != branch.pk)]


def groups(bound: BoundField) -> list[Group]:
    """The boxes of a UnitsField by region, numbered through for their labels."""
    field: Any = bound.field
    checked = set(field.prepare_value(bound.value()))
    numbers = iter(range(10**6))
    return [
        Group(
            rows[0].label,
            [
                Box(value, label, f"{bound.auto_id}_{next(numbers)}", value in checked)
                for value, label in _boxes(rows)
            ],
        )
        for rows in _by_region(field.offered)
    ]


def _by_region(branches: Iterable[Branch]) -> list[list[Branch]]:
    """The headquarters, then each unit right below it with all of its own."""
    found: dict[int, list[Branch]] = {}
    for branch in branches:
        found.setdefault(branch.ancestor_ids[:2][-1], []).append(branch)
    return list(found.values())


def _boxes(rows: list[Branch]) -> Iterator[tuple[str, str]]:
    first, *others = rows
    if first.parent_id is None:
        yield f"{ALL}{first.pk}", str(_("All units below the headquarters"))
    elif len(others) > 1:
        yield f"{ALL}{first.pk}", str(_("All below %(region)s") % {"region": first.label})
    for branch in rows:
        yield str(branch.pk), branch.label
