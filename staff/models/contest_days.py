"""The days of a contest that were put right, and what they were before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from staff.models.contest import Contest


class ContestCorrection(models.Model):
    """Who put the days right, why, and what they were until then; append-only by trigger."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="corrections")
    plans_due_on = models.DateField()
    feedback_due_on = models.DateField()
    review_due_on = models.DateField()
    reason = models.CharField(_("reason"), max_length=1000)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="contest_correction_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.contest_id} {self.at}"
