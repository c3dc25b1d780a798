"""How near a customer is to us, and how we serve it (K-07, K-18, K-19): said by people."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope


class Ladder(models.TextChoices):
    RELATION = "relation", _("Relation")
    SERVICE = "service", _("How we serve it")
    POTENTIAL = "potential", _("Potential value")
    INFLUENCE = "influence", _("Influence on others")


class Relation(models.TextChoices):
    """K-18, from below."""

    PROSPECT = "prospect", pgettext_lazy("relation", "Prospect")
    CUSTOMER = "customer", pgettext_lazy("relation", "Customer")
    CLIENT = "client", pgettext_lazy("relation", "Client")
    SUPPORTER = "supporter", pgettext_lazy("relation", "Supporter")
    ADVOCATE = "advocate", pgettext_lazy("relation", "Advocate")
    PARTNER = "partner", pgettext_lazy("relation", "Partner")


class Serving(models.TextChoices):
    """K-19, from below."""

    ANSWERS = "answers", _("Every question is answered")
    IN_TOUCH = "in_touch", _("We keep in touch")
    BEYOND = "beyond", _("More than is expected")
    ADVISER = "adviser", _("Professional adviser")
    LASTING = "lasting", _("Partner for the long run")


class Amount(models.TextChoices):
    """Of what no figure tells (K-07)."""

    LOW = "low", pgettext_lazy("an amount", "Low")
    MIDDLE = "middle", pgettext_lazy("an amount", "Middle")
    HIGH = "high", pgettext_lazy("an amount", "High")


RUNGS: dict[str, type[models.TextChoices]] = {
    Ladder.RELATION: Relation,
    Ladder.SERVICE: Serving,
    Ladder.POTENTIAL: Amount,
    Ladder.INFLUENCE: Amount,
}


class Rung(models.Model):
    """Where somebody put a customer on one of the ladders; append-only: the newest counts."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("customer__home_branch",))

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="rungs")
    ladder = models.CharField(max_length=9, choices=Ladder)
    value = models.CharField(max_length=9)
    was = models.CharField(max_length=9, blank=True)
    reason = models.CharField(pgettext_lazy("of an act", "reason"), max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(value=F("was")), name="rung_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="rung_has_reason"),
            models.CheckConstraint(
                condition=Q(ladder=Ladder.RELATION, value__in=Relation.values)
                | Q(ladder=Ladder.SERVICE, value__in=Serving.values)
                | Q(ladder__in=(Ladder.POTENTIAL, Ladder.INFLUENCE), value__in=Amount.values),
                name="rung_of_its_ladder",
            ),
        )
        indexes = (models.Index(fields=("customer", "ladder", "-id"), name="rungs_of_customer"),)

    def __str__(self) -> str:
        return f"{self.ladder} {self.value}"

    @property
    def words(self) -> str:
        return str(RUNGS[self.ladder](self.value).label)

    @property
    def words_before(self) -> str:
        """Empty for the first."""
        return str(RUNGS[self.ladder](self.was).label) if self.was else ""
