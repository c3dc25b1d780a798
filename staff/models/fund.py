"""The special award fund (O-17): a budget for each quarter, and what was taken from it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person

QUARTER = r"^[0-9]{4}-Q[1-4]$"


class FundSource(models.TextChoices):
    """What an entry was written for; `source_id` is the key of that row, 0 for a budget."""

    BUDGET = "budget", _("Budget")
    REDEMPTION = "redemption", _("Reward redeemed")
    STAR = "star", _("Prize of a service star")
    INNOVATION = "innovation", _("Prize of an innovation award")


class FundQuarter(models.Model):
    """What is left of one quarter, in yuan: kept by the database, always the sum of the entries.

    It refuses to fall below zero: nothing is given beyond the budget.
    """

    period = models.CharField(max_length=7, primary_key=True)
    remaining = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ("-period",)
        constraints = (
            models.CheckConstraint(condition=Q(period__regex=QUARTER), name="fund_is_of_a_quarter"),
            models.CheckConstraint(condition=Q(remaining__gte=0), name="fund_not_overdrawn"),
        )

    def __str__(self) -> str:
        return f"{self.period} {self.remaining}"


class FundEntry(models.Model):
    """One line: append-only by trigger. A budget and what is given back are above zero.

    `words` say what for. A source is charged once; what was given back is the opposite entry.
    """

    quarter = models.ForeignKey(FundQuarter, models.PROTECT, related_name="entries")
    source_kind = models.CharField(_("kind"), max_length=10, choices=FundSource)
    source_id = models.BigIntegerField(default=0)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    words = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("source_kind", "source_id"),
                condition=Q(reverses__isnull=True) & ~Q(source_kind="budget"),
                name="fund_charged_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="fund_entry_is_something"),
            models.CheckConstraint(
                condition=Q(source_kind="budget", source_id=0, reverses__isnull=True)
                | (~Q(source_kind="budget") & Q(reverses__isnull=True, amount__lt=0))
                | (~Q(source_kind="budget") & Q(reverses__isnull=False, amount__gt=0)),
                name="fund_charges_lower_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.quarter_id} {self.amount:+}"
