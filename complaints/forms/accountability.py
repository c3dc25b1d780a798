"""The lines on who answers, as rows that work without script (C-28, W-06)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.actions.accountability import MOST_LINES, Line, lines_of, problems_of
from complaints.forms.choices import NOTHING, Choices, near, staff_choices
from complaints.forms.row_lists import RowForm, RowList, edited
from complaints.models import Complaint, Party, Supplier, WorkOrder
from organisation.models import Branch, Person

NAME = "accountability"


def _words(label: Any) -> forms.CharField:
    box = forms.Textarea({"rows": 2})
    return forms.CharField(label=label, required=False, max_length=2000, widget=box)


class LineForm(RowForm):
    """One line. The party is chosen from the beginning, so it says nothing alone."""

    needed = ("party", "what")
    silent = ("party",)
    party = forms.ChoiceField(label=_("Who answers"), choices=Party.choices, required=False)
    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    supplier = forms.TypedChoiceField(
        label=_("Supplier"), required=False, coerce=int, empty_value=None
    )
    what = _words(_("What happened"))
    consequence = _words(_("Proposed consequence"))

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].choices = choices["people"]
        fields["supplier"].choices = choices["suppliers"]
        self.known = choices["known"]

    def clean(self) -> None:
        """A line of the former free texts names nobody, and may stay as it is."""
        if self.errors or self.is_blank:
            return
        line = self.value(self.cleaned_data)
        if line not in self.known:
            for name, problem in problems_of(line).items():
                self.add_error(name, problem)

    def value(self, given: Mapping[str, Any]) -> Line:
        return Line(
            party=given["party"] or Party.PERSON,
            person=_key(given["person"]),
            supplier=_key(given["supplier"]),
            what=_one_kind_of_line_break(given["what"]),
            consequence=_one_kind_of_line_break(given["consequence"]),
        )


def lines_form(of: Complaint | WorkOrder, data: Any = None, *, add: bool = False) -> RowList:
    """The rows of a record: as they are stored, or as somebody has typed them."""
    lines = lines_of(of)
    is_edited = data is not None and bool(data.get("add") or data.get("remove"))
    return RowList(
        LineForm,
        NAME,
        edited(data) if is_edited else data,
        [vars(line) for line in lines],
        most=MOST_LINES,
        is_added=add,
        **offered(of.branch, lines),
    )


def offered(branch: Branch, lines: Iterable[Line]) -> dict[str, Any]:
    """What the boxes of each row hold: read once for all of them."""
    known = tuple(lines)
    people = people_choices(branch, {line.person for line in known if line.person})
    suppliers = supplier_choices({line.supplier for line in known if line.supplier})
    return {"choices": {"people": people, "suppliers": suppliers, "known": known}}


def people_choices(branch: Branch, named: set[int]) -> Choices:
    """Everybody at the branch, above and below it, by where they work; and who is named.

    Below the headquarters that would be everybody.
    """
    found = staff_choices(near(branch, deep=branch.parent_id is not None))
    others = named - {pk for _place, people in found[1:] for pk, _name in people}
    if others:
        found += Person.objects.filter(pk__in=others).values_list("pk", "name")
    return found


def supplier_choices(named: set[int]) -> Choices:
    """The active ones, and those that are named."""
    found = Supplier.objects.filter(Q(is_active=True) | Q(pk__in=named))
    return [NOTHING, *found.values_list("pk", "name")]


def _key(value: Any) -> int | None:
    """As checked, or as typed."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _one_kind_of_line_break(text: str | None) -> str:
    """Browsers send two characters for one."""
    return (text or "").replace("\r\n", "\n")
