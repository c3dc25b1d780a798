"""The forms of what becomes of a long-term measure (W-07)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.files import FilesField
from organisation.forms.records import RecordForm


class FinishForm(RecordForm):
    proof = forms.CharField(
        label=_("What proves it"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What was done, since when, and how one sees it; or add a file"),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"),
        required=False,
        help_text=_("Photos, recordings or documents, each at most 20 MB."),
    )


class DropForm(RecordForm):
    ids = "drop_%s"
    reason = forms.CharField(
        label=_("Why it is not needed"), max_length=2000, widget=forms.Textarea({"rows": 2})
    )
