"""For how long customers are kept who have nothing to do with us any more."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Kind


class KeepingPeriod(models.Model):
    """Months since the last thing that happened, by class; without a row there is no end."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, primary_key=True)
    months = models.PositiveSmallIntegerField(_("months"))

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(months__range=(6, 240)), name="kept_some_months"),
            models.CheckConstraint(
                condition=Q(kind__in=("person", "company")), name="kept_are_customers"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.months}"
