"""Rankings that will not change any more."""

from typing import Any

from django.db import models
from django.db.models import Q

from organisation.models import Person


class FrozenRanking(models.Model):
    """One level of one closed period ("2026-W47", "2026-11"). Append-only by trigger.

    `rows`, `company` and `before` (the company in the previous period) are what `reports.rankings`
    calls `Row` and `Company`, by the names and numbers of the moment of freezing. `rule` and
    `weights` are those of the formula, if it has any. Verdicts were taken at `cut_off_at`. A late
    correction is a further `revision` with its reason; the first stays. `checksum` is that of
    `reports.checksums`; what was frozen before checksums were kept has neither of the last two.
    """

    period = models.CharField(max_length=8)
    level = models.CharField(max_length=12)
    revision = models.PositiveSmallIntegerField(default=1, db_default=1)
    reason = models.TextField(max_length=2000, blank=True, default="", db_default="")
    formula = models.CharField(max_length=20)
    rule = models.PositiveIntegerField(null=True)
    weights: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    frozen_at = models.DateTimeField()
    cut_off_at = models.DateTimeField(null=True)
    frozen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rows: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    company: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("period", "level", "revision"), name="frozen_ranking_once"
            ),
            models.CheckConstraint(
                condition=Q(revision=1, reason="")
                | (Q(revision__gt=1, frozen_by__isnull=False) & ~Q(reason="")),
                name="frozen_revision_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.level} {self.revision}"
