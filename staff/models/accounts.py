"""What is decided of account managers each quarter, by results and customers' rating (T-20)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Branch, Person
from organisation.scope import Scope

SEE, DECIDE = "account_review.see", "account_review.decide"


class ReviewOutcome(models.TextChoices):
    ELECTED = "elected", pgettext_lazy("of an account manager", "Elected again")
    DEVELOPED = "developed", pgettext_lazy("of an account manager", "Stays, with a plan to develop")
    MOVED = "moved", pgettext_lazy("of an account manager", "Moves to another post")


class AccountReview(models.Model):
    """One decision: final (trigger `append_only`), with the figures that were known then.

    `figures`: customers, answers, satisfied, score (mean of 0…10), complaints, callbacks,
    satisfied_callbacks of the quarter.
    """

    SCOPE: ClassVar = Scope(verb=SEE, branches=("branch",), people=("person",))

    person = models.ForeignKey(Person, models.PROTECT, related_name="account_reviews")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    outcome = models.CharField(_("decision"), max_length=9, choices=ReviewOutcome)
    grounds = models.TextField(_("grounds"), max_length=2000)
    development = models.TextField(_("what is to be developed"), max_length=2000, blank=True)
    figures = models.JSONField()
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-period", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("person", "period"), name="account_review_once"),
            models.CheckConstraint(
                condition=~Q(decided_by=F("person")), name="account_review_by_another"
            ),
            models.CheckConstraint(condition=~Q(grounds=""), name="account_review_has_grounds"),
            models.CheckConstraint(
                condition=~Q(outcome="developed") | ~Q(development=""),
                name="account_review_development_is_named",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.period}"
