"""Who looked after a customer before (K-20)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from organisation.models import Person


class Handover(models.Model):
    """A customer passed from one account manager to another; append-only."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="handovers")
    was = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    words = models.CharField(_("what the new one must know"), max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(was__isnull=True) | Q(to__isnull=True) | ~Q(was=F("to")),
                name="handover_to_another",
            ),
        )
        indexes = (models.Index(fields=("customer", "-at"), name="handovers_of_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id}"
