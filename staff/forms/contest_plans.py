"""Forms of a plan of the contest: begun, written, judged fit, told about, promoted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.forms.records import RecordForm
from organisation.models import Person
from staff.actions.contest_plans import workers
from staff.contests import WRITE
from staff.forms.contest import day
from staff.models import Contest, ContestStatus, Plan, PlanKind

LONG: dict[str, Any] = {"required": False, "max_length": 5000}


class ContestField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class BeginForm(forms.Form):
    """A new plan, with what must be known before it can be written."""

    use_required_attribute = False
    contest = ContestField(
        Contest.objects.none(),
        label=_("Contest"),
        empty_label=None,
        error_messages=needs(_("Choose the contest.")),
    )
    branch = BranchField(
        label=pgettext_lazy("level", "Branch"), error_messages=needs(_("Choose the branch."))
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PlanKind, initial=PlanKind.ACTIVITY, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages=needs(_("Give the plan a title."))
    )

    def __init__(self, data: Any = None, *, writer: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["contest"].queryset = Contest.objects.filter(status=ContestStatus.OPEN)
        mine = branches(writer, WRITE).filter(is_active=True)
        fields["branch"].queryset = mine
        if len(mine) == 1:
            fields["branch"].initial = mine[0]


class WriteForm(RecordForm):
    """All that a plan says; a draft may lack any part of it but the title."""

    use_required_attribute = False
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages=needs(_("Give the plan a title."))
    )
    problem = forms.CharField(
        label=_("Problem"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What customers miss today."),
        **LONG,
    )
    benchmark = forms.CharField(
        label=_("Benchmark company"),
        required=False,
        max_length=300,
        help_text=_("Who does this well, and what they do."),
    )
    measures = forms.CharField(
        label=_("Measures"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("What is done, in which order, and until when."),
        **LONG,
    )
    budget = forms.DecimalField(
        label=_("Budget"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("In yuan; 0 if it costs nothing."),
    )
    effect = forms.CharField(
        label=_("Expected effect"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("How one will see it, with a figure."),
        **LONG,
    )
    team = PeopleField(
        Person.objects.none(), label=_("Team"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, record: Plan, data: Any = None, files: Any = None) -> None:
        super().__init__(record, data, files)
        fields: dict[str, Any] = self.fields
        fields["team"].queryset = workers(record.branch)

    def shown(self) -> "WriteForm":
        """For the page, after which nothing is checked: a submission needs all of it."""
        for field in self.fields.values():
            field.required = True
        return self

    @staticmethod
    def start(record: Any) -> Mapping[str, Any]:
        text = record.newest
        names = ("title", "problem", "benchmark", "measures", "budget", "effect")
        team = [member.person_id for member in text.members.all()]
        return {name: getattr(text, name) for name in names} | {"team": team}


class ActForm(RecordForm):
    """A button that asks for nothing."""


class ReturnForm(RecordForm):
    use_required_attribute = False
    ids = "return_%s"
    reason = forms.CharField(
        label=_("What the plan lacks"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say what the plan lacks.")),
    )
    again_by = day(
        _("A new version by"),
        _("Choose the day."),
        help_text=_("Until then the new version counts as in time."),
    )


class ReportForm(RecordForm):
    use_required_attribute = False
    ids = "report_%s"
    text = forms.CharField(
        label=_("What was done, and what came of it"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(_("Say what was done, and what came of it.")),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Evidence"),
        required=False,
        help_text=_("Photos, recordings or documents, each at most 20 MB."),
    )
    is_final = forms.BooleanField(
        label=_("The plan is carried out: hand it to the review group"), required=False
    )


class PromoteForm(RecordForm):
    use_required_attribute = False
    ids = "promote_%s"
    version = None  # type: ignore[assignment]  # the plan itself does not change
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages=needs(_("This is needed."))
    )
    words = forms.CharField(
        label=_("What others can do"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
        error_messages=needs(_("This is needed.")),
    )
    method = forms.CharField(
        label=_("How it is promoted"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Training, a visit, a standard: whatever fits."),
        error_messages=needs(_("This is needed.")),
    )

    @staticmethod
    def start(record: Any) -> Mapping[str, Any]:
        return {"title": record.newest.title}
