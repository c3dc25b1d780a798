"""Who wishes the report of each week or month, and what was sent to whom (C-14, R-01, R-02)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from organisation.scope import Scope


class ReportKind(models.TextChoices):
    WEEK = "week", _("Weekly report")
    MONTH = "month", _("Monthly report")


class ReportSubscription(models.Model):
    """The person hears of each report that is due from `since` on."""

    SCOPE: ClassVar = Scope(verb="", branches=(), people=("person",))

    person = models.ForeignKey(Person, models.CASCADE, related_name="report_subscriptions")
    kind = models.CharField(max_length=5, choices=ReportKind)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "kind"), name="report_subscribed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("week", "month")), name="report_of_week_or_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class SentReport(models.Model):
    """One report that was sent to one person, in the `words` that they got. Append-only by trigger.

    `stage` is that of the period then; `revision` and `checksum` are those of a frozen ranking.
    """

    SCOPE: ClassVar = Scope(verb="", branches=(), people=("person",))

    period = models.CharField(max_length=8)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    stage = models.CharField(max_length=8)
    revision = models.PositiveSmallIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    words = models.TextField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("period", "person"), name="report_sent_once"),
            models.CheckConstraint(
                condition=~Q(stage="frozen") | Q(revision__gte=1), name="report_frozen_by_revision"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="report_says_something"),
        )
        indexes = (models.Index(fields=("person", "-at"), name="report_sent_to_person"),)

    def __str__(self) -> str:
        return f"{self.period} {self.person_id}"
