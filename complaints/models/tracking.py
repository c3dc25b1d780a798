"""What the customer sees and says without a login (N-03)."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from organisation.models import PublicLink

# The name of the page that such a link opens.
TRACK = "track"


class TrackingLinkQuerySet(models.QuerySet["TrackingLink"]):
    def live(self, now: datetime) -> "TrackingLinkQuerySet":
        return self.filter(is_current=True, link__revoked_at__isnull=True, link__expires_at__gt=now)


class TrackingLink(models.Model):
    """The way to one complaint; at most one is current. `language` is the customer's."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="tracking_links")
    link = models.OneToOneField(PublicLink, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    is_current = models.BooleanField(default=True)

    objects = TrackingLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("complaint",), condition=Q(is_current=True), name="tracking_link_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.link_id}"


class CustomerMessage(models.Model):
    """What the customer added or objected; an objection is made once to each result.

    `submission` names the sheet: sending it twice says it once.
    """

    class Kind(models.TextChoices):
        ADDITION = "addition", _("Addition")
        NOT_SOLVED = "not_solved", _("Not solved")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="customer_messages")
    kind = models.CharField(max_length=12, choices=Kind)
    cycle = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=5000, blank=True)
    at = models.DateTimeField()
    submission = models.UUIDField(unique=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint", "cycle"),
                condition=Q(kind="not_solved"),
                name="customer_objects_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.kind}"
