"""What one unit of delay costs the company (C-17, F-06)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person


class DelayPrice(models.Model):
    """The base price, set by an administrator; the latest row counts. None: units only."""

    amount = models.DecimalField(
        _("base price of one unit"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="delay_price_positive"
            ),
        )

    def __str__(self) -> str:
        return str(self.amount)
