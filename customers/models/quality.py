"""What was corrected on a customer's card, and which look alike without being the same."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope


class Correction(models.Model):
    """Who changed which field from what to what. Append-only by trigger.

    Only a merge moves it to another customer, and only an erasure empties its words.
    """

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("customer__home_branch",))

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    field = models.CharField(max_length=30)
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.field}"


class ToldApart(models.Model):
    """Two that look alike, of which somebody has said that they are not the same."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="told_apart_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
