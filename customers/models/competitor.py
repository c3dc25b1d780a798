"""What was seen of competitors at a customer (K-16)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope


class CompetitorNote(models.Model):
    """One sighting; never changed."""

    SCOPE: ClassVar = Scope(
        verb="customer.see",
        branches=("customer__home_branch",),
        people=("customer__account_manager",),
    )

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="competitor_notes")
    competitor = models.CharField(_("competitor"), max_length=120)
    words = models.TextField(_("what was seen"), max_length=2000)
    seen_on = models.DateField(_("day"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_on", "-pk")
        indexes = (models.Index(fields=("customer", "-seen_on"), name="competitors_of_customer"),)

    def __str__(self) -> str:
        return self.competitor
