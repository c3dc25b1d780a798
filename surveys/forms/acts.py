"""What an act on a survey takes."""

from django import forms


class VersionForm(forms.Form):
    """The state that the person looked at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
