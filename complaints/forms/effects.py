"""The forms of what an order achieved: reported by the branch, decided later (W-08, W-09)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.forms.records import RecordForm


class EffectForm(RecordForm):
    """What the branch reports (W-08)."""

    ids = "effect_%s"
    effect_report = forms.CharField(
        label=_("What the measures achieved"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Truthfully: what is different since, and what the customer says"),
    )
    is_customer_satisfied = forms.TypedChoiceField(
        label=_("Customer satisfied"),
        required=False,
        choices=(("", _("Not asked")), ("yes", _("Satisfied")), ("no", _("Not satisfied"))),
        coerce=lambda value: value == "yes",
        empty_value=None,
    )

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        said = {None: "", True: "yes", False: "no"}[record.is_customer_satisfied]
        return {"effect_report": record.effect_report, "is_customer_satisfied": said}


class DecideForm(RecordForm):
    """The decision on a check; the figures stand beside it."""

    is_effective = forms.TypedChoiceField(
        label=_("Decision"),
        choices=(("yes", _("Effective")), ("no", _("Not effective"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("Grounds"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    returns_order = forms.BooleanField(
        label=_("Return the order to the branch"),
        required=False,
        help_text=_("Only if it was not effective"),
    )
