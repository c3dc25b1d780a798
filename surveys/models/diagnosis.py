"""The diagnosis of a survey: what its figures say, put into words and corrected by people."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope
from surveys.models.survey import Survey


class DiagnosisStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a diagnosis", "Draft")
    FINISHED = "finished", pgettext_lazy("of a diagnosis", "Finished")


class Chapter(models.TextChoices):
    """The five parts, in their order (O-10)."""

    LEVEL = "level", pgettext_lazy("of a diagnosis", "Level")
    STRENGTHS = "strengths", _("Strengths")
    PROBLEMS = "problems", _("Core problems")
    CAUSES = "causes", _("Root causes")
    OPPORTUNITIES = "opportunities", _("Opportunities")


class Breadth(models.TextChoices):
    COMMON = "common", pgettext_lazy("of a problem", "Common")
    SINGLE = "single", pgettext_lazy("of a problem", "Single")


class Reach(models.TextChoices):
    STRATEGIC = "strategic", pgettext_lazy("of a problem", "Strategic")
    TACTICAL = "tactical", pgettext_lazy("of a problem", "Tactical")


class Diagnosis(Moving):
    """One for a survey, or for a period of it ("2026-11"); seen where the survey is issued."""

    SCOPE: ClassVar = Scope(verb="survey.see", branches=("branch",))
    MOVES: ClassVar = {DiagnosisStatus.DRAFT: (DiagnosisStatus.FINISHED,)}

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="diagnoses")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    period = models.CharField(max_length=21, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=DiagnosisStatus, default=DiagnosisStatus.DRAFT
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("survey", "period"),
                condition=Q(status="draft"),
                name="diagnosis_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", finished_at__isnull=True)
                | Q(status="finished", finished_at__isnull=False),
                name="diagnosis_finished_has_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.survey_id} {self.period}"


class DiagnosisPart(models.Model):
    """One chapter's text."""

    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="parts")
    chapter = models.CharField(max_length=13, choices=Chapter)
    text = models.TextField(max_length=10_000, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("diagnosis", "chapter"), name="diagnosis_part_once"),
        )

    def __str__(self) -> str:
        return self.chapter


class DiagnosedProblem(models.Model):
    """A problem in its place of the two by two (O-11); `position` is its priority, 1 first."""

    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="problems")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("problem"), max_length=300)
    breadth = models.CharField(_("how wide"), max_length=6, choices=Breadth)
    reach = models.CharField(_("how far"), max_length=9, choices=Reach)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("diagnosis", "position"), name="diagnosed_problem_place_once"
            ),
        )

    def __str__(self) -> str:
        return self.text
