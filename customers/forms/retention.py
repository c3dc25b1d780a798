"""Cases of customers in danger, and passing customers on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Outcome, Reason, RetentionCase
from customers.retention import colleagues
from organisation.forms.fields import PersonField
from organisation.forms.records import RecordForm
from organisation.models import Person

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class OwnerForm(RecordForm):
    use_required_attribute = False
    ids = "owner-%s"
    owner = PersonField(
        queryset=Person.objects.none(),
        label=_("Who looks after it"),
        error_messages={"required": _("Choose somebody.")},
    )

    def __init__(self, record: RetentionCase, *args: Any) -> None:
        super().__init__(record, *args)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = colleagues(record.customer)


class StepForm(RecordForm):
    use_required_attribute = False
    ids = "step-%s"
    text = forms.CharField(
        label=_("What is done"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say what is done.")},
    )
    due_on = forms.DateField(
        label=_("To be done by"),
        required=False,
        widget=DAY,
        help_text=_("Empty: it is done already."),
    )


class CloseForm(RecordForm):
    """`reason` and `words` are the exit interview of a customer who left (K-12)."""

    use_required_attribute = False
    ids = "close-%s"
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    reason = forms.ChoiceField(
        label=_("Why the customer left"),
        choices=[("", "—"), *Reason.choices],
        required=False,
        help_text=_("Ask the customer; of a hundred who leave, 68 say that nobody cared."),
    )
    words = forms.CharField(
        label=_("What the customer said"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class HandoverForm(forms.Form):
    use_required_attribute = False
    to = PersonField(
        queryset=Person.objects.none(),
        label=_("New account manager"),
        error_messages={"required": _("Choose somebody.")},
    )
    words = forms.CharField(
        label=_("What the new one must know"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    customers = forms.ModelMultipleChoiceField(
        Customer.objects.none(),
        label=_("Customers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one customer.")},
    )

    def __init__(self, *args: Any, people: Any, customers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].queryset = people
        fields["customers"].queryset = customers
        fields["customers"].initial = list(customers)
