"""Forms of disputes, of freezing and revising, and of the time for disputes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.forms.choices import NOTHING, needs
from complaints.forms.files import FilesField
from complaints.models import WaiverCode
from organisation.forms.fields import BranchField
from organisation.forms.records import RecordForm
from organisation.models import Branch
from reports.disputing import Offer
from reports.models import MOST_HOURS, Dispute


class DisputeForm(forms.Form):
    """What is contested of one complaint, with what shows it."""

    use_required_attribute = False
    about = forms.ChoiceField(
        label=gettext_lazy("What is disputed"),
        widget=forms.RadioSelect,
        error_messages=needs(gettext_lazy("Choose what is disputed.")),
    )
    to_branch = BranchField(
        label=gettext_lazy("Who is responsible instead"),
        required=False,
        help_text=gettext_lazy("If you know. Leave it empty for a clock."),
    )
    words = forms.CharField(
        label=gettext_lazy("What is wrong, and what shows it"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        error_messages=needs(gettext_lazy("Say what is wrong, and what shows it.")),
    )
    files = FilesField(  # type: ignore[assignment]  # hides the uploads of the form
        label=gettext_lazy("Files"), required=False
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.value: offer for offer in offers}
        fields: dict[str, Any] = self.fields
        fields["about"].choices = [(offer.value, offer.label) for offer in offers]
        fields["to_branch"].queryset = Branch.objects.active()
        if len(offers) == 1:
            fields["about"].initial = offers[0].value

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        timer = self.offers[data.pop("about")].timer
        uploads = data.pop("files")
        return data | {"timer": timer, "uploads": uploads}


class DecideForm(RecordForm):
    """Granted or declined; what a grant needs is asked for by its kind."""

    use_required_attribute = False
    is_granted = forms.TypedChoiceField(
        label=pgettext_lazy("of a dispute", "Decision"),
        choices=[("yes", gettext_lazy("Grant it")), ("no", gettext_lazy("Decline it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=needs(gettext_lazy("Grant or decline it.")),
    )
    code = forms.ChoiceField(
        label=gettext_lazy("Reason of the waiver"),
        choices=[NOTHING, *WaiverCode.choices],
        required=False,
        help_text=gettext_lazy("Needed where it is granted: the clock is waived."),
    )
    to_branch = BranchField(
        label=gettext_lazy("Responsible branch"),
        required=False,
        help_text=gettext_lazy("Needed where it is granted: the verdicts go along."),
    )
    words = forms.CharField(
        label=gettext_lazy("How you decided, and why"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(gettext_lazy("Say how you decided, and why.")),
    )

    def __init__(self, record: Dispute, *args: Any) -> None:
        super().__init__(record, *args)
        fields: dict[str, Any] = self.fields
        if record.timer_id is not None:
            del fields["to_branch"]
        else:
            del fields["code"]
            fields["to_branch"].queryset = Branch.objects.active().exclude(pk=record.branch_id)
            fields["to_branch"].initial = record.to_branch_id


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("What was found out, and how"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(gettext_lazy("Say what was found out, and how.")),
    )


class ClosingRuleForm(forms.Form):
    use_required_attribute = False
    dispute_hours = forms.IntegerField(
        label=gettext_lazy("Hours for disputes"),
        min_value=0,
        max_value=MOST_HOURS,
        help_text=gettext_lazy(
            "Counted from 08:00 on the day after the period. 48: a week is frozen on Wednesday "
            "at 08:00. It counts for periods that end from now on."
        ),
        error_messages=needs(gettext_lazy("Enter a number of hours.")),
    )
