"""Setting the scene after the play: nothing of the past is sent, little of it is unread."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from complaints.actions import facts
from organisation.models import Channel, Delivery, Message, Person, SweepRun

LEFT_UNREAD = 6


def tidy(*, accounts: Iterable[Person], now: datetime) -> None:
    """Mails of the past count as sent; a demo account finds its newest messages unread."""
    Message.objects.filter(channel=Channel.EMAIL).update(
        state=Delivery.SENT, sent_at=F("created_at"), next_attempt_at=None, attempts=1
    )
    unread = [key for person in accounts for key in _newest(person)]
    read = Message.objects.filter(channel=Channel.INBOX).exclude(pk__in=unread)
    read.update(read_at=F("created_at"))
    # No real sweep has run yet: an old one would look like a worker that died.
    SweepRun.objects.all().delete()
    facts.refresh_all(now=now)


def _newest(person: Person) -> list[int]:
    inbox = Message.objects.inbox(person).order_by("-created_at", "-pk")
    return list(inbox.values_list("pk", flat=True)[:LEFT_UNREAD])
