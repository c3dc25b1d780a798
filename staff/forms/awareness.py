"""Forms of morning meetings and of spot-checks."""

import random
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from organisation.forms.fields import BranchField
from organisation.models import Branch, Person
from staff.models import FEWEST_PER_BRANCH, AskedPerson, MorningMeeting

YES_NO = (
    (True, pgettext_lazy("of an answer", "Right")),
    (False, pgettext_lazy("of an answer", "Wrong")),
)


class AttendeesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Those who work at the branch, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MeetingForm(forms.Form):
    """When the branch read the report, and who was there."""

    use_required_attribute = False
    branch = BranchField(
        label=_("Branch"), widget=forms.HiddenInput, error_messages=needs(_("Choose the branch."))
    )
    held_on = forms.DateField(
        label=_("Day of the meeting"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=needs(_("Enter the day.")),
    )
    attendees = AttendeesField(
        Person.objects.none(),
        label=_("Who was there"),
        error_messages=needs(_("Name who was there, of those who work at the branch.")),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        branch: Branch,
        branches: QuerySet[Branch],
        known: MorningMeeting | None,
        held_on: Any = None,
    ) -> None:
        stored: dict[str, Any] = {"branch": branch, "held_on": held_on}
        if known is not None:
            stored |= {"held_on": known.held_on, "attendees": known.attendees.all()}
        super().__init__(data, initial=stored)
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches
        people = Person.objects.filter(is_active=True, postings__branch=branch)
        fields["attendees"].queryset = people.distinct()


class DrawForm(forms.Form):
    """How many of each branch are asked."""

    use_required_attribute = False
    per_branch = forms.IntegerField(
        label=_("People per branch"),
        initial=FEWEST_PER_BRANCH,
        min_value=1,
        max_value=500,
        help_text=_("Five at least; all of them where there are fewer."),
        error_messages=needs(_("Enter how many people are asked.")),
    )


class QuestionsForm(forms.Form):
    """The three questions, one field each, in place order."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, asked: AskedPerson) -> None:
        super().__init__(data)
        questions = list(asked.spot_check.report.questions.all())
        for question in questions:
            self.fields[f"question_{question.place}"] = self.field_of(asked, question)

    def field_of(self, asked: AskedPerson, question: Any) -> forms.Field:
        raise NotImplementedError

    def given(self) -> list[Any]:
        """The answers in order of the questions."""
        return [self.cleaned_data[name] for name in self.fields]


class AnswerForm(QuestionsForm):
    """As the person answers: three answers each, in an order that tells nothing."""

    def field_of(self, asked: AskedPerson, question: Any) -> forms.Field:
        answers = [question.right, question.wrong, question.wrong_too]
        random.Random(f"{asked.pk}:{question.pk}").shuffle(answers)  # noqa: S311  a fixed order
        return forms.ChoiceField(
            label=question.text,
            choices=[(each, each) for each in answers],
            widget=forms.RadioSelect,
            error_messages=needs(_("Choose an answer.")),
        )


class PhoneForm(QuestionsForm):
    """As the quality manager hears it: whether each answer was right."""

    def field_of(self, asked: AskedPerson, question: Any) -> forms.Field:
        return forms.TypedChoiceField(
            label=question.text,
            help_text=gettext("Right is: %(answer)s") % {"answer": question.right},
            choices=YES_NO,
            coerce=lambda text: text == "True",
            widget=forms.RadioSelect,
            error_messages=needs(_("Say whether the answer was right.")),
        )
