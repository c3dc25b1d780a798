"""Forms of the contest: opening it, marks, awards."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from csm.kit import clock, periods
from organisation.forms.fields import PersonField
from organisation.models import Person
from staff import quarters
from staff.actions.contests import Weighed
from staff.contests import Result
from staff.forms.rewards import CostField
from staff.models import MOST_POINTS, Contest, Criterion, InnovationAward, TeamMember

ROWS = 6
# What a new contest begins with; whoever opens it may weigh otherwise.
FIRST = (
    ("客户价值", "Value to customers", 30),
    ("创新程度", "Novelty", 20),
    ("执行效果", "Effect", 30),
    ("可推广性", "Fit for others", 20),
)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day(label: Any, missing: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), error_messages=needs(missing), **more)


def today() -> Any:
    return timezone.localdate(clock.now())


class ContestForm(forms.Form):
    """A contest with its days, prizes and up to six criteria."""

    use_required_attribute = False
    period = forms.ChoiceField(label=_("Quarter"))
    plans_due_on = day(_("Plans are due on"), _("Choose the day."))
    feedback_due_on = day(_("Feedback is due on"), _("Choose the day."))
    review_due_on = day(_("Marks are due on"), _("Choose the day."))
    team_awards = forms.IntegerField(label=_("Team awards"), initial=1, min_value=1, max_value=20)
    team_prize = forms.CharField(
        label=_("Prize of a team"), max_length=200, error_messages=needs(_("Say what it is."))
    )
    team_prize_cost = CostField(
        label=_("What the prize of a team costs"),
        help_text=_("In yuan: charged to the award fund for each award that is announced"),
    )
    personal_prize = forms.CharField(
        label=_("Prize of a person"), max_length=200, error_messages=needs(_("Say what it is."))
    )
    personal_prize_cost = CostField(label=_("What the prize of a person costs"))
    fewest_reviewers = forms.IntegerField(
        label=_("Fewest reviewers of a winner"), initial=3, min_value=1, max_value=20
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        first = quarters.running(clock.now())
        found = (first, first.following)
        fields: dict[str, Any] = self.fields
        fields["period"].choices = [(each.key, periods.label(each)) for each in found]
        self.own = list(self.fields)
        for place in range(ROWS):
            name, name_en, weight = FIRST[place] if place < len(FIRST) else ("", "", None)
            self.fields |= {
                f"name-{place}": forms.CharField(
                    label=_("Criterion"), required=False, max_length=80, initial=name
                ),
                f"name_en-{place}": forms.CharField(
                    label=_("In English"), required=False, max_length=80, initial=name_en
                ),
                f"weight-{place}": forms.IntegerField(
                    label=_("Weight in percent"),
                    required=False,
                    min_value=0,
                    max_value=100,
                    initial=weight,
                ),
            }

    @property
    def plain(self) -> list[BoundField]:
        return [self[name] for name in self.own]

    @property
    def rows(self) -> list[list[BoundField]]:
        names = ("name", "name_en", "weight")
        return [[self[f"{name}-{place}"] for name in names] for place in range(ROWS)]

    def shown(self) -> "ContestForm":
        """For the page, after which nothing is checked: what is begun as a criterion is whole."""
        for place in range(ROWS):
            names = (f"name-{place}", f"weight-{place}")
            is_begun = place == 0 or any(self[name].value() for name in names)
            for name in names:
                self.fields[name].required = is_begun
        return self

    def given(self) -> dict[str, Any]:
        """As the action takes it; rows that are wholly empty do not count."""
        found = self.cleaned_data
        rows = [
            Weighed(found[f"name-{n}"], found[f"name_en-{n}"], found[f"weight-{n}"] or 0)
            for n in range(ROWS)
            if found[f"name-{n}"] or found[f"weight-{n}"]
        ]
        return {name: found[name] for name in self.own} | {"criteria": rows}


class MarkField(forms.IntegerField):
    def __init__(self, criterion: Criterion) -> None:
        super().__init__(
            label=str(criterion),
            min_value=1,
            max_value=MOST_POINTS,
            help_text=_("1 to 10; it is %(weight)s percent of the mark")
            % {"weight": criterion.weight},
            error_messages=needs(_("Choose a mark from 1 to 10.")),
        )


class JudgeForm(forms.Form):
    """A mark for each criterion of a contest."""

    use_required_attribute = False
    words = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, contest: Contest, data: Any = None) -> None:
        super().__init__(data)
        self.criteria = list(contest.criteria.all())
        marks = {f"points-{row.pk}": MarkField(row) for row in self.criteria}
        self.fields = {**marks, **self.fields}

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        points = {row.pk: found[f"points-{row.pk}"] for row in self.criteria}
        return {"points": points, "words": found["words"]}


class ConflictForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("What the conflict is"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(_("Say what the conflict is.")),
    )


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name} · {obj.text.title}"


class AnnounceForm(forms.Form):
    """Who gets the personal award; the team awards follow from the marks."""

    use_required_attribute = False
    personal = MembersField(
        TeamMember.objects.none(),
        label=_("Personal award"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("What the personal award is for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, contest: Contest, rows: list[Result], data: Any = None) -> None:
        super().__init__(data, initial={"version": contest.version})
        fit = [row.plan.newest.pk for row in rows if row.reviewers >= contest.fewest_reviewers]
        members = TeamMember.objects.filter(text__in=fit, person__is_active=True)
        fields: dict[str, Any] = self.fields
        fields["personal"].queryset = members.select_related("person", "text")

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "personal": list(self.cleaned_data["personal"])}


class AwardForm(forms.Form):
    """What is noted about an award."""

    use_required_attribute = False

    def __init__(
        self, award: InnovationAward, data: Any = None, files: Any = None, **more: Any
    ) -> None:
        super().__init__(data, files, **more)


class HandOverForm(AwardForm):
    handed_to = PersonField(
        label=pgettext_lazy("of a prize", "To whom"),
        error_messages=needs(_("Choose one of the winners.")),
    )
    handed_on = day(_("When"), _("Choose the day."), initial=today)

    def __init__(self, award: InnovationAward, data: Any = None, files: Any = None) -> None:
        super().__init__(award, data, files, auto_id="hand_%s")
        fields: dict[str, Any] = self.fields
        shares = award.shares.values("person")
        fields["handed_to"].queryset = Person.objects.filter(pk__in=shares)


class CeremonyForm(AwardForm):
    held_on = day(_("Held on"), _("Choose the day."), initial=today)
    note = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say what happened at the ceremony.")),
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Photo"), required=False, help_text=_("One photo, at most 20 MB.")
    )
