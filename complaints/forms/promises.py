"""Forms of promises: what one says, and which were broken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import Complaint, Promise, PromiseKind, PromiseRevision

SAID = (
    *("words", "words_en", "slogan", "slogan_en", "limit_hours", "remedy", "remedy_en"),
    *("feedback_line", "valid_from", "valid_until"),
)


class DayInput(forms.DateInput):
    """The system's picker for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RevisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a promise says; `seen` is the revision that was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PromiseRevision
        fields = SAID
        widgets = {"valid_from": DayInput(), "valid_until": DayInput()}
        help_texts = {
            "words": _("In the customer's words: short, and something that can be checked."),
            "remedy": _("What the customer gets when it is broken."),
            "feedback_line": _("Where to say so: a number or an address."),
            "limit_hours": _("Empty, when it is no matter of time."),
        }
        error_messages = {
            "words": needs(_("Enter what is promised.")),
            "valid_from": needs(_("Enter from when it holds.")),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("valid_from"), data.get("valid_until")
        if since and until and until < since:
            self.add_error("valid_until", _("Enter a day that is not before the first."))
        return data

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SAID}


class PromiseForm(RevisionForm):
    """A new one: to whom, too."""

    kind = forms.ChoiceField(label=_("To whom"), choices=PromiseKind, initial=PromiseKind.EXTERNAL)

    field_order = ("kind", *SAID)


class BrokenForm(forms.Form):
    """The promises that a complaint says were broken."""

    promises = forms.ModelMultipleChoiceField(
        Promise.objects.all(),
        label=_("Broken promises"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, complaint: Complaint, offered: list[PromiseRevision]) -> None:
        chosen = list(complaint.broken_promises.values_list("promise", flat=True))
        super().__init__(data, initial={"promises": chosen}, auto_id="broken_%s")
        field: Any = self.fields["promises"]
        field.choices = [(row.promise_id, row.label) for row in offered]
