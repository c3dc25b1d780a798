"""Who looked at personal data."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models.person import Person
from organisation.scope import Scope


class LookReason(models.TextChoices):
    """Why somebody looks; what a record itself is about needs no other reason."""

    HANDLING = "handling", _("Handling this matter")
    CALL = "call", _("To call or to write back")
    DELIVERY = "delivery", _("To arrange a delivery or a pick-up")
    IDENTITY = "identity", _("To make sure who is calling")
    CORRECTION = "correction", _("To correct the data")
    REQUEST = "request", _("The customer asks for it")
    OTHER = "other", pgettext_lazy("a reason", "Another reason")


# Chosen by whoever asks; the first is what a door says by itself.
CHOSEN_REASONS = [choice for choice in LookReason.choices if choice[0] != LookReason.HANDLING]


class AccessRecord(models.Model):
    """One unmasking of personal data: who, what, why, when. Append-only by trigger."""

    SCOPE: ClassVar = Scope(verb="access.see", branches=("person__postings__branch",))

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=30)
    reference = models.CharField(max_length=60)
    reason = models.CharField(max_length=10, choices=LookReason, default=LookReason.HANDLING)
    words = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=LookReason.OTHER) | ~Q(words=""),
                name="access_record_other_reason_in_words",
            ),
        )
        indexes = (
            models.Index(fields=("-at", "-id"), name="access_record_by_time"),
            models.Index(fields=("reference", "-at"), name="access_record_by_reference"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.reference}"
