"""Delivering the outbox: lease, commit, send outside the transaction, mark.

Promise: recorded exactly once; sent at least once, normally once. A crash between the mail server's
yes and our commit repeats the same mail with the same Message-ID.
"""

import logging
import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from organisation.access import require, visible
from organisation.actions import quiet_hours, sweeps
from organisation.channels import mail
from organisation.models import Attempt, Delivery, Message, Person

# So many recipients, and about so many messages, are claimed at a time.
PEOPLE = 100
MESSAGES = 5000
LEASE = timedelta(minutes=2)
TRIES = 8
logger = logging.getLogger(__name__)


def deliver(*, now: datetime) -> int:
    """Send what waits; the number of messages handed over. Safe to run twice at once."""
    sent = 0
    while _waits(now) and (envelopes := _lease(now)) is not None:
        for rows in envelopes:
            if _is_held(rows):
                sent += _send(rows, now)
    sweeps.mark("delivery", now=now)
    return sent


def _waits(now: datetime) -> bool:
    """One probe of the partial index, when nothing does."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, {"now": now})
        return bool(cursor.fetchone()[0])


WAITS = """
SELECT EXISTS (
    SELECT FROM organisation_message
    WHERE state IN ('queued', 'leased') AND next_attempt_at <= %(now)s
)
"""


@transaction.atomic
def _lease(now: datetime) -> list[list[Message]] | None:
    """Claim all that waits for a few people, one envelope each; None when nobody is left.

    While one sweep looks at a recipient no other does, so a digest is never torn apart.
    """
    with connection.cursor() as cursor:
        cursor.execute(RECIPIENTS, {"now": now, "people": PEOPLE, "messages": MESSAGES})
        people = [pk for (pk,) in cursor.fetchall()]
        if not people:
            return None
        quiet_hours.postpone(people, now=now)
        cursor.execute(CLAIM, {"now": now, "people": people, "until": now + LEASE})
        claimed = [pk for (pk,) in cursor.fetchall()]
    envelopes: dict[uuid.UUID | None, list[Message]] = defaultdict(list)
    # Many rows, few recipients: each of these is read once.
    rows = Message.objects.filter(pk__in=claimed).prefetch_related("recipient")
    for row in rows.order_by("-importance", "pk"):
        envelopes[row.envelope].append(row)
    return list(envelopes.values())


# The worst first. NO KEY: whoever writes a message to a person meanwhile is not held up.
RECIPIENTS = """
SELECT p.id
FROM (
    SELECT recipient_id, max(importance) AS worst, min(next_attempt_at) AS since,
           sum(count(*)) OVER (
               ORDER BY max(importance) DESC, min(next_attempt_at), recipient_id
           ) - count(*) AS before
    FROM organisation_message
    WHERE state IN ('queued', 'leased') AND next_attempt_at <= %(now)s
    GROUP BY recipient_id
) due
JOIN organisation_person p ON p.id = due.recipient_id
WHERE due.before < %(messages)s
ORDER BY due.worst DESC, due.since, p.id
LIMIT %(people)s
FOR NO KEY UPDATE OF p SKIP LOCKED
"""

# A mail that is repeated keeps its envelope; what came since goes into one of its own. Keys as an
# array are looked up one by one: a join is planned for as many rows as there were before a burst.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id, recipient_id, channel, envelope FROM organisation_message
    WHERE recipient_id = ANY(%(people)s) AND state IN ('queued', 'leased')
      AND next_attempt_at <= %(now)s
),
fresh AS MATERIALIZED (
    SELECT recipient_id, channel, gen_random_uuid() AS envelope
    FROM due WHERE envelope IS NULL GROUP BY recipient_id, channel
)
UPDATE organisation_message m
SET state = 'leased', attempts = m.attempts + 1, next_attempt_at = %(until)s,
    envelope = coalesce(m.envelope, (
        SELECT envelope FROM fresh f
        WHERE f.recipient_id = m.recipient_id AND f.channel = m.channel
    ))
WHERE m.id = ANY(ARRAY(SELECT id FROM due))
RETURNING m.id
"""


def _is_held(rows: list[Message]) -> bool:
    """Whether the envelope is still ours: a slow batch may outlive its lease.

    An envelope is leased as a whole, and each lease counts one more attempt.
    """
    first = rows[0]
    mine = Message.objects.filter(pk=first.pk, state=Delivery.LEASED, attempts=first.attempts)
    return mine.exists()


def _send(rows: list[Message], now: datetime) -> int:
    try:
        mail.send(rows)
    except mail.FAILURES as error:
        logger.warning("envelope %s was not taken: %s", rows[0].envelope, type(error).__name__)
        _failed(rows, f"{type(error).__name__}: {error}"[:300], now)
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SENT, {"messages": [row.pk for row in rows], "now": now})
    return len(rows)


# A digest may hold thousands.
SENT = """
WITH sent AS (
    UPDATE organisation_message SET state = 'sent', sent_at = %(now)s, next_attempt_at = NULL
    WHERE id = ANY(%(messages)s) RETURNING id
)
INSERT INTO organisation_attempt (message_id, at, error) SELECT id, %(now)s, '' FROM sent
"""


def _failed(rows: list[Message], error: str, now: datetime) -> None:
    Attempt.objects.bulk_create(Attempt(message=row, at=now, error=error) for row in rows)
    again = now + timedelta(seconds=30) * 2 ** min(rows[0].attempts, 10)
    mine = Message.objects.filter(pk__in=[row.pk for row in rows])
    mine.filter(attempts__lt=TRIES).update(state=Delivery.QUEUED, next_attempt_at=again)
    mine.filter(attempts__gte=TRIES).update(state=Delivery.FAILED, next_attempt_at=None)


@transaction.atomic
def send_again(*, message: Message, by: Person | None, now: datetime) -> None:
    """A failed message tries anew; one that is not failed any more is left as it is.

    It goes as a mail of its own: what it was folded with may stay behind.
    """
    require(by, "operations.see")
    _queue_again(Message.objects.filter(pk=message.pk), now)


@transaction.atomic
def send_all_again(*, by: Person, now: datetime) -> int:
    """All that failed for people whom the person sees; how many. Each person's go as one mail."""
    require(by, "operations.see")
    return _queue_again(Message.objects.filter(recipient__in=visible(Person, by)), now)


def _queue_again(messages: QuerySet[Message], now: datetime) -> int:
    return messages.filter(state=Delivery.FAILED).update(
        state=Delivery.QUEUED, next_attempt_at=now, attempts=0, envelope=None
    )
