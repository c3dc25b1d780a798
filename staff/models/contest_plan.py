"""A plan of the contest: written, submitted for good, carried out, told about (T-07, T-21, T-23).

What is submitted stays as it is: the database refuses to change it. A plan that was returned gets a
new text beside the old one.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope
from staff.models.contest import Contest


class PlanKind(models.TextChoices):
    ACTIVITY = "activity", _("Service activity of the branch")
    SPECIAL = "special", _("Innovation of staff for a special need")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a plan", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("of a plan", "Submitted")
    RETURNED = "returned", pgettext_lazy("of a plan", "Returned")
    RUNNING = "running", pgettext_lazy("of a plan", "Being carried out")
    REPORTED = "reported", pgettext_lazy("of a plan", "Carried out")


# The four phases of the loop (T-23), and what lies behind it.
PHASES: dict[str, Q] = {
    "plan": Q(status__in=("draft", "returned"), contest__status="open"),
    "submit": Q(status="submitted", contest__status="open"),
    "feedback": Q(status="running", contest__status="open"),
    "review": Q(status="reported", contest__status="open"),
    "ended": Q(contest__status="announced"),
}


class Plan(Moving):
    """One activity for each branch and contest; innovations for special needs as many as come.

    `due_on`: the day by which the text is due; a plan that is returned gets time for the next one.
    """

    SCOPE: ClassVar = Scope(
        verb="incentive.see", branches=("branch",), people=("created_by", "texts__members__person")
    )
    MOVES: ClassVar = {
        PlanStatus.DRAFT: (PlanStatus.SUBMITTED,),
        PlanStatus.SUBMITTED: (PlanStatus.RETURNED, PlanStatus.RUNNING),
        PlanStatus.RETURNED: (PlanStatus.SUBMITTED,),
        PlanStatus.RUNNING: (PlanStatus.REPORTED,),
    }

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="plans")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=PlanKind)
    status = models.CharField(
        _("status"), max_length=9, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    due_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("contest", "branch"),
                condition=Q(kind="activity"),
                name="plan_one_activity_of_a_branch",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("running", "reported"), accepted_at__isnull=False)
                | Q(status__in=("draft", "submitted", "returned"), accepted_at__isnull=True),
                name="plan_accepted_has_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contest_id} {self.branch_id}"

    @property
    def newest(self) -> "PlanText":
        """The text that counts; of a plan that is rewritten, the draft."""
        return list(self.texts.all())[-1]

    @property
    def is_writable(self) -> bool:
        return self.status in (PlanStatus.DRAFT, PlanStatus.RETURNED)


class PlanText(models.Model):
    """What a plan says; once `submitted_at` is set, the database refuses every change of it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    problem = models.TextField(_("problem"), max_length=5000, blank=True)
    benchmark = models.CharField(_("benchmark company"), max_length=300, blank=True)
    measures = models.TextField(_("measures"), max_length=5000, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    effect = models.TextField(_("expected effect"), max_length=5000, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plan_text_number_once"),
            models.UniqueConstraint(
                fields=("plan",), condition=Q(submitted_at__isnull=True), name="plan_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0), name="plan_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True)
                | Q(budget__isnull=False)
                & ~Q(title="")
                & ~Q(problem="")
                & ~Q(benchmark="")
                & ~Q(measures="")
                & ~Q(effect=""),
                name="plan_submitted_is_whole",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def why_returned(self) -> "PlanReturn | None":
        return getattr(self, "returned", None)


class TeamMember(models.Model):
    """Somebody who carries the plan out."""

    text = models.ForeignKey(PlanText, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("text", "person"), name="team_member_once"),)

    def __str__(self) -> str:
        return f"{self.text_id} {self.person_id}"


class PlanReturn(models.Model):
    """Why a submitted text does not qualify, and by when the next one is due."""

    text = models.OneToOneField(PlanText, models.PROTECT, related_name="returned")
    reason = models.TextField(_("reason"), max_length=2000)
    again_by = models.DateField(_("a new version by"))
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="plan_return_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.text_id}"


class PlanReport(models.Model):
    """Feedback while a plan is carried out; the final one hands it to the review."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    text = models.TextField(_("what was done, and what came of it"), max_length=5000)
    is_final = models.BooleanField(_("it is carried out"), default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("plan",), condition=Q(is_final=True), name="plan_one_final_report"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="plan_report_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.pk}"


class ReportFile(models.Model):
    """Evidence of what was done."""

    report = models.ForeignKey(PlanReport, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.report_id} {self.file_id}"
