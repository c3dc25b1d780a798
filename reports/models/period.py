"""The life of a period: how long it may be disputed, and what branches dispute (R-01, R-02)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, HandOver, Timer, Waiver
from csm.kit.transitions import Moving
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope

# The default, and the longest: two weeks.
DISPUTE_HOURS, MOST_HOURS = 48, 336


class ClosingRule(models.Model):
    """For how many hours after 08:00 of the day after it a period may be disputed: one version.

    It counts for periods that end after it was written. The database refuses to change it; while
    there is none, 48 hours count.
    """

    dispute_hours = models.PositiveSmallIntegerField(_("hours for disputes"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(dispute_hours__lte=MOST_HOURS), name="closing_rule_two_weeks"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dispute_hours} h"


class DisputeAbout(models.TextChoices):
    RESPONSIBILITY = "responsibility", _("Who is responsible")
    VERDICT = "verdict", _("The verdict of a clock")


class DisputeStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a dispute", "Open")
    GRANTED = "granted", pgettext_lazy("of a dispute", "Granted")
    DECLINED = "declined", pgettext_lazy("of a dispute", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a dispute", "Withdrawn")


class Dispute(Moving):
    """A branch contests what a period counts against it, before it is frozen.

    `period` is the week or month in whose time it was raised; `also` is the other of the two that
    counts the same, and both wait for the decision. `branch` bears what is contested, `to_branch`
    is who is responsible in its view. Granted, `hand_over` or `waiver` is the act that changed the
    facts: there is no second truth.
    """

    SCOPE: ClassVar = Scope(verb="complaint.see", branches=("branch",), people=("by",))
    MOVES: ClassVar = {
        DisputeStatus.OPEN: (
            DisputeStatus.GRANTED,
            DisputeStatus.DECLINED,
            DisputeStatus.WITHDRAWN,
        )
    }

    status = models.CharField(max_length=10, choices=DisputeStatus, default=DisputeStatus.OPEN)
    period = models.CharField(max_length=8)
    also = models.CharField(max_length=8)
    about = models.CharField(_("about"), max_length=14, choices=DisputeAbout)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="disputes")
    timer = models.ForeignKey(Timer, models.PROTECT, null=True, related_name="disputes")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    to_branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("responsible branch")
    )
    words = models.TextField(_("what is wrong, and what shows it"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.TextField(_("decision"), max_length=5000, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    waiver = models.OneToOneField(Waiver, models.PROTECT, null=True, related_name="dispute")
    hand_over = models.OneToOneField(HandOver, models.PROTECT, null=True, related_name="dispute")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("complaint", "about", "timer"),
                condition=Q(status="open"),
                nulls_distinct=False,
                name="dispute_open_once",
            ),
            models.CheckConstraint(
                condition=Q(about="responsibility", timer__isnull=True)
                | Q(about="verdict", timer__isnull=False, to_branch__isnull=True),
                name="dispute_names_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, decided_by__isnull=True)
                | Q(status="withdrawn", decided_at__isnull=False, decided_by__isnull=True)
                | (
                    Q(status__in=("granted", "declined"))
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision="")
                ),
                name="dispute_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="dispute_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="granted", about="verdict", waiver__isnull=False)
                | Q(status="granted", about="responsibility", hand_over__isnull=False)
                | (~Q(status="granted") & Q(waiver__isnull=True, hand_over__isnull=True)),
                name="dispute_granted_by_an_act",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-id"), name="dispute_by_branch"),
            models.Index(fields=("period",), condition=Q(status="open"), name="dispute_open"),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.complaint_id} {self.about}"


class DisputeFile(models.Model):
    """What shows that the branch is right."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.file_id}"
