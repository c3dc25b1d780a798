"""What changes the course of a clock: waiting for the customer, and a waiver (`sla.md` §2)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.timer import Timer
from csm.kit.transitions import Moving
from organisation.models import Person


class Pause(models.Model):
    """We wait for the customer (rule 6): from when, until when at the latest, which clocks.

    It ends at `until_at` by itself, whether a sweep runs or not; `ended_at` is when it really did.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="pauses")
    timers = models.ManyToManyField(Timer, related_name="pauses")
    reason = models.TextField(_("reason"), max_length=2000)
    started_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("started_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint",),
                condition=Q(ended_at__isnull=True),
                name="pause_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("started_at")), name="pause_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(ended_at__gte=F("started_at"), ended_at__lte=F("until_at")),
                name="pause_ended_within",
            ),
        )
        indexes = (
            models.Index(
                fields=("until_at",), condition=Q(ended_at__isnull=True), name="pause_to_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.started_at}"


class WaiverCode(models.TextChoices):
    """Why a clock may be waived (rule 10)."""

    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    CUSTOMER_WISH = "customer_wish", _("The customer asked for a later date")
    AUTHORITY = "authority", _("Waiting for an authority")
    SYSTEM_FAILURE = "system_failure", _("Failure of a system")
    WRONG_ENTRY = "wrong_entry", _("Wrong entry")


class WaiverStatus(models.TextChoices):
    ASKED = "asked", _("Asked for")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")


class Waiver(Moving):
    """A clock that shall not be counted, asked for by one person and decided by another."""

    MOVES: ClassVar = {WaiverStatus.ASKED: (WaiverStatus.GRANTED, WaiverStatus.DECLINED)}

    timer = models.ForeignKey(Timer, models.CASCADE, related_name="waivers")
    status = models.CharField(max_length=10, choices=WaiverStatus, default=WaiverStatus.ASKED)
    code = models.CharField(_("reason"), max_length=40, choices=WaiverCode)
    words = models.TextField(_("what happened"), max_length=2000)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("timer",), condition=Q(status="asked"), name="waiver_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="asked") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="waiver_decided_has_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="waiver_decided_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.timer_id} {self.status}"
