"""What acts on surveys, counters and invitations take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import LocalTimeInput, needs
from surveys.models import CallOutcome


class VersionForm(forms.Form):
    """The state that the person looked at."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CallForm(VersionForm):
    """What came of a call."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        choices=CallOutcome,
        label=_("Outcome"),
        widget=forms.RadioSelect,
        error_messages=needs(_("Say what came of the call.")),
    )
    next_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=LocalTimeInput(),
        help_text=_("Where nobody answered, or there is no time now"),
    )
    never_again = forms.BooleanField(
        label=_("Is never to be asked again, by any survey"),
        required=False,
        help_text=_("With “Does not wish to be asked”"),
    )

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}
