"""Forms of courses and sessions."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.forms.choices import LocalTimeInput, category_choices, near, needs, staff_choices
from complaints.models import Category, Improvement
from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.forms.records import RecordForm
from organisation.models import Branch, Person, Role
from staff.actions.training import Result
from staff.models import Course, CourseLevel, Topic, TrainingSession
from staff.models.training import EDIT

SAID = ("title", "topic", "role", "level", "goals", "category", "hold_by")


class DayInput(forms.DateInput):
    """The system's picker for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CourseForm(forms.Form):
    """What is taught to whom. `improvement` comes from the address."""

    use_required_attribute = False
    branch = BranchField(
        label=gettext_lazy("Kept by"), error_messages=needs(gettext_lazy("Choose the branch."))
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages=needs(gettext_lazy("Enter a title.")),
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        choices=(("", "—"), *Topic.choices),
        error_messages=needs(gettext_lazy("Choose the topic.")),
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("of a course", "For whom"),
        choices=(("", pgettext_lazy("for whom a course is", "Everybody")), *Role.choices),
        required=False,
    )
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=CourseLevel.choices)
    goals = forms.CharField(
        label=gettext_lazy("What they can do afterwards"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("Complaint category"),
        required=False,
        help_text=gettext_lazy("Whose complaints it is to make fewer: its effect is counted."),
    )
    hold_by = forms.DateField(
        label=gettext_lazy("To be held until"),
        widget=DayInput(),
        error_messages=needs(gettext_lazy("Enter a day from today on, within a year.")),
    )

    def __init__(self, data: Any = None, *, keeper: Person, start: dict[str, Any]) -> None:
        super().__init__(data, initial=start)
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches(keeper, EDIT).filter(is_active=True)
        fields["category"].queryset = Category.objects.filter(is_active=True)
        fields["category"].choices = category_choices(fields["category"].queryset)


class CourseEditForm(CourseForm):
    """Another state of it; who keeps it stays."""

    branch = None  # type: ignore[assignment]
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, course: Course) -> None:
        forms.Form.__init__(
            self,
            data,
            initial={"version": course.version, **{name: getattr(course, name) for name in SAID}},
        )
        field: Any = self.fields["category"]
        field.queryset = Category.objects.filter(is_active=True)
        field.choices = category_choices(field.queryset)


class CloseForm(RecordForm):
    """Closing asks for nothing."""

    ids = "close_%s"


class SessionForm(forms.Form):
    """A course held at a branch, and who is invited."""

    use_required_attribute = False
    place = forms.CharField(
        label=gettext_lazy("Place"),
        max_length=120,
        error_messages=needs(gettext_lazy("Say where it is held.")),
    )
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        widget=LocalTimeInput(),
        error_messages=needs(gettext_lazy("Enter when it begins.")),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), initial=60, min_value=5, max_value=3000
    )
    trainer = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Trainer"),
        error_messages=needs(gettext_lazy("Choose the trainer.")),
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Who is to come"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=needs(gettext_lazy("Choose who is to come.")),
    )

    def __init__(self, data: Any = None, *, branch: Branch) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        around, below = (
            near(branch),
            Person.objects.filter(is_active=True, postings__branch__path__startswith=branch.path),
        )
        fields["trainer"].queryset = Person.objects.filter(
            pk__in=around.values("person"), is_active=True
        )
        fields["trainer"].choices = staff_choices(around)
        fields["people"].queryset = below.distinct()
        fields["people"].label_from_instance = lambda person: person.name

    def clean_people(self) -> list[Person]:
        return list(self.cleaned_data["people"])


class RecordSessionForm(RecordForm):
    """Who came, and what they scored: two inputs for each person who was invited."""

    ids = "record_%s"

    def __init__(self, record: TrainingSession, *sent: Any) -> None:
        super().__init__(record, *sent)
        self.lines = list(record.attendance.select_related("person"))
        for row in self.lines:
            self.fields[f"came-{row.person_id}"] = forms.BooleanField(
                label=row.person.name, required=False, initial=row.attended is not False
            )
            self.fields[f"score-{row.person_id}"] = forms.IntegerField(
                label=gettext_lazy("Test, 0 to 100"),
                required=False,
                min_value=0,
                max_value=100,
                initial=row.score,
            )

    @property
    def pairs(self) -> list[tuple[str, Any, Any]]:
        """Name, whether they came, score."""
        return [
            (row.person.name, self[f"came-{row.person_id}"], self[f"score-{row.person_id}"])
            for row in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        results = []
        for row in self.lines:
            came, score = data.get(f"came-{row.person_id}"), data.get(f"score-{row.person_id}")
            if score is not None and not came:
                self.add_error(f"score-{row.person_id}", _("Only who came has a score."))
            results.append(Result(row.person_id, bool(came), score))
        return {"results": results, "version": data.get("version")}


class CancelForm(RecordForm):
    """Why it is not held."""

    ids = "cancel_%s"
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        error_messages=needs(gettext_lazy("Say why: those who were invited read it.")),
    )


def born_from(improvement: Improvement) -> dict[str, Any]:
    """What a course begins with that a work order asked for."""
    return {"title": improvement.title, "goals": improvement.reason}
