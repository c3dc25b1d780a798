"""The form that puts the days of a contest right."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from organisation.forms.records import RecordForm
from staff.actions.contest_days import DAYS
from staff.forms.contest import day


class DaysForm(RecordForm):
    use_required_attribute = False
    plans_due_on = day(_("Plans are due on"), _("Choose the day."))
    feedback_due_on = day(_("Feedback is due on"), _("Choose the day."))
    review_due_on = day(_("Marks are due on"), _("Choose the day."))
    reason = forms.CharField(
        label=_("Why the days change"),
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(_("Say why the days change: the branches read it.")),
    )

    @staticmethod
    def start(record: Any) -> Mapping[str, Any]:
        return {name: getattr(record, name) for name in DAYS}
