"""The rectification work order as a form, numbered as on paper (W-02 … W-09, W-11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.actions.work_orders import SECTIONS
from complaints.forms.files import FilesField
from complaints.models import WorkOrder


@dataclass(frozen=True)
class Section:
    """A numbered part of the form; `anchor` is where a link to it jumps."""

    number: int
    title: Promise
    fields: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return f"section-{self.number}"


FORM_SECTIONS = (
    Section(1, _("Title"), ("title_subject", "title_nature", "title_content")),
    Section(2, _("Anomaly"), ("basic_information", "course_of_events")),
    Section(3, _("Causes and evidence"), ("causes", "evidence", "files")),
    Section(
        4,
        _("Emergency measures"),
        ("emergency_measures", "accountability_internal", "accountability_supplier"),
    ),
    Section(5, _("Long-term measures"), ("prevention", "detection", "response")),
    Section(6, _("Promised completion"), ("promised_on",)),
    Section(7, _("Effect"), ("effect_report", "is_customer_satisfied")),
)
ROWS = {
    "basic_information": 2,
    "course_of_events": 4,
    "causes": 3,
    "evidence": 2,
    "emergency_measures": 2,
    "accountability_internal": 1,
    "accountability_supplier": 1,
    "prevention": 2,
    "detection": 2,
    "response": 2,
    "effect_report": 2,
}
# Only these may stay empty when the order is submitted.
OPTIONAL = (
    "basic_information",
    "accountability_internal",
    "accountability_supplier",
    "files",
    "effect_report",
    "is_customer_satisfied",
)
SATISFIED = (("unknown", _("Not asked")), ("true", _("Satisfied")), ("false", _("Not satisfied")))


class Satisfied(forms.NullBooleanSelect):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.Select.__init__(self, attrs, SATISFIED)


class WorkOrderForm(forms.ModelForm):  # type: ignore[type-arg]
    """All sections; a draft may be incomplete, so every field may be empty here.

    `version` is the state that the person typed into.
    """

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    files = FilesField(  # type: ignore[assignment]
        label=_("Files of evidence"),
        required=False,
        help_text=_("Photos, recordings or documents, each at most 20 MB."),
    )

    class Meta:
        model = WorkOrder
        fields = SECTIONS
        widgets = {
            **{name: forms.Textarea({"rows": rows}) for name, rows in ROWS.items()},
            "promised_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "is_customer_satisfied": Satisfied,
        }
        labels = {
            "emergency_measures": _("What was solved for the customer"),
            "promised_on": _("Completion date"),
            "effect_report": _("What the measures achieved"),
        }
        help_texts = {
            "title_subject": _("Who, or which step"),
            "title_nature": _("What went against the rule"),
            "title_content": _("What it led to, with quantities"),
            "basic_information": _("Taken from the complaint; add what is missing"),
            "course_of_events": _("In order of time: when, where, who, what happened"),
            "causes": _("Concrete, true, directly related causes; no guesses"),
            "evidence": _("What proves it; or add files below"),
            "emergency_measures": _("First what the customer cares about most"),
            "accountability_internal": _("Who among our managers answers for it, and how"),
            "accountability_supplier": _("Which supplier answers for it, and how"),
            "prevention": _("So that it does not happen"),
            "detection": _("So that it is noticed when it happens"),
            "response": _("So that we act fast once it is noticed"),
            "promised_on": _("The issuing unit checks on this day"),
            "effect_report": _("May be reported later"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def _post_clean(self) -> None:
        """The action writes: the instance stays as it is stored."""

    def sections(self) -> Iterable[tuple[Section, list[BoundField]]]:
        """The numbered parts with their fields, for the page; nothing is checked after this.

        What a submission needs is marked as needed only here, since a draft may lack it.
        """
        for name, field in self.fields.items():
            field.required = name not in OPTIONAL
        return [(part, [self[name] for name in part.fields]) for part in FORM_SECTIONS]

    def given(self) -> dict[str, Any]:
        """What the action takes: the sections, the files and the version."""
        data = {name: self.cleaned_data[name] for name in SECTIONS}
        return data | {
            "uploads": self.cleaned_data["files"],
            "version": self.cleaned_data["version"],
        }

    def changed_sections(self) -> list[str]:
        """The sections whose words differ from what is stored."""
        return [name for name in self.changed_data if name in SECTIONS]


class EvidenceForm(forms.Form):
    files = FilesField(label=_("Files of evidence"))  # type: ignore[assignment]


class JudgeForm(forms.Form):
    """What the issuing unit says, on the state that it read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReturnForm(JudgeForm):
    reason = forms.CharField(
        label=_("What is missing or wrong"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


class ConfirmForm(JudgeForm):
    guidance = forms.CharField(
        label=_("Guidance"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What other branches should learn from it"),
    )
