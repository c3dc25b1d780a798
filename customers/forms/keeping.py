"""For how long customers are kept."""

from django import forms

from customers.models import Kind


class KeepingForm(forms.Form):
    """Months by class; an empty one is without end."""

    person, company = (
        forms.IntegerField(label=kind.label, min_value=6, max_value=240, required=False)
        for kind in (Kind.PERSON, Kind.COMPANY)
    )
