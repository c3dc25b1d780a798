"""What happened to a complaint, for ever; and the words that events point to."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.assessment import Assessment
from complaints.models.complaint import Channel, Complaint
from complaints.models.notice import Notice
from complaints.models.policy import LadderStep
from complaints.models.timer import Timer
from complaints.models.work_order import WorkOrder
from organisation.models import Person


class Event(models.Model):
    """One fact of the time line. Append-only by trigger: `data` holds codes and ids, never words.

    A fired ladder step is an event, too: unique (timer, step) is what makes it fire once.
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="events")
    work_order = models.ForeignKey(WorkOrder, models.CASCADE, null=True, related_name="events")
    # Few have these: the partial indexes below find them.
    notice = models.ForeignKey(
        Notice, models.CASCADE, null=True, related_name="events", db_index=False
    )
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, null=True, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cycle = models.PositiveSmallIntegerField(default=1)
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    timer = models.ForeignKey(Timer, models.CASCADE, null=True, related_name="events")
    step = models.ForeignKey(LadderStep, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("timer", "step"),
                condition=Q(step__isnull=False),
                name="event_step_fires_once",
            ),
            models.UniqueConstraint(
                fields=("timer",),
                condition=Q(kind="notice_due"),
                name="event_notice_due_once",
            ),
            models.CheckConstraint(
                condition=Q(complaint__isnull=False)
                | Q(work_order__isnull=False)
                | Q(notice__isnull=False)
                | Q(assessment__isnull=False),
                name="event_has_subject",
            ),
        )
        indexes = (
            models.Index(fields=("complaint", "-at", "-id"), name="event_by_complaint"),
            # What a missed deadline draws after it, found by its time.
            models.Index(fields=("at",), condition=Q(kind="notice_due"), name="event_notice_due"),
            # Which orders were not right the first time.
            models.Index(
                fields=("at", "work_order"),
                condition=Q(kind="order_returned"),
                name="event_order_returned",
            ),
            models.Index(
                fields=("notice", "at"), condition=Q(notice__isnull=False), name="event_by_notice"
            ),
            models.Index(
                fields=("assessment", "at"),
                condition=Q(assessment__isnull=False),
                name="event_by_assessment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.complaint_id}"


class Note(models.Model):
    """Words from colleague to colleague."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    mentioned = models.ManyToManyField(Person, related_name="+")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"


class Reply(models.Model):
    """What the customer was told: the apology (C-06) or the result (C-08). A timer's evidence."""

    class Kind(models.TextChoices):
        APOLOGY = "apology", _("Apology")
        RESULT = "result", _("Result")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=10, choices=Kind)
    cycle = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    at = models.DateTimeField(_("when"))
    words = models.TextField(_("words"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    logged_at = models.DateTimeField()
    is_customer_satisfied = models.BooleanField(_("customer satisfied"), null=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("complaint", "kind", "cycle"), name="reply_once"),
            models.CheckConstraint(
                condition=Q(logged_at__gte=models.F("at")), name="reply_not_in_the_future"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"


class CallbackAttempt(models.Model):
    """One call to the customer (C-12)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="callback_attempts")
    cycle = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_reached = models.BooleanField(_("reached"))
    is_satisfied = models.BooleanField(_("satisfied"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    words = models.TextField(_("the customer's words"), max_length=5000, blank=True)
    next_at = models.DateTimeField(_("next call"), null=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_reached=True, next_at__isnull=True)
                | Q(is_reached=False, is_satisfied__isnull=True, score__isnull=True),
                name="callback_result_only_when_reached",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=10), name="callback_score_to_10"
            ),
        )
        indexes = (
            # What staff earn by: the newest satisfied ones.
            models.Index(fields=("at",), condition=Q(is_satisfied=True), name="callback_satisfied"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at}"
