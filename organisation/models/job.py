"""Work that takes longer than a page: a row that a sweep claims, with a lease, and finishes."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models.file import StoredFile
from organisation.models.person import Person
from organisation.scope import Scope


class JobState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("job", "Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", pgettext_lazy("job", "Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNFINISHED_JOBS = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=UNFINISHED_JOBS)

    def due(self, now: datetime) -> "JobQuerySet":
        """Jobs to take up: those that wait, and those whose worker gives no sign of life."""
        abandoned = Q(state=JobState.RUNNING, lease_until__lte=now)
        return self.filter(Q(state=JobState.QUEUED) | abandoned)


class Job(models.Model):
    """One piece of work for one person. `kind` names what runs it, `parameters` what it is about.

    `attempts` counts its starts: a job that kills its workers is not started for ever (A-12).
    `rights` is a print of the person's rights when it ran: its files are theirs only while these
    are the same. `reason` says, fit for the person, why it failed.
    """

    SCOPE: ClassVar = Scope(verb="", branches=(), people=("by",))

    kind = models.CharField(max_length=40)
    by = models.ForeignKey(Person, models.PROTECT, related_name="jobs")
    title = models.CharField(max_length=160)
    path = models.CharField(max_length=200, blank=True)
    parameters: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    result: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    rights = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False, started_at__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at__isnull=True)
                | Q(state__in=("done", "failed", "cancelled"), finished_at__isnull=False),
                name="job_finished_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at",),
                condition=Q(state__in=("queued", "running")),
                name="job_unfinished",
            ),
            models.Index(fields=("finished_at",), condition=Q(state="failed"), name="job_failed"),
            models.Index(fields=("by", "-id"), name="job_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED_JOBS

    @property
    def share(self) -> float | None:
        """How far it is, 0…1; None while nobody knows."""
        if self.state == JobState.DONE:
            return 1.0
        return min(self.done / self.total, 1.0) if self.total else None


class JobFile(models.Model):
    """A file that a job has made. There are whole ones only: it is linked when the job is done."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="files")
    purpose = models.CharField(max_length=20)
    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("job", "purpose"), name="job_file_once"),)

    def __str__(self) -> str:
        return f"{self.job_id} {self.purpose}"
