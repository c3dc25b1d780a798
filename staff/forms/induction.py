"""Forms of the first months of new people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from organisation.access import branches
from organisation.forms.fields import BranchField, PersonField
from organisation.forms.records import RecordForm
from organisation.models import Person
from staff.actions.induction import EXTENDED, PLAN, mentors
from staff.models import Induction, InductionStatus

RESULTS = (
    (InductionStatus.PASSED.value, _("Passed")),
    (EXTENDED, _("Extended by 30 days")),
    (InductionStatus.NOT_PASSED.value, _("Not passed")),
    (InductionStatus.WITHDRAWN.value, _("The plan is withdrawn")),
)
USUAL = _(
    "Know the four promises and who keeps them\n"
    "Take in a complaint beside the mentor\n"
    "Answer a customer while the mentor listens"
)


class PlanForm(forms.Form):
    """A new person, the mentor, and the first steps."""

    use_required_attribute = False
    branch = BranchField(label=_("Branch"), error_messages=needs(_("Choose the branch.")))
    person = PersonField(label=_("New person"), error_messages=needs(_("Choose the person.")))
    mentor = PersonField(
        label=_("Mentor"),
        help_text=_("Who holds the role of a mentor; HR confirms."),
        error_messages=needs(_("Choose the mentor.")),
    )
    started_on = forms.DateField(
        label=pgettext_lazy("of work", "First day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Assessments are due 30, 60 and 90 days later."),
        error_messages=needs(_("Enter the first day of work.")),
    )
    steps = forms.CharField(
        label=_("Steps"),
        max_length=4000,
        required=False,
        initial=USUAL,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("One per line; more can be added later."),
    )

    def __init__(self, data: Any = None, *, planner: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        mine = branches(planner, PLAN).filter(is_active=True)
        fields["branch"].queryset = mine
        working = Person.objects.filter(is_active=True, postings__branch__in=mine)
        fields["person"].queryset = working.exclude(pk=planner.pk).distinct()
        fields["mentor"].queryset = mentors()

    def clean_steps(self) -> list[str]:
        return str(self.cleaned_data["steps"]).splitlines()


class MentorForm(RecordForm):
    """Another mentor."""

    ids = "mentor_%s"
    mentor = PersonField(label=_("Mentor"), error_messages=needs(_("Choose the mentor.")))

    def __init__(self, record: Induction, *sent: Any) -> None:
        super().__init__(record, *sent)
        field: Any = self.fields["mentor"]
        field.queryset = mentors().exclude(pk=record.person_id)

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        return {"mentor": record.mentor_id}


class ConfirmForm(RecordForm):
    """Confirming asks for nothing."""

    ids = "confirm_%s"


class StepForm(RecordForm):
    """One more step."""

    use_required_attribute = False
    ids = "step_%s"
    text = forms.CharField(
        label=_("Step"),
        max_length=200,
        error_messages=needs(_("Say what is to be learned or done.")),
    )
    due_on = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=needs(_("Enter a day within a year of the first one.")),
    )


class StepDoneForm(RecordForm):
    """Ticking a step off; nobody's other act stands in its way."""

    ids = "done_%s"
    version = None  # type: ignore[assignment]
    step = forms.IntegerField(min_value=1, max_value=2**62)


class AssessForm(RecordForm):
    """How it goes after so many days."""

    use_required_attribute = False
    ids = "assess_%s"
    days = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=999)
    score = forms.TypedChoiceField(
        label=_("Score, 1 (poor) to 5 (very good)"),
        choices=[("", "—"), *((n, str(n)) for n in range(1, 6))],
        coerce=int,
        error_messages=needs(_("Give 1 to 5.")),
    )
    words = forms.CharField(
        label=_("What was seen"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say what you have seen: the new person reads it.")),
    )

    @staticmethod
    def start(record: Any) -> dict[str, Any]:
        following = record.assessments.filter(at__isnull=True).first()
        return {"days": following.days if following else None}


class DecideForm(RecordForm):
    """The result, with grounds."""

    use_required_attribute = False
    ids = "decide_%s"
    result = forms.ChoiceField(
        label=_("Result"),
        choices=(("", "—"), *RESULTS),
        error_messages=needs(_("Choose the result.")),
    )
    grounds = forms.CharField(
        label=_("Grounds"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say on what grounds: the new person reads them.")),
    )
