"""What the review group says about a plan: given once, blind, and never changed (T-08, T-09)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from staff.models.contest import MOST_POINTS, Criterion
from staff.models.contest_plan import Plan


class Judgement(models.Model):
    """One reviewer's marks of one plan. The database refuses those of its own team."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="judgements")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    words = models.TextField(_("remark"), max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("plan", "reviewer"), name="judgement_once"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.reviewer_id}"


class JudgedPoint(models.Model):
    """The mark for one criterion, 1 to 10."""

    judgement = models.ForeignKey(Judgement, models.PROTECT, related_name="points")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("criterion__position",)
        constraints = (
            models.UniqueConstraint(fields=("judgement", "criterion"), name="judged_point_once"),
            models.CheckConstraint(
                condition=Q(points__range=(1, MOST_POINTS)), name="judged_point_in_range"
            ),
        )

    def __str__(self) -> str:
        return f"{self.judgement_id} {self.criterion_id}"


class ConflictOfInterest(models.Model):
    """A reviewer has a part in this plan: no marks, and those given before do not count."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="conflicts")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "reviewer"), name="conflict_declared_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="conflict_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.reviewer_id}"
