"""The forms for what was said to the customer. Field names are those of the action's arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms import choices
from complaints.forms.choices import needs
from complaints.forms.moves import MoveForm
from complaints.models import Channel, Reply

SATISFIED = (("", _("Not asked")), ("yes", _("Satisfied")), ("no", _("Not satisfied")))


class SpokenForm(MoveForm):
    """Something was said to the customer: how, and when if not just now."""

    kind: str
    silent = ("at",)

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=choices.LocalTimeInput,
        help_text=_("Empty means now."),
    )

    def standing(self) -> dict[str, Any]:
        """The last reply of the kind in this cycle."""
        rows = self.complaint.replies.filter(kind=self.kind, cycle=self.complaint.cycle)
        reply = rows.order_by("pk").last()
        if reply is None:
            return {}
        return {
            self.words_field: reply.words,
            "channel": reply.channel,
            "at": reply.at,
            "is_customer_satisfied": reply.is_customer_satisfied,
        }


class ApologyForm(SpokenForm):
    kind = Reply.Kind.APOLOGY
    words_field = "words"
    words = forms.CharField(
        label=_("What was said"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Enter what was said.")),
    )
    field_order = ("words", "channel", "at")


class ResultForm(SpokenForm):
    kind = Reply.Kind.RESULT
    words_field = "result"
    result = forms.CharField(
        label=_("The result, as the customer was told"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(_("Enter the result.")),
    )
    is_customer_satisfied = forms.TypedChoiceField(
        label=_("Is the customer satisfied?"),
        choices=SATISFIED,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    field_order = ("result", "is_customer_satisfied", "channel", "at")
