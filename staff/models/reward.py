"""What points can be turned into: the catalogue with its stock, and who asked for what (F-21)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Named, Person
from organisation.scope import Scope


class Reward(Named):
    """Something of the catalogue, for the whole company.

    `points` is its price, `cost` what it takes from the award fund, in yuan. `stock`: pieces that
    nobody has asked for yet; a redemption holds one.
    """

    words = models.CharField(pgettext_lazy("of a reward", "what it is"), max_length=300, blank=True)
    points = models.PositiveIntegerField(_("price in points"))
    cost = models.DecimalField(
        _("cost for the award fund"), max_digits=10, decimal_places=2, default=0
    )
    stock = models.IntegerField(_("in stock"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ("points", "name", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(stock__gte=0), name="reward_stock_not_negative"),
            models.CheckConstraint(condition=Q(points__gte=1), name="reward_has_a_price"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="reward_cost_not_negative"),
        )


class RedemptionStatus(models.TextChoices):
    ASKED = "asked", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", pgettext_lazy("a redemption", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("a redemption", "Withdrawn")
    HANDED_OVER = "handed-over", _("Handed over")


class Redemption(Moving):
    """One piece for one person, at the price and cost of the day on which it was asked for.

    From then on its points are taken (an entry of the ledger) and its piece is held; both are given
    back when it is refused or withdrawn. `nonce` makes a form that is sent twice one. `branch` is
    the person's at that time.
    """

    SCOPE: ClassVar = Scope(verb="points.see", branches=("branch",), people=("person",))
    MOVES: ClassVar = {
        RedemptionStatus.ASKED: (
            RedemptionStatus.APPROVED,
            RedemptionStatus.REFUSED,
            RedemptionStatus.WITHDRAWN,
        ),
        # What cannot be had after all.
        RedemptionStatus.APPROVED: (RedemptionStatus.HANDED_OVER, RedemptionStatus.REFUSED),
    }

    person = models.ForeignKey(Person, models.PROTECT, related_name="redemptions", db_index=False)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions")
    status = models.CharField(
        _("status"), max_length=11, choices=RedemptionStatus, default=RedemptionStatus.ASKED
    )
    points = models.PositiveIntegerField(_("points"))
    cost = models.DecimalField(_("cost for the award fund"), max_digits=10, decimal_places=2)
    nonce = models.BigIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("person", "nonce"), name="redemption_once_per_form"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="redemption_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_by__isnull=True) | ~Q(handed_over_by=F("person")),
                name="redemption_handed_over_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True, withdrawn_at__isnull=True)
                | Q(status="approved", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(status="refused", decided_by__isnull=False) & ~Q(reason=""))
                | Q(status="withdrawn", decided_at__isnull=True, withdrawn_at__isnull=False)
                | Q(
                    status="handed-over",
                    decided_by__isnull=False,
                    handed_over_by__isnull=False,
                    handed_over_at__isnull=False,
                ),
                name="redemption_stamped",
            ),
        )
        indexes = (
            models.Index(fields=("person", "-id"), name="redemption_of_person"),
            models.Index(fields=("branch", "-id"), name="redemption_of_branch"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.reward_id} {self.status}"
