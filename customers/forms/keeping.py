"""For how long customers are kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeepingForm(forms.Form):
    """Months by class; an empty one is without end."""

    person = forms.IntegerField(label=_("Persons"), min_value=6, max_value=240, required=False)
    company = forms.IntegerField(label=_("Companies"), min_value=6, max_value=240, required=False)
