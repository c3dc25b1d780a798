"""A branch's answers to the measures that one order offers to it, in one form (T-10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.actions.lessons import Answer
from complaints.forms.files import FilesField
from complaints.models import Lesson, LessonStatus
from csm.kit import clock
from organisation.forms.records import RecordForm

ADOPT, DECLINE, LATER = "adopt", "decline", "later"
# The button that declines all at once, for one reason.
NONE = "none"
OF_ADOPTING = ("adopted_on", "proof", "files")


@dataclass(frozen=True)
class Line:
    """The boxes for one measure."""

    answer: BoundField
    adopting: list[BoundField]
    reason: BoundField
    version: BoundField


class AnswersForm(RecordForm):
    """A line for each measure that can be answered; `record` is any of the lessons."""

    version = None  # type: ignore[assignment]
    none_reason = forms.CharField(
        label=_("Why none of them fits here"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, record: Lesson, *sent: Any) -> None:
        super().__init__(record, *sent)
        self.answerable = [row for row in record.together() if self._has_line(row)]
        for row in self.answerable:
            self._add_line(row)

    def _has_line(self, row: Lesson) -> bool:
        """One that somebody else has answered meanwhile keeps what was typed."""
        return bool(row.open_actions) or self._sent(row) != LATER

    def _sent(self, row: Lesson) -> str:
        return str(self.data.get(f"answer-{row.pk}", LATER))

    def _add_line(self, row: Lesson) -> None:
        is_declined = row.status == LessonStatus.DECLINED
        choices: list[tuple[str, Any]] = [(ADOPT, _("It is in force here"))]
        if not is_declined or self._sent(row) == DECLINE:
            choices.append((DECLINE, _("It does not fit here")))
        later = _("It stays declined") if is_declined else pgettext_lazy("of answers", "Later")
        choices.append((LATER, later))
        fields: dict[str, forms.Field] = {
            "answer": forms.ChoiceField(
                label=_("Our answer"),
                required=False,
                initial=LATER,
                choices=choices,
                widget=forms.RadioSelect,
            ),
            "adopted_on": forms.DateField(
                label=_("In force here since"),
                required=False,
                initial=lambda: timezone.localdate(clock.now()),
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            ),
            "proof": forms.CharField(
                label=_("What proves it"),
                required=False,
                max_length=5000,
                widget=forms.Textarea({"rows": 2}),
                help_text=_("How one sees it; or add a file"),
            ),
            "files": FilesField(label=_("Files"), required=False),
            "reason": forms.CharField(
                label=_("Why it does not fit here"),
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": 2}),
            ),
            "version": forms.IntegerField(
                required=False, initial=row.version, widget=forms.HiddenInput
            ),
        }
        self.fields |= {f"{name}-{row.pk}": each for name, each in fields.items()}

    def line(self, row: Lesson) -> Line | None:
        """The boxes of a lesson, if it has any. Only what may stay empty is called optional."""
        if f"answer-{row.pk}" not in self.fields:
            return None
        boxes = {name: self[f"{name}-{row.pk}"] for name in ("answer", *OF_ADOPTING, "reason")}
        for name in ("answer", "adopted_on", "reason"):
            boxes[name].field.required = True
        adopting = [boxes[name] for name in OF_ADOPTING]
        return Line(boxes["answer"], adopting, boxes["reason"], self[f"version-{row.pk}"])

    @property
    def offered(self) -> list[Lesson]:
        return [row for row in self.answerable if row.status == LessonStatus.OFFERED]

    def clean(self) -> dict[str, Any]:
        """The answers that were given; nothing of what stays open."""
        answers = list(self._declined() if NONE in self.data else self._given())
        return {"answers": answers}

    def _declined(self) -> Iterator[Answer]:
        """All that are open, for the one reason."""
        for row in self.answerable:
            self._forget(row, ("answer", "reason", *OF_ADOPTING))
        if not self.cleaned_data.get("none_reason"):
            self.add_error("none_reason", _("Say why none of them fits here."))
        reason = self.cleaned_data.get("none_reason", "")
        for row in self.offered:
            yield self._answer(row, is_adopted=False, reason=reason)

    def _given(self) -> Iterator[Answer]:
        for row in self.answerable:
            told = {
                name: self.cleaned_data.get(f"{name}-{row.pk}")
                for name in ("answer", "reason", *OF_ADOPTING)
            }
            if told["answer"] == ADOPT:
                self._forget(row, ["reason"])
                yield self._answer(
                    row,
                    is_adopted=True,
                    adopted_on=told["adopted_on"],
                    proof=told["proof"] or "",
                    uploads=told["files"] or (),
                )
            elif told["answer"] == DECLINE:
                self._forget(row, OF_ADOPTING)
                yield self._answer(row, is_adopted=False, reason=told["reason"] or "")
            elif told["proof"] or told["files"] or told["reason"]:
                words = _("You wrote something about this measure: choose an answer, or clear it.")
                self.add_error(f"answer-{row.pk}", words)

    def _answer(self, row: Lesson, *, is_adopted: bool, **given: Any) -> Answer:
        return Answer(row, is_adopted, given, self.cleaned_data.get(f"version-{row.pk}"))

    def _forget(self, row: Lesson, names: Sequence[str]) -> None:
        """What is wrong in boxes that do not count for the answer given."""
        for name in names:
            self.errors.pop(f"{name}-{row.pk}", None)
