"""The outbox: an action says what it has to tell, in its own transaction; a sweep tells it.

A rolled-back action tells nothing. A row is (key, recipient, channel), unique: telling twice is
impossible. Rows for the inbox are told by being written.
"""

from collections.abc import Iterable
from datetime import datetime

from organisation.models import Channel, Delivery, Importance, Message, Person


def put(
    *,
    key: str,
    to: Iterable[Person | None],
    text: str,
    now: datetime,
    context: dict[str, object] | None = None,
    importance: Importance = Importance.INFORMATION,
    path: str = "",
    channels: Iterable[str] = (Channel.INBOX, Channel.EMAIL),
    apart_from: Person | None = None,
) -> None:
    """Tell each person once per channel. `text` names a template in `templates/messages/`.

    `apart_from` is who did it: nobody is told of their own act.
    """
    people = {person.pk: person for person in to if person is not None and person.is_active}
    if apart_from is not None:
        people.pop(apart_from.pk, None)
    Message.objects.bulk_create(
        [
            _row(
                channel,
                now,
                key=key,
                recipient=person,
                text=text,
                context=context or {},
                importance=importance,
                path=path,
            )
            for person in people.values()
            for channel in channels
            if channel != Channel.EMAIL or person.email
        ],
        ignore_conflicts=True,
    )


def _row(channel: str, now: datetime, **fields: object) -> Message:
    if channel == Channel.INBOX:
        return Message(channel=channel, created_at=now, state=Delivery.SENT, sent_at=now, **fields)
    return Message(
        channel=channel, created_at=now, state=Delivery.QUEUED, next_attempt_at=now, **fields
    )
