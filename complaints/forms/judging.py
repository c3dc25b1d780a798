"""The forms of the issuing unit's verdict on an order (W-09, W-16)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import OrderSection


class JudgeForm(forms.Form):
    """What the issuing unit says, on the state that it read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReturnForm(JudgeForm):
    sections = forms.MultipleChoiceField(
        label=_("Sections to mend"),
        choices=OrderSection.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=needs(_("Choose at least one section to mend.")),
    )
    reason = forms.CharField(
        label=_("What is missing or wrong"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


class AnnulForm(JudgeForm):
    """A draft without a number needs no reason."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class ConfirmForm(JudgeForm):
    guidance = forms.CharField(
        label=_("Guidance"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What other branches should learn from it"),
    )
