"""Where a work order comes from (W-12)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.dissatisfied_item import DissatisfiedItem
from customers.models import Customer


class OrderSource(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    ITEM = "item", _("Dissatisfied item")
    FINDING = "finding", _("Audit finding")
    HAND = "hand", pgettext_lazy("source of an order", "Opened by hand")


class Sourced(models.Model):
    """An order with its source, and the customer whom it concerns, if any.

    `occasion` says what a finding found, or what an order opened by hand is about; `found_on` and
    `found_by` are a finding's alone.
    """

    source = models.CharField(_("source"), max_length=10, choices=OrderSource)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="work_orders",
        verbose_name=_("customer"),
    )
    item = models.ForeignKey(
        DissatisfiedItem, models.PROTECT, null=True, related_name="work_orders"
    )
    occasion = models.TextField(_("occasion"), max_length=2000, blank=True)
    found_on = models.DateField(_("found on"), null=True, blank=True)
    found_by = models.CharField(_("found by"), max_length=80, blank=True)

    class Meta:
        abstract = True


_NO_FINDING = Q(found_on__isnull=True, found_by="")
SOURCE_IS_WHOLE = (
    (Q(source=OrderSource.COMPLAINT, item__isnull=True, occasion="") & _NO_FINDING)
    | (Q(source=OrderSource.ITEM, item__isnull=False, occasion="") & _NO_FINDING)
    | (Q(~Q(occasion=""), source=OrderSource.HAND, item__isnull=True) & _NO_FINDING)
    | Q(
        ~Q(occasion=""),
        ~Q(found_by=""),
        source=OrderSource.FINDING,
        item__isnull=True,
        found_on__isnull=False,
    )
)
SOURCE_CONSTRAINTS = (
    models.CheckConstraint(condition=SOURCE_IS_WHOLE, name="work_order_source_whole"),
    models.UniqueConstraint(
        fields=("item",),
        condition=~Q(status="annulled"),
        name="work_order_one_live_per_item",
    ),
)
SOURCE_INDEXES = (models.Index(fields=("customer", "-id"), name="work_order_by_customer"),)
