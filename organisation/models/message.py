"""The outbox: everything that leaves an action towards a person."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models.importance import Importance
from organisation.models.person import Person
from organisation.scope import Scope


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    EMAIL = "email", _("E-mail")


class Delivery(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class MessageQuerySet(models.QuerySet["Message"]):
    def inbox(self, person: Person) -> "MessageQuerySet":
        return self.filter(recipient=person, channel=Channel.INBOX)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at__isnull=True)

    def waiting(self, now: datetime) -> "MessageQuerySet":
        """Rows to send now: queued ones whose time has come, and leases that ran out."""
        return self.filter(state__in=(Delivery.QUEUED, Delivery.LEASED), next_attempt_at__lte=now)


class Message(models.Model):
    """One event told to one person over one channel; unique, so telling twice is impossible.

    `text` names the template under `templates/messages/`, rendered in the recipient's language.
    `envelope` groups the rows that leave as one mail: a repeat after a crash is the same mail with
    the same Message-ID.
    """

    SCOPE: ClassVar = Scope(verb="", branches=(), people=("recipient",))

    key = models.CharField(max_length=120)
    recipient = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=Channel)
    text = models.CharField(max_length=60)
    context: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    importance = models.PositiveSmallIntegerField(choices=Importance, default=0)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=Delivery)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    envelope = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("key", "recipient", "channel"), name="message_told_once"
            ),
            models.CheckConstraint(
                condition=Q(state=Delivery.SENT, sent_at__isnull=False)
                | (~Q(state=Delivery.SENT) & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(state__in=("queued", "leased")),
                name="message_waiting",
            ),
            models.Index(
                fields=("recipient", "-created_at"),
                condition=Q(channel="inbox"),
                name="message_inbox",
            ),
            models.Index(
                fields=("recipient",),
                condition=Q(channel="inbox", read_at__isnull=True),
                name="message_unread",
            ),
            models.Index(fields=("state",), condition=Q(state="failed"), name="message_failed"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.channel}"


class Attempt(models.Model):
    """One try to hand a message over; the history of a delivery."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.message_id} {self.at}"
