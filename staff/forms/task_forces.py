"""Forms of task forces and their duties."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.forms.choices import near, needs, people, staff_choices
from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.forms.records import RecordForm
from organisation.models import Branch, Person, Role
from staff.forms.training import DayInput
from staff.models import TaskForce
from staff.models.task_force import EDIT

ROWS = {"rows": 3}


class TaskForceForm(forms.Form):
    """What it is for, and who leads it."""

    use_required_attribute = False
    branch = BranchField(
        label=gettext_lazy("Set up by"), error_messages=needs(gettext_lazy("Choose the branch."))
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages=needs(gettext_lazy("Enter a name.")),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=2000,
        widget=forms.Textarea(ROWS),
        error_messages=needs(gettext_lazy("Say what it is for.")),
    )
    lead = forms.ModelChoiceField(
        Person.objects.none(),
        label=pgettext_lazy("of a task force", "Lead"),
        help_text=gettext_lazy("Gives the duties and hears what was done."),
        error_messages=needs(gettext_lazy("Choose who leads it.")),
    )

    def __init__(self, data: Any = None, *, keeper: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches(keeper, EDIT).filter(is_active=True)
        choose_among(fields["lead"], Branch.objects.top())


class TaskForceEditForm(TaskForceForm):
    """Another state of it; who set it up stays."""

    branch = None  # type: ignore[assignment]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, force: TaskForce) -> None:
        start = {name: getattr(force, name) for name in ("version", "name", "purpose", "lead")}
        forms.Form.__init__(self, data, initial=start)
        choose_among(self.fields["lead"], Branch.objects.top())


class EndForm(RecordForm):
    ids = "end_%s"
    outcome = forms.CharField(
        label=gettext_lazy("What was reached"),
        max_length=2000,
        widget=forms.Textarea(ROWS),
        error_messages=needs(gettext_lazy("Say what was reached.")),
    )


class DutyForm(RecordForm):
    """A duty of a department; people of all departments are offered, since one form serves all."""

    ids = "duty_%s"
    department = forms.ChoiceField(
        label=gettext_lazy("Department"),
        choices=(("", "—"), *Role.choices),
        error_messages=needs(gettext_lazy("Choose the department.")),
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=pgettext_lazy("for a duty", "Responsible"),
        error_messages=needs(gettext_lazy("Choose somebody who works in this department.")),
    )
    text = forms.CharField(
        label=gettext_lazy("Duty"),
        max_length=300,
        error_messages=needs(gettext_lazy("Say what is to be done.")),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("A standing duty has no day."),
    )

    def __init__(self, record: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(record, *args, **kwargs)
        choose_among(self.fields["person"], Branch.objects.top())


class ReportForm(RecordForm):
    ids = "report_%s"
    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=2000,
        widget=forms.Textarea(ROWS),
        error_messages=needs(gettext_lazy("Say what was done.")),
    )


class DropForm(RecordForm):
    ids = "drop_%s"
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(ROWS),
        error_messages=needs(gettext_lazy("Say why: whoever is responsible reads it.")),
    )


def choose_among(field: Any, branch: Branch) -> None:
    """Everybody who works at the branch or below it, by the unit where they work."""
    found = list(near(branch))
    field.queryset = people(found)
    field.choices = staff_choices(found)
