"""What the composite is made of, in versions."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from organisation.models import Person
from reports.measures import BY_CUSTOMERS, PARTS
from reports.rankings import Rule

COUNT = len(PARTS)


def _weight(*names: str) -> F:
    """The weights of parts, added up."""
    first, *rest = (F(f"weights__{PARTS.index(name)}") for name in names)
    for each in rest:
        first = first + each  # type: ignore[assignment]
    return first


class RankingRuleQuerySet(models.QuerySet["RankingRule"]):
    def at(self, moment: datetime) -> "RankingRule":
        """The version for a period that starts at that moment; before the first one, the first."""
        known = Q(created_at__lte=moment) | Q(number=1)
        return self.filter(known).order_by("-number")[:1].get()


class RankingRule(models.Model):
    """One version of the weights, floors and targets of `composite-1` (F-12). Append-only.

    Each list has one place for each part, in the order of `PARTS`: percent, or complaints per
    10,000 shipments. A part without a weight is shown and does not count. It holds for periods
    that start after it was made.
    """

    number = models.PositiveIntegerField(unique=True)
    weights = ArrayField(models.PositiveSmallIntegerField(), size=COUNT)
    floors = ArrayField(models.DecimalField(max_digits=8, decimal_places=2), size=COUNT)
    targets = ArrayField(models.DecimalField(max_digits=8, decimal_places=2), size=COUNT)
    leasts = ArrayField(models.PositiveIntegerField(validators=[MinValueValidator(1)]), size=COUNT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = RankingRuleQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    weights__len=COUNT, floors__len=COUNT, targets__len=COUNT, leasts__len=COUNT
                ),
                name="ranking_rule_has_all_parts",
            ),
            models.CheckConstraint(
                condition=Q(weights__0=100 - _weight(*PARTS[1:])), name="ranking_weights_make_100"
            ),
            models.CheckConstraint(
                condition=Q(weights__0__gte=50 - _weight(*BY_CUSTOMERS[1:])),
                name="ranking_customers_weigh_half",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"leasts__{at}__gte": 1})
                    & ~Q(**{f"floors__{at}": F(f"targets__{at}")}),
                    name=f"ranking_{name}_scores",
                )
                for at, name in enumerate(PARTS)
            ),
        )

    def __str__(self) -> str:
        return str(self.number)

    def as_rule(self) -> Rule:
        columns = (self.floors, self.targets, self.weights, self.leasts)
        rows = zip(PARTS, *columns, strict=True)
        return {
            "number": self.number,
            "parts": {
                name: {
                    "floor": float(floor),
                    "target": float(target),
                    "weight": weight,
                    "least": least,
                }
                for name, floor, target, weight, least in rows
            },
        }
