"""Forms of the micro-report: the story with its questions, the review, the rotation."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import Complaint, WorkOrder
from csm.templatetags.csm import week
from organisation.access import visible
from organisation.forms.fields import BranchField
from organisation.models import Branch, Person
from staff.actions.micro_reports import Question, Story
from staff.models import QUESTIONS, Layer, MicroReport, Realm, Tone, Turn

PARTS = ("text", "right", "wrong", "wrong_too")
LABELS = {
    "text": _("Question"),
    "right": _("Right answer"),
    "wrong": _("Wrong answer"),
    "wrong_too": _("Other wrong answer"),
}


def names_of(text: str) -> list[str]:
    """Names as they are typed: one a line, or with commas between them."""
    return [name.strip() for name in re.split(r"[\n,;，；、]", text) if name.strip()]


class StoryForm(forms.Form):
    """What a branch writes; `version` is the state that was read."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"), max_length=120, error_messages=needs(_("Enter the title."))
    )
    story = forms.CharField(
        label=pgettext_lazy("of a micro-report", "Story"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_("What really happened: who did what, what the customer felt, what we learn."),
    )
    tone = forms.ChoiceField(
        label=_("Example"),
        choices=Tone.choices,
        widget=forms.RadioSelect,
        error_messages=needs(_("Say whether it is a good or a bad example.")),
    )
    layer = forms.ChoiceField(
        label=_("Layer of service"),
        choices=[("", "—"), *Layer.choices],
        error_messages=needs(_("Choose the layer of service.")),
    )
    realm = forms.ChoiceField(
        label=pgettext_lazy("service", "Realm"),
        choices=[("", "—"), *Realm.choices],
        error_messages=needs(_("Choose what the customer felt.")),
    )
    about = forms.CharField(
        label=_("Complaint or work order"),
        required=False,
        max_length=80,
        help_text=_("The number, if the story tells of one."),
    )
    hidden_names = forms.CharField(
        label=_("Further names to mask"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Customers, their contacts and colleagues are masked by themselves. "
            "Name here whoever else the story mentions, one a line."
        ),
    )
    names_colleagues = forms.BooleanField(
        label=_("Name our colleagues: a good example, and they agree"), required=False
    )

    def __init__(
        self, data: Any = None, *, writer: Person, report: MicroReport | None = None
    ) -> None:
        super().__init__(data, initial=_stored(report) if report else {})
        self._writer = writer
        self._about: Complaint | WorkOrder | None = None
        for place in range(1, QUESTIONS + 1):
            for part in PARTS:
                self.fields[_name(place, part)] = forms.CharField(
                    label=LABELS[part], required=False, max_length=300 if part == "text" else 200
                )

    @property
    def about_fields(self) -> list[BoundField]:
        """The fields of the story itself."""
        return [field for field in self if not field.name.startswith("question_")]

    @property
    def question_fields(self) -> Iterator[tuple[int, list[BoundField]]]:
        for place in range(1, QUESTIONS + 1):
            yield place, [self[_name(place, part)] for part in PARTS]

    def clean_about(self) -> str:
        """The complaint or the order of that number, if the writer sees it."""
        number = str(self.cleaned_data["about"]).strip()
        if number:
            self._about = about(number, self._writer)
            if self._about is None:
                words = gettext("You see no complaint and no work order with this number.")
                raise forms.ValidationError(words)
        return number

    def shown(self) -> "StoryForm":
        """For the page, after which nothing is checked: handing in needs story and questions."""
        for name, field in self.fields.items():
            if name == "story" or name.startswith("question_"):
                field.required = True
        return self

    def given(self) -> Story:
        said = self.cleaned_data
        questions = [
            Question(**{part: said[_name(place, part)] for part in PARTS})
            for place in range(1, QUESTIONS + 1)
        ]
        return Story(
            title=said["title"],
            text=said["story"],
            tone=said["tone"],
            layer=said["layer"],
            realm=said["realm"],
            about=self._about,
            hidden_names=names_of(said["hidden_names"]),
            names_colleagues=said["names_colleagues"],
            questions=questions,
        )


def about(number: str, person: Person) -> Complaint | WorkOrder | None:
    if "\0" in number:
        return None
    complaint = visible(Complaint, person).filter(number=number).first()
    return complaint or visible(WorkOrder, person).filter(number=number).first()


def _name(place: int, part: str) -> str:
    """`question_1` itself is the text: what is wrong with a question stands there."""
    return f"question_{place}" if part == "text" else f"question_{place}_{part}"


def _stored(report: MicroReport) -> dict[str, Any]:
    linked = report.complaint or report.work_order
    stored: dict[str, Any] = {
        "version": report.version,
        "title": report.raw_title,
        "story": report.raw_story,
        "tone": report.tone,
        "layer": report.layer,
        "realm": report.realm,
        "about": linked.number if linked else "",
        "hidden_names": "\n".join(report.hidden_names),
        "names_colleagues": report.names_colleagues,
    }
    for question in report.questions.all():
        for part in PARTS:
            stored[_name(question.place, part)] = getattr(question, part)
    return stored


class ReasonForm(forms.Form):
    """An act on a report that says why, and which version was read."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class WithdrawForm(ReasonForm):
    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say why the story is withdrawn: the branch reads it.")),
    )


class ReturnForm(ReasonForm):
    """Why a report goes back to its branch."""

    reason = forms.CharField(
        label=_("What is to be changed"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say what is to be changed: the branch reads it.")),
    )


class WeekField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A week of another branch, by its turn."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{week(obj.monday)} · {obj.branch.label}"


class SwapForm(forms.Form):
    """With which week to change; a branch says why, the quality manager need not."""

    use_required_attribute = False
    week = WeekField(
        Turn.objects.none(),
        label=_("Change with"),
        empty_label="—",
        error_messages=needs(_("Choose the week.")),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: Any = None, *, turns: QuerySet[Turn]) -> None:
        super().__init__(data)
        field: Any = self.fields["week"]
        field.queryset = turns

    @property
    def monday(self) -> date:
        found: date = self.cleaned_data["week"].monday
        return found


class HandOnForm(forms.Form):
    """Who writes instead: a week is never left empty."""

    use_required_attribute = False
    branch = BranchField(label=_("Who writes instead"), required=False)

    def __init__(self, data: Any = None, *, branches: QuerySet[Branch]) -> None:
        super().__init__(data)
        field: Any = self.fields["branch"]
        field.queryset = branches
