"""What other rooms write down about a customer, so that this room imports nothing from above."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from customers.models.customer import Customer
from organisation.models import Branch
from organisation.scope import Scope


class CustomerFacts(models.Model):
    """One row per customer, refreshed set-based by the rooms above."""

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="facts"
    )
    complaints = models.PositiveIntegerField(default=0)
    open_complaints = models.PositiveIntegerField(default=0)
    last_complaint_at = models.DateTimeField(null=True)
    dissatisfied_callbacks = models.PositiveIntegerField(default=0)
    last_callback_satisfied = models.BooleanField(null=True)
    last_callback_score = models.PositiveSmallIntegerField(null=True)
    # When the oldest complaint that is open came in, and the third newest valid one.
    oldest_open_at = models.DateTimeField(null=True)
    third_valid_at = models.DateTimeField(null=True)
    # The last answer of 6 or less for recommendation, or of the lowest two fifths for satisfaction.
    low_score_at = models.DateTimeField(null=True)
    # Invitations that ran out since the last answer.
    unanswered_invitations = models.PositiveSmallIntegerField(default=0, db_default=0)
    # How content the last valid answer was, 0 … 100; when the customer last commented.
    satisfaction_index = models.PositiveSmallIntegerField(null=True)
    satisfaction_at = models.DateTimeField(null=True)
    expressed_at = models.DateTimeField(null=True)
    last_visited_on = models.DateField(null=True)
    # When a survey asked, and when somebody greeted: both leave the customer in peace (S-18).
    last_asked_at = models.DateTimeField(null=True)
    last_cared_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(
        null=True, help_text="Empty: to be counted anew by the rooms above."
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(satisfaction_index__isnull=True, satisfaction_at__isnull=True)
                | Q(satisfaction_index__range=(0, 100), satisfaction_at__isnull=False),
                name="facts_satisfaction_fits",
            ),
        )
        indexes = (
            models.Index(
                fields=("customer",), condition=Q(refreshed_at__isnull=True), name="facts_to_count"
            ),
        )

    def __str__(self) -> str:
        return str(self.customer_id)


class TimelineEntry(models.Model):
    """One thing that touched a customer, with the page it leads to."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",))

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    url_name = models.CharField(max_length=40)
    reference = models.CharField(max_length=60)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("kind", "reference"), name="timeline_entry_once"),
        )
        indexes = (models.Index(fields=("customer", "-at"), name="timeline_by_customer"),)

    def __str__(self) -> str:
        return self.title
