"""Taking a person out of the archive, for good (PIPL art. 47, B-26)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope


class ErasureReason(models.TextChoices):
    """Why; words of one's own could name the very person."""

    REQUEST = "request", _("The customer asks for it")
    CONSENT = "consent", _("Consent was withdrawn")
    PURPOSE = "purpose", _("No longer needed")
    ORDER = "order", _("An authority orders it")


class Erasure(models.Model):
    """First it is prepared, then done by somebody else; one that was done is the last word.

    `rows`: how many rows were emptied, by the label of their model.
    """

    SCOPE: ClassVar = Scope(verb="customer.erase", branches=("customer__home_branch",))

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="erasure")
    reason = models.CharField(_("reason"), max_length=10, choices=ErasureReason)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True)
    rows: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="erasure_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(done_by=models.F("asked_by")), name="erasure_done_by_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.reason}"
