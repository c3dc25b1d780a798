"""Into which customer another one is merged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.duplicates import VERB
from customers.models import Customer
from organisation.access import branch_ids, visible
from organisation.models import Person


class IntoField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """By its number, as pages hand it on: nobody chooses among 200,000."""

    widget = forms.HiddenInput


class MergeForm(forms.Form):
    into = IntoField(
        queryset=Customer.objects.none(),
        error_messages={"required": _("Choose the customer that goes on.")},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(Customer, person).filter(home_branch__in=branch_ids(person, VERB))
        self.fields["into"].queryset = rows.select_related("home_branch")  # type: ignore[attr-defined]


class ApartForm(forms.Form):
    """Two that look alike."""

    first = forms.IntegerField(min_value=1)
    second = forms.IntegerField(min_value=1)
