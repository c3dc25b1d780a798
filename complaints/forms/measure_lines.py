"""Long-term measures as lines in the form of their order (W-07).

Each group has a line per measure and an empty one. A line is named by the
measure's number within the order, so that saving twice writes the same measures.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.actions.measures import GROUPS, MOST, Given, blank_number, field
from complaints.forms.choices import near, staff_choices, with_logins
from complaints.models import Measure, MeasureGroup, MeasureStatus, WorkOrder

NAME = re.compile(r"^measure-([1-9][0-9]{0,2})-(group|text|owner|due_on)$")
PURPOSE: dict[str, Promise] = {
    "prevent": _("So that it does not happen"),
    "detect": _("So that it is noticed when it happens"),
    "respond": _("So that we act fast once it is noticed"),
}


@dataclass(frozen=True)
class Line:
    """The boxes of one measure."""

    number: int
    group: BoundField
    text: BoundField
    owner: BoundField
    due_on: BoundField


@dataclass(frozen=True)
class GroupOfLines:
    """A group of the form with its lines."""

    group: MeasureGroup
    purpose: Promise
    lines: list[Line]


class MeasureLines:
    """What the form of an order gets for its measures; mixed into it."""

    data: Mapping[str, Any]
    cleaned_data: dict[str, Any]
    fields: dict[str, forms.Field]
    is_bound: bool

    def add_lines(self, order: WorkOrder) -> None:
        """A line for each that was sent; on a fresh page, for each stored one and one more each."""
        postings = list(with_logins(near(order.branch)))
        self.people = {str(row.person_id): row.person for row in postings}
        stored = {row.number: row for row in order.measures.all()}
        self.known = {
            row.number: (row.group, row.text, row.owner_id, row.due_on)
            for row in stored.values()
            if row.status == MeasureStatus.OPEN
        }
        self.owner_id = order.owner_id
        # Number → group. A form that was sent without any line leaves the measures as they are.
        self.numbers = self._sent() if self.is_bound else _numbers_of(stored)
        self._who = staff_choices(postings)
        for number, group in self.numbers.items():
            self._add_line(number, group, stored.get(number), order)

    @property
    def boxes(self) -> dict[str, str]:
        """Where one reads that a group has no measure: at its last line."""
        return {group: field(number) for number, group in self.numbers.items()}

    def _sent(self) -> dict[int, str]:
        found = {int(match[1]) for name in self.data if (match := NAME.match(name))}
        groups = {number: self.data.get(field(number, "group")) for number in sorted(found)}
        known = {number: group for number, group in groups.items() if group in GROUPS}
        return dict(list(known.items())[: MOST + len(GROUPS)])

    def _add_line(self, number: int, group: str, stored: Measure | None, order: WorkOrder) -> None:
        owner = stored.owner_id if stored else order.owner_id
        self.fields[field(number, "group")] = forms.ChoiceField(
            choices=MeasureGroup.choices, initial=group, widget=forms.HiddenInput
        )
        self.fields[field(number, "text")] = forms.CharField(
            label=_("What is done"),
            required=False,
            max_length=5000,
            initial=stored.text if stored else "",
            widget=forms.Textarea({"rows": 2}),
        )
        self.fields[field(number, "owner")] = forms.ChoiceField(
            label=_("Owner"),
            required=False,
            choices=self._who,
            initial=str(owner or ""),
            error_messages={
                "invalid_choice": _("Choose somebody of this branch, or of one above or below it.")
            },
        )
        self.fields[field(number, "due_on")] = forms.DateField(
            label=_("Due"),
            required=False,
            initial=stored.due_on if stored else None,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        )

    def groups_of_lines(self) -> Iterator[GroupOfLines]:
        """The three groups for the page. Only what may stay empty is called optional there."""
        for group in MeasureGroup:
            lines = [self._line(number) for number, own in self.numbers.items() if own == group]
            for place, line in enumerate(lines):
                is_needed = place == 0 or bool(line.text.value())
                for box in (line.text, line.owner, line.due_on):
                    box.field.required = is_needed
            yield GroupOfLines(group, PURPOSE[group], lines)

    def _line(self, number: int) -> Line:
        boxes = (self[field(number, name)] for name in ("group", "text", "owner", "due_on"))  # type: ignore[index]
        return Line(number, *boxes)

    def plan(self) -> list[Given] | None:
        """The measures as cleaned; None where the form was sent without any line."""
        return self._plan(self.cleaned_data) if self.numbers else None

    def typed_plan(self) -> list[Given] | None:
        """The measures as they stand in the boxes, for what is still missing."""
        if not self.numbers:
            return None
        values = {
            name: self[name].value()  # type: ignore[index]
            for name in self.fields
            if NAME.match(name)
        }
        return [
            Given(values[field(number, "group")], str(values[field(number)] or ""), number=number)
            for number in self.numbers
        ]

    def _plan(self, data: dict[str, Any]) -> list[Given]:
        found = []
        for number in self.numbers:
            text: str = data.get(field(number)) or ""
            due_on: date | None = data.get(field(number, "due_on"))
            if text.strip() or due_on:
                owner = self.people.get(data.get(field(number, "owner")) or "")
                group = data.get(field(number, "group")) or GROUPS[0]
                found.append(Given(group, text, owner, due_on, number))
        return found

    def has_other_measures(self) -> bool:
        """Whether what was sent differs from what is stored."""
        plan = self.plan()
        given = {
            each.number: (
                *(each.group, each.text),
                each.owner.pk if each.owner else self.owner_id,
                each.due_on,
            )
            for each in plan or ()
        }
        return plan is not None and given != self.known

    def line_names(self) -> list[str]:
        """The names of all boxes of the lines."""
        return [name for name in self.fields if NAME.match(name)]

    def typed_measures(self) -> dict[str, Any]:
        """As they stand in the boxes: the plan, and the words of each group."""
        plan = self.typed_plan()
        words = dict.fromkeys(GROUPS, "")
        for each in plan or ():
            words[each.group] += each.text
        return words | {"plan": plan}


def _numbers_of(stored: Mapping[int, Measure]) -> dict[int, str]:
    """The open measures, and the next number of each group."""
    is_open = {row.number: row.group for row in stored.values() if row.status == MeasureStatus.OPEN}
    return is_open | {blank_number(stored, group): group for group in GROUPS}
