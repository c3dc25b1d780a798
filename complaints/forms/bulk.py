"""The forms of acts on many complaints: those of the single acts, without what only one has."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.actions import bulk_kinds
from complaints.forms.moves import (
    AssignForm,
    MoveForm,
    NoteForm,
    TransferForm,
    TriageForm,
    offer_handlers,
)
from complaints.models import BulkKind, Complaint, Severity
from organisation.models import Person

OWN = ("", _("Each keeps its own"))


class BulkMixin:
    """No one complaint and no one version. `kind` is the act, once the form is valid."""

    makes: Any
    version: Any = None

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, complaint=Complaint(), person=person, **kwargs)  # type: ignore[call-arg]

    def kind(self) -> bulk_kinds.Kind:
        found: bulk_kinds.Kind = self.makes(**self.given())  # type: ignore[attr-defined]
        return found


class BulkTransferForm(BulkMixin, TransferForm):
    makes = bulk_kinds.Transfer


class BulkAssignForm(BulkMixin, AssignForm):
    makes = bulk_kinds.Assign

    def prepare(self) -> None:
        offer_handlers(self)


class BulkTriageForm(BulkMixin, TriageForm):
    makes = bulk_kinds.Triage

    def prepare(self) -> None:
        super().prepare()
        category: Any = self.fields["category"]
        category.required = False
        category.choices = [OWN, *list(category.choices)[1:]]
        severity: Any = self.fields["severity"]
        severity.required = False
        severity.initial = ""
        severity.choices = [OWN, *Severity.choices]


class BulkNoteForm(BulkMixin, NoteForm):
    makes = bulk_kinds.AddNote


class BulkUrgeForm(BulkMixin, MoveForm):
    makes = bulk_kinds.Urge


FORMS: dict[str, Any] = {
    BulkKind.TRIAGE: BulkTriageForm,
    BulkKind.ASSIGN: BulkAssignForm,
    BulkKind.TRANSFER: BulkTransferForm,
    BulkKind.URGE: BulkUrgeForm,
    BulkKind.NOTE: BulkNoteForm,
}
