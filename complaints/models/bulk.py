"""What was done to many complaints at once, row by row: for the answer, and for taking it back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.category import Category
from complaints.models.complaint import Complaint, Status
from complaints.models.severity import Severity
from complaints.models.taking_part import HandOver
from organisation.models import Person
from organisation.scope import Scope


class BulkKind(models.TextChoices):
    TRIAGE = "triage", _("Judge valid and assign")
    ASSIGN = "assign", _("Name the handler")
    TRANSFER = "transfer", _("Transfer to another branch")
    NOTE = "note", _("Add note")
    URGE = "urge", _("Urge")


class Outcome(models.TextChoices):
    """What became of one row; the refusals are those of a single act."""

    DONE = "done", _("done")
    NOT_FOUND = "not_found", _("not found")
    FORBIDDEN = "forbidden", _("not yours to do")
    NOT_OPEN = "not_open", _("not open")
    STALE = "stale", _("changed meanwhile")
    REFUSED = "refused", _("refused")


class BulkAct(models.Model):
    """One act on many complaints; `undoes` names the one that it took back. Kept for a day."""

    SCOPE: ClassVar = Scope(verb="complaint.see", branches=(), people=("by",))

    kind = models.CharField(max_length=10, choices=BulkKind)
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="undone_by")

    class Meta:
        indexes = (models.Index(fields=("by", "at"), name="bulk_act_by_person"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class BulkResult(models.Model):
    """What became of one complaint. `number` is as it was given: it may name none.

    A done row keeps what an undo needs: the version that it has left, and what was there before.
    """

    act = models.ForeignKey(BulkAct, models.CASCADE, related_name="results")
    number = models.CharField(max_length=24)
    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    # The state that the complaint was in, and the sentence that refused it.
    status = models.CharField(max_length=20, choices=Status, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(null=True)
    hand_over = models.ForeignKey(HandOver, models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    severity = models.CharField(max_length=10, choices=Severity, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("act", "number"), name="bulk_result_once"),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.DONE)
                | Q(complaint__isnull=False, version__isnull=False),
                name="bulk_result_done_has_complaint",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"
