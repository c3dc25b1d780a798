"""The forms of the moves on a complaint. Field names are those of the action's arguments."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.forms import choices
from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from complaints.models import (
    Category,
    Complaint,
    Milestone,
    Severity,
    WaiverCode,
)
from organisation.access import visible
from organisation.models import Branch, Person, Posting


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Enter the reason.")),
    )


class MoveForm(forms.Form):
    """A move on one complaint; `version` is the state that the person decided on."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The field for what is said to somebody, if there is one.
    words_field = ""
    # Fields that contradict nobody when they are left empty.
    silent: tuple[str, ...] = ()
    # Whether its boxes name so many that a page reads them only for who asks for them.
    is_heavy = False

    def __init__(self, *args: Any, complaint: Complaint, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint = complaint
        self.person = person
        if "version" in self.fields:
            self.fields["version"].initial = complaint.version
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the complaint."""

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return self.cleaned_data

    @property
    def words_box(self) -> BoundField | None:
        """Where a canned reply goes."""
        return self[self.words_field] if self.words_field else None

    def standing(self) -> dict[str, Any]:
        """What the complaint says by now, by field: beside it stands what a slower person wrote."""
        return {}


class UrgeForm(MoveForm):
    """An urge changes nothing, so it needs no version."""

    version = None  # type: ignore[assignment]


class ReasonForm(MoveForm):
    reason = reason_field()


class TriageForm(MoveForm):
    """A real complaint: whose, what about, how grave."""

    branch = forms.ModelChoiceField(
        Branch.objects.active(),
        label=_("Responsible branch"),
        error_messages=needs(_("Choose the responsible branch.")),
    )
    handler = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Handler"),
        required=False,
        help_text=_("Without one, the branch manager is told."),
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True),
        label=_("Category"),
        error_messages=needs(_("Choose the category.")),
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)

    def prepare(self) -> None:
        offer_handlers(self)
        offer_branches(self)
        category = self.fields["category"]
        category.choices = choices.category_choices(category.queryset)  # type: ignore[attr-defined]
        category.initial = self.complaint.category_id
        self.fields["severity"].initial = self.complaint.severity

    def standing(self) -> dict[str, Any]:
        found = self.complaint
        responsible = found.branch if found.triaged_at else None
        return {
            "branch": responsible,
            "handler": found.handler,
            "category": found.category,
            "severity": found.severity,
        }


class AssignForm(MoveForm):
    handler = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Handler"),
        error_messages=needs(_("Choose the handler.")),
    )

    def prepare(self) -> None:
        self.postings = choices.answering(self.complaint.branch)
        _offer(self, self.postings)
        self.fields["handler"].initial = self.complaint.handler_id

    def standing(self) -> dict[str, Any]:
        return {"handler": self.complaint.handler}


class TransferForm(MoveForm):
    is_heavy = True
    branch = forms.ModelChoiceField(
        Branch.objects.active(),
        label=_("Responsible branch"),
        error_messages=needs(_("Choose the responsible branch.")),
    )
    handler = forms.ModelChoiceField(Person.objects.none(), label=_("Handler"), required=False)
    reason = reason_field()

    def prepare(self) -> None:
        offer_handlers(self)
        offer_branches(self)

    def standing(self) -> dict[str, Any]:
        return {"branch": self.complaint.branch, "handler": self.complaint.handler}


class PauseForm(MoveForm):
    """Waiting for the customer."""

    reason = forms.CharField(
        label=_("What we wait for"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(_("Enter what the customer has to do.")),
    )
    until = forms.DateTimeField(
        label=_("Until when at the latest"),
        required=False,
        widget=choices.LocalTimeInput,
        help_text=_(
            "Empty means until the pauses are used up; the clocks then go on by themselves."
        ),
    )

    def standing(self) -> dict[str, Any]:
        pause = self.complaint.pauses.filter(ended_at=None).first()
        return {"reason": pause.reason, "until": pause.until_at} if pause else {}


class ReceiptForm(MoveForm):
    received_at = forms.DateTimeField(
        label=_("Time of receipt"),
        widget=choices.LocalTimeInput,
        error_messages=needs(_("Enter when it was received.")),
    )
    reason = reason_field()

    def prepare(self) -> None:
        self.fields["received_at"].initial = self.complaint.received_at

    def standing(self) -> dict[str, Any]:
        return {"received_at": self.complaint.received_at}


class WaiverForm(MoveForm):
    milestone = forms.ChoiceField(label=_("Clock"), choices=Milestone.choices)
    code = forms.ChoiceField(label=_("Reason"), choices=WaiverCode.choices)
    words = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Enter what happened.")),
    )


class MergeForm(MoveForm):
    """The complaint that goes on, by its number."""

    into = forms.CharField(
        label=_("Number of the complaint that goes on"),
        max_length=24,
        error_messages=needs(_("Enter the number of the other complaint.")),
    )

    def clean_into(self) -> Complaint:
        number = self.cleaned_data["into"].strip().upper()
        found = visible(Complaint, self.person).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no complaint with this number that you can see.")
            )
        return found


class NoteForm(MoveForm):
    """A note never conflicts: it needs no version."""

    version = None  # type: ignore[assignment]
    words_field = "text"
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea({"rows": 2, "placeholder": _("To colleagues; @name tells somebody")}),
        error_messages=needs(_("Write the note.")),
    )


class AttachForm(MoveForm):
    version = None  # type: ignore[assignment]
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"),
        help_text=_("Photos, PDF, Word, Excel, MP3, MP4 and plain text, up to 20 MB each."),
        error_messages=needs(_("Choose a file.")),
    )

    def given(self) -> dict[str, Any]:
        return {"uploads": self.cleaned_data["files"]}


def offer_branches(form: forms.Form) -> None:
    """Every branch; where script runs, choosing one narrows the handlers to its people."""
    field: Any = form.fields["branch"]
    field.choices = choices.branch_choices(choices.branches())
    field.widget.attrs |= {
        "hx-get": reverse("complaint-handlers"),
        "hx-trigger": "change",
        "hx-target": f"#{form['handler'].id_for_label}",
        "hx-swap": "innerHTML",
    }


def offer_handlers(form: forms.Form) -> None:
    """Everybody who works at a branch, by branch."""
    _offer(form, choices.handlers())


def _offer(form: forms.Form, found: list[Posting]) -> None:
    field: Any = form.fields["handler"]
    field.queryset = choices.people(found)
    field.choices = choices.handler_choices(found)
