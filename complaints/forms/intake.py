"""What is asked when a complaint is taken in (C-01)."""

import re
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms import choices
from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from complaints.models import Category, Channel, Complaint, Severity
from customers.actions.customers import Caller
from customers.models import Customer
from organisation.access import reach, visible
from organisation.models import Branch, Person

SEEN_LENGTH = 200
# A number as it is typed to look somebody up, with its plus, spaces and dashes.
DIGITS = re.compile(r"[+\d\s()-]*\d[\s()-]*")


class IntakeForm(forms.Form):
    """A new complaint. `submission` names the sheet: sending it twice makes one complaint.

    `seen` holds the numbers of the likely repeats that the person was shown already.
    """

    customer_name = forms.CharField(
        label=_("Customer"),
        max_length=80,
        required=False,
        help_text=_("Name, phone or its last four digits. A new name makes a new customer."),
    )
    customer = forms.ModelChoiceField(Customer.objects.none(), required=False)
    contact_name = forms.CharField(
        label=_("Contact"),
        max_length=80,
        required=False,
        help_text=_("Who speaks to us, if not the customer in person."),
    )
    contact_phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("What happened, in one line."),
        error_messages=needs(_("Enter the subject.")),
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("In the customer's words; what the customer asks for."),
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), required=False
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.NORMAL
    )
    waybill = forms.CharField(label=_("Waybill"), max_length=60, required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=Channel.choices, initial=Channel.HOTLINE
    )
    received_at = forms.DateTimeField(
        label=pgettext_lazy("when", "Received"),
        widget=choices.LocalTimeInput,
        error_messages=needs(_("Enter when it was received.")),
        help_text=_("The four clocks run from here. Earlier than now is marked as logged late."),
    )
    intake_branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label=_("Taken in by"),
        error_messages=needs(_("Choose the branch that takes it in.")),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"),
        required=False,
        help_text=_("Photos, PDF, Word, Excel, MP3, MP4 and plain text, up to 20 MB each."),
    )
    repeat_of = forms.ModelChoiceField(
        Complaint.objects.none(), to_field_name="number", required=False
    )
    seen = forms.CharField(max_length=SEEN_LENGTH, required=False, widget=forms.HiddenInput)
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        fields: Any = self.fields
        fields["customer"].queryset = visible(Customer, person).filter(merged_into=None)
        fields["repeat_of"].queryset = visible(Complaint, person)
        fields["category"].choices = choices.category_choices(fields["category"].queryset)
        fields["received_at"].initial = timezone.localtime(now)
        fields["submission"].initial = uuid.uuid4
        self._offer_branches(person)

    def _offer_branches(self, person: Person) -> None:
        """Where the person takes complaints in; nothing is asked when there is only one place."""
        field: Any = self.fields["intake_branch"]
        field.queryset = Branch.objects.active().filter(path__in=reach(person, "complaint.log"))
        found = list(field.queryset)
        field.choices = [(branch.pk, branch.label) for branch in found]
        field.initial = found[0].pk if found else None
        if len(found) < 2:
            field.required = False
            field.widget = forms.HiddenInput()

    def clean_received_at(self) -> datetime:
        """Said at once with what else is missing; the action has the last word."""
        received_at: datetime = self.cleaned_data["received_at"]
        if received_at > self.now:
            raise forms.ValidationError(_("Enter a time that has passed."))
        return received_at

    def clean(self) -> dict[str, Any]:
        """The digits that somebody is looked for by are nobody's name."""
        data = super().clean() or self.cleaned_data
        if not data.get("customer") and DIGITS.fullmatch(data.get("customer_name", "")):
            self.add_error("customer_name", _("Choose the customer, or enter a name."))
        return data

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        chosen, name = data["customer"], data.pop("customer_name")
        caller = Caller(
            name=data.pop("contact_name") or ("" if chosen else name),
            phone=data.pop("contact_phone"),
            email=data.pop("contact_email"),
        )
        del data["seen"]
        return data | {
            "caller": caller,
            "customer_name": "" if chosen else name,
            "uploads": data.pop("files"),
        }
