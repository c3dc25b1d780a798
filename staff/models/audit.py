"""Audits, planned and carried out, and what they found (T-14, T-16)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope
from staff.models.checklist import ChecklistEdition, ChecklistItem


class AuditKind(models.TextChoices):
    SELF = "self", _("Self-audit of the branch")
    EFFECT = "effect", _("Audit of effect by headquarters")


class AuditStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("of an audit", "Planned")
    DONE = "done", pgettext_lazy("of an audit", "Carried out")
    CANCELLED = "cancelled", pgettext_lazy("of an audit", "Called off")


class Audit(Moving):
    """A checklist gone through at a branch.

    An unannounced one names its auditor as `surprise_of` until it is carried out: meanwhile only
    they, and those who run audits there, see that it exists (the scope's personal verb).
    """

    SCOPE: ClassVar = Scope(
        verb="audit.see",
        branches=("branch",),
        people=("surprise_of",),
        personal_verb="audit.run",
    )
    MOVES: ClassVar = {AuditStatus.PLANNED: (AuditStatus.DONE, AuditStatus.CANCELLED)}

    kind = models.CharField(_("kind"), max_length=6, choices=AuditKind)
    is_announced = models.BooleanField(_("announced"), default=True)
    status = models.CharField(
        _("status"), max_length=9, choices=AuditStatus, default=AuditStatus.PLANNED
    )
    edition = models.ForeignKey(ChecklistEdition, models.PROTECT, related_name="audits")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="audits", db_index=False)
    auditor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    surprise_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    planned_on = models.DateField(_("to be carried out by"))
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    done_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    summary = models.TextField(_("summary"), max_length=2000, blank=True)
    cancel_reason = models.CharField(_("why it was called off"), max_length=500, blank=True)

    class Meta:
        ordering = ("-planned_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="effect") | Q(kind="self", is_announced=True),
                name="audit_of_oneself_is_announced",
            ),
            models.CheckConstraint(
                condition=Q(~Q(status="done"), is_announced=False, surprise_of=F("auditor"))
                | Q(Q(status="done") | Q(is_announced=True), surprise_of__isnull=True),
                name="audit_surprise_until_done",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="done",
                    done_at__isnull=False,
                    done_on__isnull=False,
                    done_by__isnull=False,
                )
                | Q(
                    ~Q(status="done"),
                    done_at__isnull=True,
                    done_on__isnull=True,
                    done_by__isnull=True,
                ),
                name="audit_done_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") ^ Q(cancel_reason=""),
                name="audit_cancelled_has_reason",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-planned_on", "-id"), name="audit_by_branch"),
            models.Index(
                fields=("planned_on",), condition=Q(status="planned"), name="audit_to_come"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.planned_on}"


class AuditAnswer(models.Model):
    """What was found at one item; empty where it does not apply. Never changed."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    is_met = models.BooleanField(null=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        ordering = ("item__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("audit", "item"), name="audit_answer_once"),
            models.CheckConstraint(
                condition=Q(is_met__isnull=True) | Q(is_met=True) | ~Q(remark=""),
                name="audit_answer_unmet_says_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.audit_id} {self.item_id}"


class Finding(models.Model):
    """An item that was not met. `order`: its one work order, opened once."""

    class Gravity(models.TextChoices):
        MINOR = "minor", pgettext_lazy("of a finding", "Minor")
        MAJOR = "major", pgettext_lazy("of a finding", "Major")
        GRAVE = "grave", pgettext_lazy("of a finding", "Grave")

    SCOPE: ClassVar = Scope(verb="audit.see", branches=("branch",))

    answer = models.OneToOneField(AuditAnswer, models.CASCADE, related_name="finding")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    gravity = models.CharField(_("gravity"), max_length=5, choices=Gravity)
    found_on = models.DateField()
    order = models.OneToOneField(WorkOrder, models.PROTECT, null=True, related_name="finding")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.answer_id} {self.gravity}"


class FindingFile(models.Model):
    """A file of evidence of a finding."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.finding_id} {self.file_id}"
