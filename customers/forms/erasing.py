"""Anonymising a customer: why, then whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import ErasureReason


class PrepareForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is this customer anonymised?"),
        choices=[("", _("Choose a reason")), *ErasureReason.choices],
    )


class EraseForm(forms.Form):
    """The name typed anew."""

    name = forms.CharField(
        label=_("Type the name of the customer"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
