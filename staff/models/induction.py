"""New people: their mentor, the steps of their plan, and how they are assessed (T-13)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope

# Days after the first one.
ASSESSED_AFTER = (30, 60, 90)
EXTENDED_BY = 30
LONGEST_DAYS = 180


class InductionStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("of an induction", "Mentor to confirm")
    RUNNING = "running", pgettext_lazy("of an induction", "Running")
    PASSED = "passed", pgettext_lazy("of an induction", "Passed")
    NOT_PASSED = "not_passed", pgettext_lazy("of an induction", "Not passed")
    WITHDRAWN = "withdrawn", pgettext_lazy("of an induction", "Withdrawn")


ENDED = (InductionStatus.PASSED, InductionStatus.NOT_PASSED, InductionStatus.WITHDRAWN)


class Induction(Moving):
    """The first months of one person: seen by them, their mentor, their manager, and HR.

    A mentor is proposed by one and confirmed by another. An extension keeps it running.
    """

    SCOPE: ClassVar = Scope(verb="induction.see", branches=("branch",), people=("person", "mentor"))
    MOVES: ClassVar = {
        InductionStatus.PROPOSED: (
            InductionStatus.PROPOSED,
            InductionStatus.RUNNING,
            InductionStatus.WITHDRAWN,
        ),
        InductionStatus.RUNNING: (InductionStatus.PROPOSED, InductionStatus.RUNNING, *ENDED),
    }

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="inductions", verbose_name=_("new person")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    mentor = models.ForeignKey(
        Person, models.PROTECT, related_name="mentored", verbose_name=_("mentor")
    )
    started_on = models.DateField(_("first day"))
    status = models.CharField(
        _("status"), max_length=10, choices=InductionStatus, default=InductionStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    grounds = models.TextField(_("grounds"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(status__in=("proposed", "running")),
                name="induction_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(mentor=F("person")), name="induction_not_by_oneself"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by"))
                & ~Q(confirmed_by=F("mentor"))
                & ~Q(confirmed_by=F("person")),
                name="induction_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="running")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="induction_running_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("passed", "not_passed", "withdrawn"))
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(grounds=""),
                name="induction_decided_has_grounds",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="induction_decided_by_another",
            ),
        )
        indexes = (models.Index(fields=("branch", "-id"), name="induction_by_branch"),)

    def __str__(self) -> str:
        return self.person.name

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return {
            InductionStatus.PROPOSED.value: ["propose", "confirm", "add_step", "decide"],
            InductionStatus.RUNNING.value: [
                *("propose", "add_step", "finish_step", "assess", "decide")
            ],
        }.get(self.status, [])


class InductionStep(models.Model):
    """One thing to learn or to do; ticked off by anybody who takes part."""

    induction = models.ForeignKey(Induction, models.CASCADE, related_name="steps")
    text = models.CharField(_("step"), max_length=200)
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="induction_step_done_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.text


class InductionAssessment(models.Model):
    """How it goes after so many days: 1 (poor) to 5 (very good), with words."""

    induction = models.ForeignKey(Induction, models.CASCADE, related_name="assessments")
    days = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("due"))
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    words = models.TextField(_("what was seen"), max_length=2000, blank=True)
    at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("days",)
        constraints = (
            models.UniqueConstraint(fields=("induction", "days"), name="induction_assessed_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True, at__isnull=True, by__isnull=True)
                | Q(score__range=(1, 5), at__isnull=False, by__isnull=False) & ~Q(words=""),
                name="induction_assessment_is_whole",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_on",), condition=Q(at__isnull=True), name="induction_assessment_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.induction_id} {self.days}"
