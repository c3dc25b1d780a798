"""Reading messages."""

from datetime import datetime

from organisation.models import Message, Person


def read(*, message: Message, now: datetime) -> None:
    """The first look counts."""
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now)


def read_all(*, person: Person, now: datetime) -> int:
    """Everything in the person's inbox; gives how many were unread."""
    return Message.objects.inbox(person).unread().update(read_at=now)
