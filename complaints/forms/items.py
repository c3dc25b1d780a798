"""Dissatisfied items, and the orders that come from no complaint, as forms (W-10, W-12)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.actions.items import FIELDS, RECORD
from complaints.actions.order_opening import OPEN
from complaints.forms.choices import needs
from complaints.models import THRESHOLD, DissatisfiedItem, Origin
from customers.models import Customer
from organisation.access import branches, visible
from organisation.forms.fields import BranchField
from organisation.models import Person

# So many are named when a name fits several.
MOST_NAMED = 5


class CustomerField(forms.CharField):
    """A customer by name, or by number as in #12; `rows` are those that the person may name."""

    rows: QuerySet[Customer] = Customer.objects.none()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Customer"),
            max_length=120,
            help_text=gettext_lazy("The name, or the number as in #12."),
            error_messages=needs(gettext_lazy("Enter the customer.")),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._named(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Customer) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _named(self, text: str) -> Customer:
        number = text.removeprefix("#")
        if text.startswith("#") and number.isascii() and number.isdigit() and len(number) < 19:
            rows = self.rows.filter(pk=int(number))
        else:
            exact = self.rows.filter(name__iexact=text)
            rows = exact if exact.exists() else self.rows.filter(name__icontains=text)
        found = list(rows.order_by("name", "pk")[: MOST_NAMED + 1])
        if not found:
            raise forms.ValidationError(
                _("No customer whom you can see is called this. Add the customer first.")
            )
        if len(found) > 1:
            names = _(", ").join(f"{row.name} (#{row.pk})" for row in found[:MOST_NAMED])
            raise forms.ValidationError(
                _("Several customers fit: %(names)s. Enter the number of one.") % {"names": names}
            )
        return found[0]


class PlacedForm(forms.Form):
    """A branch over which the person has a verb, and a customer."""

    verb: str
    branch = BranchField(
        label=gettext_lazy("Responsible branch"),
        error_messages=needs(gettext_lazy("Choose the branch.")),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["branch"].queryset = branches(person, self.verb).filter(is_active=True)
        fields["customer"].rows = visible(Customer, person).filter(merged_into=None)

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


def _words(label: Any, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, widget=forms.Textarea({"rows": rows}), **kwargs
    )


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def _score(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=10, max_digits=4, decimal_places=2, **kwargs
    )


class ItemForm(PlacedForm):
    """One row of the table of dissatisfied items."""

    verb = RECORD
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    customer = CustomerField()
    score = _score(
        gettext_lazy("Score"),
        help_text=gettext_lazy("From 0 to 10, with up to two decimals."),
        error_messages=needs(gettext_lazy("Enter the score.")),
    )
    threshold = _score(
        gettext_lazy("Threshold"),
        initial=THRESHOLD,
        help_text=gettext_lazy("Below it the customer counts as dissatisfied."),
        error_messages=needs(gettext_lazy("Enter the threshold.")),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Why it counts"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Only where the score is not below the threshold."),
    )
    opinion = _words(
        pgettext_lazy("of a customer", "Opinion"),
        help_text=gettext_lazy("In the customer's words."),
        error_messages=needs(gettext_lazy("Enter what the customer said.")),
    )
    plan = _words(gettext_lazy("Improvement plan"), required=False)
    planned_on = _day(gettext_lazy("Planned for"), required=False)

    field_order = ("version", *FIELDS)

    def __init__(self, *args: Any, of_counter: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].required = not of_counter

    @classmethod
    def of(cls, item: DissatisfiedItem, person: Person) -> "ItemForm":
        """With what is stored."""
        initial = {name: getattr(item, name) for name in FIELDS}
        return cls(
            initial={**initial, "version": item.version},
            person=person,
            of_counter=item.customer is None,
        )


class NewItemForm(ItemForm):
    """How we learnt of it, too: pain points of core customers are collected alike (S-06)."""

    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        choices=[(each.value, each.label) for each in (Origin.MANUAL, Origin.TALK)],
        initial=Origin.MANUAL,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_origin(self) -> str:
        return self.cleaned_data["origin"] or Origin.MANUAL


class HandForm(PlacedForm):
    """An order that somebody opens for a reason of their own."""

    verb = OPEN
    customer = CustomerField(required=False)
    occasion = _words(
        gettext_lazy("What it is about"),
        error_messages=needs(gettext_lazy("Say what it is about.")),
    )


class FindingForm(PlacedForm):
    """An order for what an audit found."""

    verb = OPEN
    customer = CustomerField(required=False)
    occasion = _words(
        gettext_lazy("What was found"),
        error_messages=needs(gettext_lazy("Say what it is about.")),
    )
    found_on = _day(gettext_lazy("Found on"), error_messages=needs(gettext_lazy("Enter the day.")))
    found_by = forms.CharField(
        label=gettext_lazy("Found by"),
        max_length=80,
        error_messages=needs(gettext_lazy("Enter who found it.")),
    )


class SetAsideForm(forms.Form):
    """Why an item needs no order."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = _words(
        gettext_lazy("Why no order is needed"),
        rows=2,
        error_messages=needs(gettext_lazy("Enter the reason.")),
    )


class OrderComplaintForm(forms.Form):
    """Another complaint that the order serves, by its number."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    complaint = forms.CharField(
        label=gettext_lazy("Number of the complaint"),
        max_length=24,
        error_messages=needs(gettext_lazy("Enter the number of a complaint.")),
    )
