"""Customers that belong together by what is known of them, or by a list of names (K-22)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.customer import Customer
from organisation.models import Branch, Person
from organisation.scope import Scope


class Segment(models.Model):
    """A saved filter (`conditions`, words of `customers.segments`) of a branch and all below it.

    A named list is a segment whose customers were put in by hand.
    """

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",))

    name = models.CharField(_("name"), max_length=80)
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("of a list", "branch")
    )
    conditions = models.JSONField(default=dict)
    is_list = models.BooleanField(_("a list of names"), default=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("branch", "name"), name="segment_name_once"),
            models.CheckConstraint(
                condition=Q(is_list=False) | Q(conditions={}), name="segment_list_or_filter"
            ),
        )

    def __str__(self) -> str:
        return self.name


class SegmentMember(models.Model):
    """One customer of a named list."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="lists")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("segment", "customer"), name="segment_member_once"),
        )

    def __str__(self) -> str:
        return f"{self.segment_id} {self.customer_id}"
