"""Forms of a challenge and of its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.choices import NOTHING, needs
from complaints.models import ChallengeAbout, ChallengeOutcome, Complaint, Timer, Verdict

RESULT = ChallengeAbout.RESULT.value


class ChallengeForm(forms.Form):
    """What is doubted: the result, or one of the clocks that have a verdict."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    about = forms.ChoiceField(
        label=gettext_lazy("What is challenged"),
        error_messages=needs(gettext_lazy("Choose what is challenged.")),
    )
    words = forms.CharField(
        label=gettext_lazy("What is doubted, and why"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(gettext_lazy("Write what is doubted, and why.")),
    )

    def __init__(
        self, *args: Any, complaint: Complaint, timers: list[Timer], has_result: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.timers = {str(timer.pk): timer for timer in timers}
        self.fields["version"].initial = complaint.version
        field: Any = self.fields["about"]
        result = [(RESULT, ChallengeAbout.RESULT.label)] if has_result else []
        field.choices = [
            NOTHING,
            *result,
            *((key, _clock(row)) for key, row in self.timers.items()),
        ]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        return data | {"timer": self.timers.get(data.pop("about"))}


def _clock(timer: Timer) -> str:
    words = _("Clock %(clock)s, cycle %(cycle)d: %(verdict)s")
    return words % {
        "clock": timer.get_kind_display(),
        "cycle": timer.cycle,
        "verdict": Verdict(timer.verdict).label,  # type: ignore[attr-defined]
    }


class AnswerForm(forms.Form):
    """It stands, or it is changed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=ChallengeOutcome.choices,
        widget=forms.RadioSelect,
        error_messages=needs(gettext_lazy("Choose the outcome.")),
    )
    words = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(gettext_lazy("Write the answer.")),
    )
