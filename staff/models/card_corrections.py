"""What a granted appeal put right; the card and its lines stay as they were closed (O-21).

Who corrected it, when and why is told by the appeal. The database refuses to change any of it.
"""

from django.db import models
from django.db.models import Q

from staff.models.scorecards import CardAppeal, CardResult, Scorecard, ScorecardLine


class CardCorrection(CardResult):
    """What the card comes to since. The places of other cards stay as they were told."""

    card = models.OneToOneField(Scorecard, models.PROTECT, related_name="correction")
    appeal = models.OneToOneField(CardAppeal, models.PROTECT, related_name="correction")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(barrier="", place__isnull=False, score__isnull=False)
                | (~Q(barrier="") & Q(place__isnull=True)),
                name="card_correction_ranked_or_not",
            ),
        )

    def __str__(self) -> str:
        return f"{self.card_id}"


class CorrectedLine(models.Model):
    """The right figure of a line, in the unit of its measure; None where nothing counts."""

    correction = models.ForeignKey(CardCorrection, models.PROTECT, related_name="lines")
    line = models.OneToOneField(ScorecardLine, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    n = models.PositiveIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(value__isnull=True, n=0) | Q(value__isnull=False, n__gt=0),
                name="corrected_line_rests_on_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id}"
