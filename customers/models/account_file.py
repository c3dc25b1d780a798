"""What we know of a key account (K-13), in versions that stay."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope

LONGEST = 4000


class Secrecy(models.TextChoices):
    """Who reads a file (K-23)."""

    INTERNAL = "internal", _("Internal: whoever sees the customer")
    CONFIDENTIAL = "confidential", _("Confidential: the account manager, and who may write files")


class AccountFile(models.Model):
    """One version of a customer's file; the newest counts, none is ever changed.

    `dates` are days of each year on which we think of the customer (K-21), a list of
    `{"month", "day", "what"}` in their order. Of each version there is one successor at most.
    """

    SCOPE: ClassVar = Scope(
        verb="customer.see",
        branches=("customer__home_branch",),
        people=("customer__account_manager",),
    )

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="files")
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="next", editable=False
    )
    secrecy = models.CharField(_("who reads it"), max_length=12, choices=Secrecy)
    business = models.TextField(_("business"), max_length=LONGEST, blank=True)
    people = models.TextField(_("key persons, and what matters to them"), max_length=LONGEST,
                              blank=True)  # fmt: skip
    needs = models.TextField(_("needs"), max_length=LONGEST, blank=True)
    preferences = models.TextField(_("preferences"), max_length=LONGEST, blank=True)
    aims = models.TextField(_("our aims, and the next steps"), max_length=LONGEST, blank=True)
    dates = models.JSONField(_("dates for care"), default=list, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(secrecy__in=Secrecy.values), name="account_file_secrecy_known"
            ),
        )
        indexes = (models.Index(fields=("customer", "-id"), name="files_of_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.pk}"

    @property
    def days(self) -> list[tuple[str, str]]:
        """The dates as they are read: “05-12” and what is on it."""
        rows: list[dict[str, Any]] = self.dates
        return [(f"{row['month']:02d}-{row['day']:02d}", row["what"]) for row in rows]
