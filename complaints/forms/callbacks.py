"""The result of a call to the customer (C-12)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import LocalTimeInput

REACHED = (("yes", _("Reached")), ("no", _("No reply, arrange another time")))
SATISFIED = (("yes", _("Satisfied")), ("no", _("Not satisfied")))
SCORES = (("", "—"), *((str(score), str(score)) for score in range(11)))


def _is_yes(value: str) -> bool:
    return value == "yes"


class CallbackForm(forms.Form):
    """Reached: satisfied or not, a score, the customer's words. No reply: when to call again."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reached = forms.TypedChoiceField(
        label=_("Was the customer reached?"),
        choices=REACHED,
        coerce=_is_yes,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the customer was reached")},
    )
    satisfied = forms.TypedChoiceField(
        label=_("Is the customer satisfied?"),
        choices=SATISFIED,
        required=False,
        coerce=_is_yes,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    score = forms.TypedChoiceField(
        label=_("Score 0–10"), choices=SCORES, required=False, coerce=int, empty_value=None
    )
    words = forms.CharField(
        label=_("The customer's words"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
    )
    next_at = forms.DateTimeField(label=_("Call again at"), required=False, widget=LocalTimeInput)

    def shown(self) -> "CallbackForm":
        """Ready for the page, where each case asks for its answer; nothing is checked any more."""
        for name in ("satisfied", "next_at"):
            self.fields[name].required = True
        return self

    def given(self) -> dict[str, Any]:
        """What the action takes; answers that belong to the other case are left out."""
        data = dict(self.cleaned_data)
        is_reached = data.pop("reached")
        satisfied, score, next_at = (data.pop(name) for name in ("satisfied", "score", "next_at"))
        return data | {
            "is_reached": is_reached,
            "is_satisfied": satisfied if is_reached else None,
            "score": score if is_reached else None,
            "next_at": None if is_reached else next_at,
        }
