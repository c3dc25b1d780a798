"""The short form of a visit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from customers.models import VisitKind
from staff.forms.training import DayInput
from surveys.models import Touchpoint


class VisitForm(forms.Form):
    """When, who, and what was said."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices)
    on = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        error_messages=needs(_("Enter the day, within the last year.")),
    )
    who = forms.CharField(
        label=_("Who was there"), max_length=200, error_messages=needs(_("Say who was there."))
    )
    words = forms.CharField(
        label=_("What was said"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(_("Say what was said.")),
    )
    touchpoint = forms.ModelChoiceField(
        Touchpoint.objects.all(), label=_("Touchpoint of the journey"), required=False
    )
