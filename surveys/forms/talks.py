"""Whom a talk was with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.items import CustomerField
from customers.models import Customer
from organisation.access import branches, visible
from organisation.forms.fields import BranchField
from organisation.models import Person
from surveys.actions.talks import ENTER
from surveys.models import Method, Survey


class TalkForm(forms.Form):
    """A customer; of a focus group instead the branch whose customers sat together."""

    use_required_attribute = False
    customer = CustomerField()
    branch = BranchField(label=_("Branch whose customers spoke"), required=False)

    def __init__(self, *args: Any, survey: Survey, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["customer"].rows = visible(Customer, person).filter(merged_into=None, erased_at=None)
        if survey.method != Method.GROUP:
            del fields["branch"]
            return
        fields["customer"].required = False
        own = branches(person, ENTER).filter(path__startswith=survey.branch.path, is_active=True)
        fields["branch"].queryset = own

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_named = bool(data.get("customer") or data.get("branch"))
        if not is_named and not self.errors:
            self.add_error("branch", _("Enter the customer, or choose the branch."))
        return data
