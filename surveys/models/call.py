"""One try to reach a customer by phone for a survey."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from surveys.models.invitation import Invitation


class CallOutcome(models.TextChoices):
    REACHED = "reached", _("Reached")
    NO_REPLY = "no_reply", _("No reply")
    DECLINES = "declines", _("Does not wish to be asked")


class Call(models.Model):
    """Who called, and what came of it; `next_at` when the customer is to be called again."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=8, choices=CallOutcome)
    next_at = models.DateTimeField(_("call again at"), null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(next_at__gt=models.F("at")),
                name="survey_call_again_later",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declines") | Q(next_at__isnull=True),
                name="survey_call_declined_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.outcome}"
