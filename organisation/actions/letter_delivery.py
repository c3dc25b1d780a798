"""Delivering letters: lease, commit, send outside the transaction, mark.

The promise is that of `delivery`: recorded exactly once; sent at least once, normally once, a
repeat with the same Message-ID. What is not bulk leaves first, and each sweep ends before the next
bell, so that a hundred thousand invitations hold nothing up.
"""

import logging
import smtplib
import time
from datetime import datetime, timedelta

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from organisation.access import require_everywhere
from organisation.actions import quiet_hours, sweeps
from organisation.actions.tokens import NoToken, path_of
from organisation.channels import letters, mail
from organisation.models import Delivery, Letter, Person
from organisation.models.letter import REFUSED

# Few, so that a mail server which does not answer cannot outlive the lease.
BATCH = 20
LEASE = timedelta(minutes=5)
LONGEST = 10  # seconds of one sweep
TRIES = 8
logger = logging.getLogger(__name__)


def deliver(*, now: datetime) -> int:
    """Send what waits, over one connection; the number handed over. Safe to run twice at once.

    In the company's quiet hours no bulk leaves: invitations wait until they end (S-18). What a
    customer is told of the own complaint does not wait: at night, too, somebody cares.
    """
    sent, begun = 0, time.monotonic()
    if until := quiet_hours.quiet_until(now):
        waiting = Letter.objects.waiting(now).filter(is_bulk=True)
        waiting.update(state=Delivery.QUEUED, next_attempt_at=until)
    mailer = letters.connection()
    try:
        while time.monotonic() - begun < LONGEST and (rows := _lease(now)):
            sent += sum(_send(row, mailer, now) for row in rows if _is_held(row))
    finally:
        mailer.close()
    sweeps.mark("letters", now=now)
    return sent


@transaction.atomic
def _lease(now: datetime) -> list[Letter]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "batch": BATCH})
        claimed = [pk for (pk,) in cursor.fetchall()]
    rows = Letter.objects.filter(pk__in=claimed).select_related("link")
    return list(rows.order_by("is_bulk", "pk"))


CLAIM = """
UPDATE organisation_letter
SET state = 'leased', attempts = attempts + 1, next_attempt_at = %(until)s
WHERE id = ANY(ARRAY(
    SELECT id FROM organisation_letter
    WHERE state IN ('queued', 'leased') AND next_attempt_at <= %(now)s
    ORDER BY is_bulk, next_attempt_at, id
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
))
RETURNING id
"""


def _is_held(row: Letter) -> bool:
    """Whether it is still ours: a slow batch may outlive its lease."""
    mine = Letter.objects.filter(pk=row.pk, state=Delivery.LEASED, attempts=row.attempts)
    return mine.exists()


def _send(row: Letter, mailer: BaseEmailBackend, now: datetime) -> int:
    """Neither the address nor what the server said of it is written down."""
    try:
        letters.send(row, path_of(row.link) if row.link else "", mailer)
    except (*mail.FAILURES, NoToken) as error:
        logger.warning("letter %s was not taken: %s", row.pk, type(error).__name__)
        mailer.close()
        _failed(row, error, now)
        return 0
    Letter.objects.filter(pk=row.pk).update(
        state=Delivery.SENT, sent_at=now, next_attempt_at=None, error=""
    )
    return 1


def _failed(row: Letter, error: Exception, now: datetime) -> None:
    code = _code(error)
    words = f"{type(error).__name__} {code}".strip()
    is_last = row.attempts >= TRIES or words.startswith(REFUSED)
    again = now + timedelta(seconds=30) * 2 ** min(row.attempts, 10)
    Letter.objects.filter(pk=row.pk).update(
        state=Delivery.FAILED if is_last else Delivery.QUEUED,
        next_attempt_at=None if is_last else again,
        error=words,
    )


def _code(error: Exception) -> int | str:
    """What the mail server answered; of the one address of a letter, what it said of that."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _said in error.recipients.values()), "")
    return getattr(error, "smtp_code", "")


@transaction.atomic
def send_again(*, letter: Letter, by: Person, now: datetime) -> None:
    """A failed letter tries anew; one that is not failed any more is left as it is."""
    require_everywhere(by, "operations.see")
    Letter.objects.filter(pk=letter.pk, state=Delivery.FAILED).update(
        state=Delivery.QUEUED, next_attempt_at=now, attempts=0
    )
