"""Mail with a link that needs no login: to customers, and to whom of ours is asked by one."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from csm.kit.masking import mask_email
from organisation.models.link import PublicLink
from organisation.models.message import Delivery


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self, now: datetime) -> "LetterQuerySet":
        """To send now: queued ones whose time has come, and leases that ran out."""
        return self.filter(state__in=(Delivery.QUEUED, Delivery.LEASED), next_attempt_at__lte=now)

    def to_link(self, link: PublicLink) -> "LetterQuerySet":
        """Those that bring this link and have not left yet."""
        return self.filter(link=link).exclude(state=Delivery.SENT)


# How the error begins of an address that its mail server does not know, or refuses for good.
REFUSED = "SMTPRecipientsRefused 5"


class Letter(models.Model):
    """One event told to one address; `key` is unique, so telling twice is impossible.

    `text` names the template under `templates/letters/`, rendered in `language`. The address of
    the `link` is put together when the letter leaves: no token lies here. What `is_bulk` waits
    until everything else has left.
    """

    key = models.CharField(max_length=120)
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=60)
    context: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    link = models.ForeignKey(PublicLink, models.PROTECT, null=True, related_name="letters")
    is_bulk = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Delivery, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = (
            # `unique=True` would bring a second index, for beginnings of a key.
            models.UniqueConstraint(fields=("key",), name="letter_once"),
            models.CheckConstraint(
                condition=Q(state=Delivery.SENT, sent_at__isnull=False)
                | (~Q(state=Delivery.SENT) & Q(sent_at__isnull=True)),
                name="letter_sent_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("is_bulk", "next_attempt_at", "id"),
                condition=Q(state__in=("queued", "leased")),
                name="letter_waiting",
            ),
            models.Index(fields=("state",), condition=Q(state="failed"), name="letter_failed"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def masked_address(self) -> str:
        return mask_email(self.address)
