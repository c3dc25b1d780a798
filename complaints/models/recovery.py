"""Service recovery: what may be offered to a customer, up to which amount, and what was (C-19)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.category import Category
from complaints.models.complaint import Complaint
from csm.kit.transitions import Moving
from organisation.models import Branch, Named, Person, Role
from organisation.scope import Scope


class RecoveryKind(models.TextChoices):
    GIFT = "gift", _("Gift")
    WAIVER = "waiver", _("Fee waived")
    REDELIVERY = "redelivery", _("Free redelivery")
    DISCOUNT = "discount", _("Discount")
    OTHER = "other", _("Other")


class RecoveryOffer(Named):
    """Something that may be offered, for complaints of a category and those below it, or of any."""

    kind = models.CharField(_("kind"), max_length=12, choices=RecoveryKind)
    unit_value = models.DecimalField(
        _("value of one"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("kind", "name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(unit_value__isnull=True) | Q(unit_value__gte=0),
                name="offer_value_not_negative",
            ),
        )


class RecoveryLimit(models.Model):
    """Up to which amount a role recovers one complaint without asking; None: without a bound."""

    role = models.CharField(_("role"), max_length=24, choices=Role, unique=True)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2, null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="limit_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.amount}"


class RecoveryStatus(models.TextChoices):
    GIVEN = "given", _("Given")
    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


# What the customer has; only these count towards limits and totals.
GRANTED = (RecoveryStatus.GIVEN, RecoveryStatus.APPROVED)


class Recovery(Moving):
    """What one customer was offered for one complaint (C-20).

    `branch` bears it: the one that was responsible then. `granted_at` is when it was given or
    approved; its month is the one in which it counts.
    """

    SCOPE: ClassVar = Scope(verb="complaint.see", branches=("branch",))
    MOVES: ClassVar = {
        RecoveryStatus.ASKED: (
            RecoveryStatus.APPROVED,
            RecoveryStatus.DECLINED,
            RecoveryStatus.CANCELLED,
        ),
        RecoveryStatus.GIVEN: (RecoveryStatus.CANCELLED,),
        RecoveryStatus.APPROVED: (RecoveryStatus.CANCELLED,),
    }

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="recoveries")
    # Two indexes below begin with it.
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    offer = models.ForeignKey(RecoveryOffer, models.PROTECT, related_name="recoveries")
    status = models.CharField(_("status"), max_length=10, choices=RecoveryStatus)
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    words = models.TextField(_("reason"), max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    granted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    cancelled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0, quantity__gte=1), name="recovery_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(status="given", granted_at__isnull=False, decided_by__isnull=True)
                | Q(status="asked", granted_at__isnull=True, decided_by__isnull=True)
                | Q(status="approved", granted_at__isnull=False, decided_by__isnull=False)
                | Q(status="declined", granted_at__isnull=True, decided_by__isnull=False)
                | Q(status="cancelled"),
                name="recovery_granted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="recovery_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
                name="recovery_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(answer=""),
                name="recovery_declined_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False
                )
                & ~Q(cancel_reason="")
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
                name="recovery_cancelled_has_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("branch", "granted_at"),
                condition=Q(status__in=("given", "approved")),
                name="recovery_granted",
            ),
            models.Index(
                fields=("branch", "at"), condition=Q(status="asked"), name="recovery_asked"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.status} {self.amount}"
