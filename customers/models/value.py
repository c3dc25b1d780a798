"""What a customer is worth: the rules in versions, the figures, and the labels made of them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.customer import Customer, Tier
from organisation.models import Person
from organisation.scope import Scope


def _in_order(name: str, count: int, sign: str) -> Q:
    """Each cut beyond the one before it; `sign`: "lt" for rising ones."""
    parts = (Q(**{f"{name}__{n}__{sign}": F(f"{name}__{n + 1}")}) for n in range(count - 1))
    whole = Q(**{f"{name}__len": count})
    for part in parts:
        whole &= part
    return whole


class ValueRule(models.Model):
    """One version of the rules of value (F-09), of the life cycle (K-04), of quadrants (F-11).

    `recency`: days for the scores 5, 4, 3, 2; `frequency` and `money` likewise for 90 days.
    `tiers`: the lowest index of diamond, gold, silver. Percent unless said.
    """

    number = models.PositiveIntegerField(unique=True)
    recency = ArrayField(models.PositiveIntegerField(), size=4)
    frequency = ArrayField(models.PositiveIntegerField(), size=4)
    money = ArrayField(models.PositiveIntegerField(), size=4)
    weights = ArrayField(models.PositiveSmallIntegerField(), size=3)
    tiers = ArrayField(models.DecimalField(max_digits=3, decimal_places=2), size=3)
    settle_after = models.PositiveSmallIntegerField(default=5)
    young_days = models.PositiveSmallIntegerField(default=90)
    growth = models.PositiveSmallIntegerField(default=20)
    decline = models.PositiveSmallIntegerField(default=30)
    silent_days = models.PositiveSmallIntegerField(default=60)
    left_days = models.PositiveSmallIntegerField(default=180)
    valid_days = models.PositiveSmallIntegerField(default=90)
    satisfied_from = models.PositiveSmallIntegerField(default=60)
    expressive_days = models.PositiveSmallIntegerField(default=180)
    # The lowest revenue in 90 days of each grade (K-02); without rows a grade is given by hand.
    grades = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(condition=_in_order("recency", 4, "lt"), name="value_recency"),
            models.CheckConstraint(
                condition=_in_order("frequency", 4, "gt"), name="value_frequency"
            ),
            models.CheckConstraint(condition=_in_order("money", 4, "gt"), name="value_money"),
            models.CheckConstraint(condition=_in_order("tiers", 3, "gt"), name="value_tiers"),
            models.CheckConstraint(
                condition=Q(weights__len=3) & Q(weights__0=100 - F("weights__1") - F("weights__2")),
                name="value_weights_make_100",
            ),
            models.CheckConstraint(
                condition=Q(silent_days__lt=F("left_days"), decline__lt=100),
                name="value_stages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(satisfied_from__range=(1, 100), expressive_days__range=(1, 1080)),
                name="value_quadrants_fit",
            ),
        )

    def __str__(self) -> str:
        return str(self.number)


class CustomerValue(models.Model):
    """The figures of a customer who ships: those of the last 90 days, and what the rules say.

    `rule_tier` is where the tier stands by rule: it moves at the ends of months alone. `lower`
    counts the months in a row whose figures would give less, `lower_best` the best of them.
    """

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="value"
    )
    as_of = models.DateField()
    first_on = models.DateField()
    last_on = models.DateField()
    orders = models.DecimalField(max_digits=12, decimal_places=2)
    revenue = models.DecimalField(max_digits=14, decimal_places=2)
    revenue_before = models.DecimalField(max_digits=14, decimal_places=2)
    recency = models.PositiveSmallIntegerField()
    frequency = models.PositiveSmallIntegerField()
    money = models.PositiveSmallIntegerField()
    index = models.DecimalField(max_digits=3, decimal_places=2)
    proposed = models.CharField(max_length=10, choices=Tier)
    stage = models.CharField(max_length=11)
    rule_number = models.PositiveIntegerField()
    rule_tier = models.CharField(max_length=10, choices=Tier, blank=True, default="")
    lower = models.PositiveSmallIntegerField(default=0)
    lower_best = models.CharField(max_length=10, blank=True, default="")
    settled_on = models.DateField(null=True)
    settled_index = models.DecimalField(max_digits=3, decimal_places=2, null=True)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.index}"

    @property
    def trend(self) -> str:
        """Revenue against the 90 days before: +12 %, −3 %, or nothing."""
        if not self.revenue_before:
            return ""
        change = float(self.revenue / self.revenue_before) - 1
        return f"{change:+.0%}".replace("-", "−")


class LabelKind(models.TextChoices):
    TIER = "tier", _("Tier")
    STAGE = "stage", _("Stage of the life cycle")
    QUADRANT = "quadrant", _("Quadrant")


class LabelQuerySet(models.QuerySet["Label"]):
    def in_force(self) -> "LabelQuerySet":
        """What is said of customers now; what a person decided comes first."""
        return self.filter(ended_on=None).order_by("kind", "-by_hand", "-pk")


class Label(models.Model):
    """One judgement on a customer, from `since` until `ended_on`; none of them refuses a service.

    Made by a rule (`rule` its version, `evidence` the figures) or by a person with a reason. Of
    one kind at most one of either is in force; the person's is what counts.
    """

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("customer__home_branch",))

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=10, choices=LabelKind)
    value = models.CharField(max_length=12)
    previous = models.CharField(max_length=12, blank=True)
    by_hand = models.BooleanField()
    rule_number = models.PositiveIntegerField(null=True)
    evidence = models.JSONField(default=dict)
    reason = models.CharField(pgettext_lazy("of an act", "reason"), max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    expires_on = models.DateField()
    ended_on = models.DateField(null=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "by_hand"),
                condition=Q(ended_on=None),
                name="label_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(by_hand=True, by__isnull=False, rule_number=None) & ~Q(reason="")
                | Q(by_hand=False, by=None, rule_number__isnull=False),
                name="label_by_rule_or_person",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("since")), name="label_expires_later"
            ),
        )
        indexes = (
            models.Index(fields=("customer", "kind", "-id"), name="label_of_customer"),
            models.Index(fields=("expires_on",), condition=Q(ended_on=None), name="label_expiring"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
