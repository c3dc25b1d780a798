"""How often customers of a tier or grade are visited (K-15): neither too seldom nor too often."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Grade, Tier


class VisitCadence(models.Model):
    """Days between two visits; empty as shipped: nobody is overdue by a rule that nobody made."""

    standing = models.CharField(
        _("tier or grade"), max_length=10, unique=True, choices=[*Tier.choices, *Grade.choices]
    )
    fewest_days = models.PositiveSmallIntegerField(_("not before so many days"))
    most_days = models.PositiveSmallIntegerField(_("at the latest after so many days"))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(fewest_days__gte=1, fewest_days__lt=F("most_days"), most_days__lte=730),
                name="cadence_days_follow",
            ),
        )

    def __str__(self) -> str:
        return self.standing
