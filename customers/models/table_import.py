"""Files that are imported into this room: put, checked, imported, by jobs."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Job, JobState, Person, StoredFile


class TableState(models.TextChoices):
    """How far an import is; it follows from its jobs."""

    CHECKING = "checking", _("Being checked")
    REFUSED = "refused", _("Cannot be read")
    CHECKED = "checked", _("Checked, not imported")
    IMPORTING = "importing", _("Being imported")
    STOPPED = "stopped", _("Stopped on the way")
    IMPORTED = "imported", pgettext_lazy("of a file", "Imported")


class TableImport(models.Model):
    """One uploaded file of a kind. Checking it comes first and writes nothing.

    The file goes after a while (`StoredFile.expires_at`); the counts stay with the jobs.
    """

    class Kind(models.TextChoices):
        VOLUMES = "volumes", _("Volumes of customers")
        CUSTOMERS = "customers", _("Customers")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("file name"), max_length=120)
    file = models.OneToOneField(StoredFile, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    check_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    import_job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> TableState:
        """Read the two jobs along with the row."""
        checked, imported = self.check_job, self.import_job
        if imported is not None:
            if imported.is_unfinished:
                return TableState.IMPORTING
            is_done = imported.state == JobState.DONE
            return TableState.IMPORTED if is_done else TableState.STOPPED
        if checked is None or checked.is_unfinished:
            return TableState.CHECKING
        return TableState.CHECKED if checked.state == JobState.DONE else TableState.REFUSED

    @property
    def job(self) -> Job | None:
        """That of the latest step."""
        return self.import_job or self.check_job

    @property
    def counts(self) -> dict[str, Any]:
        """What became of its rows, or would, by the latest job that has counted them."""
        jobs = (self.import_job, self.check_job)
        return next((job.result for job in jobs if job is not None and job.result), {})
