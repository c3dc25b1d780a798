"""The task force for satisfaction: what each department has to do for it (O-04)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person, Role
from organisation.scope import Scope

SEE, EDIT = "incentive.see", "task_force.edit"


class TaskForceStatus(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("of a task force", "At work")
    ENDED = "ended", pgettext_lazy("of a task force", "Ended")


class TaskForce(Moving):
    """People of several departments with a common purpose, until it is reached."""

    SCOPE: ClassVar = Scope(verb=SEE, branches=("branch",), people=("lead", "duties__person"))
    MOVES: ClassVar = {TaskForceStatus.ACTIVE: (TaskForceStatus.ENDED,)}

    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), max_length=2000)
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", verbose_name=_("set up by")
    )
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("lead"))
    status = models.CharField(
        _("status"), max_length=6, choices=TaskForceStatus, default=TaskForceStatus.ACTIVE
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField(_("what was reached"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status="active", ended_at__isnull=True, outcome="")
                | Q(status="ended", ended_at__isnull=False) & ~Q(outcome=""),
                name="task_force_ended_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return ["edit", "add_duty", "end"] if self.status == TaskForceStatus.ACTIVE else []


class DutyStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a duty", "Open")
    DONE = "done", pgettext_lazy("of a duty", "Done")
    DROPPED = "dropped", pgettext_lazy("of a duty", "Dropped")


class Duty(Moving):
    """What a department does for the task force. A standing duty has no day until which."""

    SCOPE: ClassVar = Scope(verb=SEE, branches=("force__branch",), people=("person", "force__lead"))
    MOVES: ClassVar = {DutyStatus.OPEN: (DutyStatus.DONE, DutyStatus.DROPPED)}

    force = models.ForeignKey(TaskForce, models.PROTECT, related_name="duties")
    department = models.CharField(_("department"), max_length=24, choices=Role)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    text = models.CharField(_("duty"), max_length=300)
    due_on = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=7, choices=DutyStatus, default=DutyStatus.OPEN
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("force", "department", "pk")
        indexes = (
            models.Index(
                fields=("person", "due_on"), condition=Q(status="open"), name="duty_open_by_person"
            ),
        )
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.text

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        is_open = self.status == DutyStatus.OPEN and self.force.status == TaskForceStatus.ACTIVE
        return ["report", "finish", "drop"] if is_open else []


class DutyReport(models.Model):
    """What was done, as told by whoever is responsible. Append-only by trigger."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports")
    words = models.TextField(_("what was done"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="duty_report_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.duty_id} {self.at:%Y-%m-%d}"
