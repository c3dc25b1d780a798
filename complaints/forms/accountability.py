"""The lines on who answers, as rows that work without script (C-28, W-06)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.actions.accountability import MOST_LINES, Line, problems_of
from complaints.forms.choices import NOTHING, Choices, handler_choices
from complaints.models import Accountability, Complaint, Party, Supplier, WorkOrder
from organisation.models import Branch, Person, Posting

PREFIX = "accountability"


class LineForm(forms.Form):
    """One row; an empty one is no line, and a known one may be removed."""

    use_required_attribute = False
    party = forms.ChoiceField(label=_("Who answers"), choices=Party.choices)
    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"), required=False)
    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=_("Supplier"), required=False)
    what = forms.CharField(
        label=_("What happened"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    consequence = forms.CharField(
        label=_("Proposed consequence"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    remove = forms.BooleanField(label=_("Remove this line"), required=False)

    def __init__(self, *args: Any, people: Choices, suppliers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = Person.objects.all()
        fields["person"].choices = people
        fields["supplier"].queryset = Supplier.objects.all()
        fields["supplier"].choices = suppliers
        self.known: Line | None = self.initial.get("known")
        if self.known is None:
            del self.fields["remove"]

    def clean_what(self) -> str:
        return _one_kind_of_line_break(self.cleaned_data["what"])

    def clean_consequence(self) -> str:
        return _one_kind_of_line_break(self.cleaned_data["consequence"])

    def clean(self) -> None:
        line = self.line()
        if self.errors or line is None or line == self.known:
            return
        for name, problem in problems_of(line).items():
            self.add_error(name, problem)

    def line(self) -> Line | None:
        """What was typed; nothing if the row is empty or to be removed."""
        given = self.cleaned_data
        if given.get("remove"):
            return None
        names = ("person", "supplier", "what", "consequence")
        if not any(given.get(name) for name in names):
            return None
        return Line(
            given.get("party", ""), **{name: given[name] for name in names if name in given}
        )


class BaseLines(forms.BaseFormSet):  # type: ignore[type-arg]
    """All rows of a record, with one more to fill in."""

    def lines(self) -> list[Line]:
        """What the action takes."""
        return [line for form in self.forms if (line := form.line()) is not None]


LineSet = forms.formset_factory(
    LineForm, BaseLines, extra=1, max_num=MOST_LINES, absolute_max=MOST_LINES + 1
)


def lines_form(of: Complaint | WorkOrder, data: Any = None) -> BaseLines:
    """The rows of a record: as they are stored, or as somebody has typed them."""
    rows = list(of.accountabilities.select_related("person", "supplier"))
    offered = {"people": people_choices(of.branch, rows), "suppliers": supplier_choices(rows)}
    initial = [_initial(row) for row in rows]
    return LineSet(data, prefix=PREFIX, initial=initial, form_kwargs=offered)  # type: ignore[return-value]


def with_another(data: Any) -> Any:
    """What was typed, with one more empty row."""
    more, name = data.copy(), f"{PREFIX}-TOTAL_FORMS"
    count = str(more.get(name, ""))
    more[name] = str(min(int(count), MOST_LINES - 1) + 1) if count.isdecimal() else count
    return more


def people_choices(branch: Branch, rows: Iterable[Accountability] = ()) -> Choices:
    """Everybody at the branch, above and below it, by where they work; and who is named.

    Below the headquarters that would be everybody.
    """
    near = Q(branch__in=branch.ancestor_ids)
    if branch.parent_id is not None:
        near |= Q(branch__path__startswith=branch.path)
    postings = Posting.objects.filter(near, person__is_active=True)
    ordered = postings.select_related("person", "branch").order_by(
        "-branch__path", "person__spelling", "person"
    )
    found = handler_choices(ordered)
    offered = {pk for _place, people in found[1:] for pk, _name in people}
    named = {row.person.pk: row.person.name for row in rows if row.person}
    others = [(pk, name) for pk, name in named.items() if pk not in offered]
    return [*found, *others]


def supplier_choices(rows: Iterable[Accountability] = ()) -> Choices:
    """The active ones, and those that are named."""
    named = {row.supplier_id for row in rows if row.supplier_id}
    found = Supplier.objects.filter(Q(is_active=True) | Q(pk__in=named))
    return [NOTHING, *found.values_list("pk", "name")]


def _initial(row: Accountability) -> dict[str, Any]:
    known = Line(row.party, row.what, row.person, row.supplier, row.consequence)
    return vars(known) | {"known": known}


def _one_kind_of_line_break(text: str) -> str:
    """Browsers send two characters for one."""
    return text.replace("\r\n", "\n")
