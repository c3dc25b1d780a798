"""Delivering the outbox: lease, commit, send outside the transaction, mark.

Promise: recorded exactly once; sent at least once, normally once. A crash between the mail server's
yes and our commit repeats the same mail with the same Message-ID.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from organisation.access import require
from organisation.actions import sweeps
from organisation.channels import mail
from organisation.models import Attempt, Delivery, Message, Person

BATCH = 500
LEASE = timedelta(minutes=2)
TRIES = 8
logger = logging.getLogger(__name__)


def deliver(*, now: datetime) -> int:
    """Send what waits; the number of messages handed over. Safe to run twice at once."""
    sent = 0
    while envelopes := _lease(now):
        for rows in envelopes:
            if _is_held(rows):
                sent += _send(rows, now)
    sweeps.mark("delivery", now=now)
    return sent


@transaction.atomic
def _lease(now: datetime) -> list[list[Message]]:
    """Claim a batch, folded into one envelope per recipient. A repeat keeps its envelope."""
    waiting = (
        Message.objects.waiting(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
    )
    claimed = list(waiting.order_by("next_attempt_at", "pk")[:BATCH])
    # A mail that is repeated is repeated whole, also where the batch ends in the middle of it.
    opened = {row.envelope for row in claimed if row.envelope}
    claimed += waiting.filter(envelope__in=opened).exclude(pk__in=[row.pk for row in claimed])
    fresh: dict[int, uuid.UUID] = defaultdict(uuid.uuid4)
    for row in claimed:
        row.envelope = row.envelope or fresh[row.recipient_id]
        row.state = Delivery.LEASED
        row.attempts += 1
        row.next_attempt_at = now + LEASE
    Message.objects.bulk_update(claimed, ["envelope", "state", "attempts", "next_attempt_at"])
    envelopes: dict[uuid.UUID | None, list[Message]] = defaultdict(list)
    for row in claimed:
        envelopes[row.envelope].append(row)
    return list(envelopes.values())


def _is_held(rows: list[Message]) -> bool:
    """Whether the envelope is still ours: a slow batch may outlive its lease.

    An envelope is leased as a whole, and each lease counts one more attempt.
    """
    first = rows[0]
    mine = Message.objects.filter(pk=first.pk, state=Delivery.LEASED, attempts=first.attempts)
    return mine.exists()


def _send(rows: list[Message], now: datetime) -> int:
    worst_first = sorted(rows, key=lambda row: (-row.importance, row.created_at))
    try:
        mail.send(worst_first)
    except mail.FAILURES as error:
        logger.warning("envelope %s was not taken: %s", rows[0].envelope, type(error).__name__)
        _failed(rows, f"{type(error).__name__}: {error}"[:300], now)
        return 0
    _note(rows, "", now)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=Delivery.SENT, sent_at=now, next_attempt_at=None
    )
    return len(rows)


def _failed(rows: list[Message], error: str, now: datetime) -> None:
    _note(rows, error, now)
    again = now + timedelta(seconds=30) * 2 ** min(rows[0].attempts, 10)
    mine = Message.objects.filter(pk__in=[row.pk for row in rows])
    mine.filter(attempts__lt=TRIES).update(state=Delivery.QUEUED, next_attempt_at=again)
    mine.filter(attempts__gte=TRIES).update(state=Delivery.FAILED, next_attempt_at=None)


def _note(rows: Iterable[Message], error: str, now: datetime) -> None:
    Attempt.objects.bulk_create(Attempt(message=row, at=now, error=error) for row in rows)


@transaction.atomic
def send_again(*, message: Message, by: Person | None, now: datetime) -> None:
    """A failed message tries anew; one that is not failed any more is left as it is."""
    require(by, "operations.see")
    Message.objects.filter(pk=message.pk, state=Delivery.FAILED).update(
        state=Delivery.QUEUED, next_attempt_at=now, attempts=0
    )
