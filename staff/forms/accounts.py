"""The form of the decision on an account manager."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from staff.models import ReviewOutcome


class DecisionForm(forms.Form):
    """What is decided, on what grounds."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=pgettext_lazy("of an account manager", "Decision"),
        choices=(("", "—"), *ReviewOutcome.choices),
        error_messages=needs(_("Choose the decision.")),
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say on what grounds: the person reads them.")),
    )
    development = forms.CharField(
        label=_("What is to be developed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
