"""Visits to customers and receptions of them: touchpoints of service (T-24)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer
from organisation.models import Branch, Person
from organisation.scope import Scope
from surveys.models import Touchpoint


class VisitKind(models.TextChoices):
    VISIT = "visit", pgettext_lazy("touchpoint", "Visit to the customer")
    RECEPTION = "reception", pgettext_lazy("touchpoint", "Reception of the customer")


class CustomerVisit(models.Model):
    """What was said, on which day; `branch` is the customer's home at that time."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",), people=("by",))

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=9, choices=VisitKind)
    touchpoint = models.ForeignKey(
        Touchpoint, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    on = models.DateField(_("day"))
    who = models.CharField(_("who was there"), max_length=200)
    words = models.TextField(_("what was said"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-pk")
        indexes = (models.Index(fields=("customer", "-on", "-id"), name="visit_of_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"
