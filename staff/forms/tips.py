"""The report line (T-17)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from organisation.forms.fields import BranchField
from organisation.models import Branch
from staff.actions.tips import new_receipt
from staff.tips import handlers


class ReportForm(forms.Form):
    """What happened. The receipt is made with the empty form: sent twice, it is one tip."""

    use_required_attribute = False
    branch = BranchField(
        label=_("Unit that it concerns"), error_messages=needs(_("Choose the unit."))
    )
    subject = forms.CharField(
        label=pgettext_lazy("of a tip", "What it is about"),
        max_length=120,
        error_messages=needs(_("Say what it is about.")),
    )
    text = forms.CharField(
        label=_("What happened"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Who, when, where, and how you know. Leave out what only you can know."),
        error_messages=needs(_("Say what happened.")),
    )
    files = FilesField(  # type: ignore[assignment]  # hides the uploads of the form
        label=_("Files"),
        required=False,
        help_text=_(
            "Photos (JPEG, PNG) and plain text. The name of a file is taken off, and what a camera "
            "writes into a photo. Of anything else send a photo."
        ),
    )
    kept_from = forms.ModelMultipleChoiceField(
        handlers().none(),
        label=_("Who must not read it, because it concerns them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_named = forms.BooleanField(
        label=_("Keep my name with it"),
        required=False,
        help_text=_(
            "Only human resources and the auditors can look it up, and each look is written down. "
            "Without it nobody can."
        ),
    )
    contact = forms.CharField(
        label=_("How to reach you"),
        max_length=200,
        required=False,
        help_text=_("Kept as apart as your name."),
    )
    receipt = forms.CharField(widget=forms.HiddenInput, max_length=19)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"receipt": new_receipt()})
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = Branch.objects.active()
        fields["kept_from"].queryset = handlers()
        fields["kept_from"].label_from_instance = lambda person: person.name


class ReceiptForm(forms.Form):
    use_required_attribute = False
    receipt = forms.CharField(
        label=_("Receipt"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages=needs(_("Enter the receipt.")),
    )


class DecideForm(forms.Form):
    use_required_attribute = False
    is_upheld = forms.TypedChoiceField(
        label=_("Is it true?"),
        choices=(("yes", _("It is true")), ("no", _("It was not confirmed"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=needs(_("Choose one.")),
    )
    result = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Whoever reported it reads this."),
        error_messages=needs(_("Say what came of it: whoever reported it reads this.")),
    )
    reward = forms.DecimalField(
        label=_("Reward in yuan"), max_digits=9, decimal_places=2, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class CaseForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages=needs(_("Give it a title."))
    )
    text = forms.CharField(
        label=_("What is to be learnt"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Names of colleagues and customers and telephone numbers are hidden."),
        error_messages=needs(_("Say what is to be learnt.")),
    )
