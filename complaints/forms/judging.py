"""The forms of the issuing unit's verdict on an order (W-09, W-16)."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import MeasureStatus, OrderSection, WorkOrder
from organisation.forms.records import RecordForm

LONGEST_LABEL = 120


class ReturnForm(RecordForm):
    sections = forms.MultipleChoiceField(
        label=_("Sections to mend"),
        choices=OrderSection.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=needs(_("Choose at least one section to mend.")),
    )
    reason = forms.CharField(
        label=_("What is missing or wrong"),
        max_length=2000,
        error_messages=needs(_("Write what is missing or wrong.")),
        widget=forms.Textarea({"rows": 2}),
    )


class AnnulForm(RecordForm):
    """A draft without a number needs no reason."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )


class ConfirmForm(RecordForm):
    """All measures are offered to others unless one is unticked (T-10)."""

    guidance = forms.CharField(
        label=_("Guidance"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What other branches should learn from it"),
    )
    offered = forms.TypedMultipleChoiceField(
        label=_("Offer to other branches"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Every other branch with such complaints has to answer each of these. Untick what is "
            "of use here only."
        ),
    )

    def __init__(self, record: WorkOrder, *sent: Any) -> None:
        super().__init__(record, *sent)
        rows = record.measures.exclude(status=MeasureStatus.DROPPED)
        choices = [(row.number, _label(row)) for row in rows]
        self.fields["offered"].choices = choices  # type: ignore[attr-defined]
        self.initial["offered"] = [number for number, _words in choices]


def _label(row: Any) -> str:
    words = Truncator(" ".join(row.text.split())).chars(LONGEST_LABEL)
    return f"{row.get_group_display()} · {words}"
