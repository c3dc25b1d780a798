"""What a customer rated too low, and why: where many orders come from (W-12, S-05)."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models.order_search import OPINION_INDEX
from csm.kit.transitions import Moving
from customers.models import Customer
from organisation.models import Branch, Person
from organisation.scope import Scope

LOWEST, HIGHEST = Decimal("0.00"), Decimal("10.00")
# Q5: on the scale of 0 to 10, less than this is dissatisfied.
THRESHOLD = Decimal("7.00")
IN_RANGE = (MinValueValidator(LOWEST), MaxValueValidator(HIGHEST))


class ItemStatus(models.TextChoices):
    OPEN = "open", _("Without an order")
    ORDERED = "ordered", _("With an order")
    SET_ASIDE = "set_aside", _("Set aside")


class Origin(models.TextChoices):
    SURVEY = "survey", _("Survey")
    MANUAL = "manual", _("Entered by hand")
    TALK = "talk", _("Pain point told in a talk")
    IMPORT = "import", _("Import")


class DissatisfiedItem(Moving):
    """One row of the company's table: who rated which branch how, why, and what is planned.

    `score` and `threshold` go from 0 to 10. A score that is not below the threshold needs words on
    why it counts. Surveys write rows of their own; only what is
    said at a counter has no customer.
    """

    SCOPE: ClassVar = Scope(verb="item.see", branches=("branch",))
    MOVES: ClassVar = {
        ItemStatus.OPEN: (ItemStatus.ORDERED, ItemStatus.SET_ASIDE),
        ItemStatus.ORDERED: (ItemStatus.OPEN,),
        ItemStatus.SET_ASIDE: (ItemStatus.OPEN,),
    }

    status = models.CharField(
        _("status"), max_length=10, choices=ItemStatus, default=ItemStatus.OPEN
    )
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        related_name="dissatisfied_items",
        verbose_name=_("customer"),
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="dissatisfied_items", verbose_name=_("branch")
    )
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=2, validators=IN_RANGE)
    threshold = models.DecimalField(
        _("threshold"), max_digits=4, decimal_places=2, default=THRESHOLD, validators=IN_RANGE
    )
    explanation = models.CharField(_("why it counts"), max_length=500, blank=True)
    opinion = models.TextField(
        pgettext_lazy("of a customer", "opinion"), max_length=2000, blank=True
    )
    plan = models.TextField(_("planned improvement"), max_length=2000, blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.MANUAL)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_aside_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(score__gte=LOWEST, score__lte=HIGHEST)
                & Q(threshold__gte=LOWEST, threshold__lte=HIGHEST),
                name="dissatisfied_item_0_to_10",
            ),
            models.CheckConstraint(
                condition=Q(score__lt=F("threshold")) | ~Q(explanation=""),
                name="dissatisfied_item_below_or_explained",
            ),
            # A person types it, or a program brings it along.
            models.CheckConstraint(
                condition=~Q(origin__in=(Origin.MANUAL, Origin.TALK))
                | Q(recorded_by__isnull=False),
                name="dissatisfied_item_by_hand_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(origin=Origin.SURVEY),
                name="dissatisfied_item_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(set_aside_reason=""),
                    status=ItemStatus.SET_ASIDE,
                    set_aside_at__isnull=False,
                    set_aside_by__isnull=False,
                )
                | Q(
                    ~Q(status=ItemStatus.SET_ASIDE),
                    set_aside_at__isnull=True,
                    set_aside_by__isnull=True,
                    set_aside_reason="",
                ),
                name="dissatisfied_item_set_aside_with_reason",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-id"), name="dissatisfied_item_by_branch"),
            models.Index(fields=("status", "-id"), name="dissatisfied_item_by_status"),
            models.Index(fields=("score",), name="dissatisfied_item_by_score"),
            OPINION_INDEX,
        )

    @property
    def who(self) -> str:
        """The customer's name; at a counter and in a focus group nobody is asked for it."""
        return (
            self.customer.name
            if self.customer
            else gettext("Not named, at a counter or in a group")
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.score}"

    @property
    def is_open(self) -> bool:
        return self.status == ItemStatus.OPEN

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return {
            ItemStatus.OPEN: ["save", "work-order", "set-aside"],
            ItemStatus.SET_ASIDE: ["take-up"],
        }.get(ItemStatus(self.status), [])
