"""Rankings that will not change any more."""

from typing import Any

from django.db import models

from organisation.models import Person


class FrozenRanking(models.Model):
    """One level of one closed period ("2026-W47", "2026-11"). Append-only by trigger.

    `rows`, `company` and `before` (the company in the previous period) are what `reports.rankings`
    calls `Row` and `Company`, by the names and numbers of the moment of freezing.
    """

    period = models.CharField(max_length=8)
    level = models.CharField(max_length=12)
    formula = models.CharField(max_length=20)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    rows: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    company: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("period", "level"), name="frozen_ranking_once"),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.level}"
