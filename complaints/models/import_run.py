"""Imports in the browser: a file, how it is read, and what became of it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from organisation.models import Job, JobState, Person, StoredFile


class ImportProfile(models.Model):
    """How to read one kind of file, kept under a name: the same table as in a profile's TOML."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    table: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    """How far an import is; it follows from its jobs."""

    UPLOADED = "uploaded", _("Columns to be chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, not imported")
    IMPORTING = "importing", _("Being imported")
    STOPPED = "stopped", _("Stopped on the way")
    IMPORTED = "imported", pgettext_lazy("of a file", "Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


def _after(job: Job) -> ImportState:
    if job.is_unfinished:
        return ImportState.IMPORTING
    return ImportState.IMPORTED if job.state == JobState.DONE else ImportState.STOPPED


class ImportRun(models.Model):
    """One uploaded file on its way: columns chosen, checked, imported, perhaps undone.

    The file goes after a while (`StoredFile.expires_at`); what was made of it stays known by
    `ImportedComplaint`. Each step is a job; the next one replaces a job that has ended.
    """

    name = models.CharField(_("file name"), max_length=120)
    file = models.OneToOneField(StoredFile, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    table: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    check_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    import_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    undo_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    # The moment that its rows carry, the same however often a worker had to begin anew.
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_count = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_count=None)
                | Q(
                    undone_at__isnull=False,
                    undone_by__isnull=False,
                    undone_count__isnull=False,
                    import_job__isnull=False,
                ),
                name="import_run_undone_whole",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> ImportState:
        """Read the three jobs along with the row."""
        if self.undone_at is not None:
            return ImportState.UNDONE
        if self.undo_job is not None and self.undo_job.is_unfinished:
            return ImportState.UNDOING
        if self.import_job is not None:
            return _after(self.import_job)
        if self.check_job is not None and self.check_job.is_unfinished:
            return ImportState.CHECKING
        is_checked = self.check_job is not None and self.check_job.state == JobState.DONE
        return ImportState.CHECKED if is_checked else ImportState.UPLOADED

    @property
    def job(self) -> Job | None:
        """That of the latest step."""
        return self.undo_job or self.import_job or self.check_job

    @property
    def counts(self) -> dict[str, Any]:
        """What became of its rows, or would have, by the latest job that has counted them."""
        jobs = (self.import_job, self.check_job)
        return next((job.result for job in jobs if job is not None and job.result), {})


class ImportedComplaint(models.Model):
    """Which import a complaint came with; so that the whole import can be undone."""

    complaint = models.OneToOneField(
        Complaint, models.CASCADE, primary_key=True, related_name="import_link"
    )
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"{self.run_id} {self.complaint_id}"
