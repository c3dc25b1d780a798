"""Taking due timers in hand, so that one that kills whoever fires it is found and set aside (A-12).

A batch is noted and committed before it is fired. One that is left behind is divided until the
timer that did it is alone: that costs four deaths among five thousand, and delays the others by as
many sweeps. From then on it is tried alone, after growing pauses, and at last no more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from complaints.models import Batch, Timer

# So large that what an outage left behind is told in one piece.
LARGEST = 5000
PARTS = 20
# Between the note and the lock lies an instant: a note that nobody holds and that is older was left
# behind. Found by the next bell, and fewer than five deaths a minute.
GRACE = timedelta(seconds=13)
# After so many failures a timer is set aside and shown to an administrator.
FAILURES_ALLOWED = 8
# One probe of the partial index on next_fire_at, and a look into a table that is mostly empty.
PROBE = """
SELECT EXISTS (SELECT FROM complaints_timer WHERE next_fire_at <= %(now)s),
       EXISTS (SELECT FROM complaints_batch)
"""
# Timers that failed before go into batches of their own.
TAKE = """
WITH due AS MATERIALIZED (
    SELECT id, fire_failures > 0 AS is_suspect FROM complaints_timer
    WHERE next_fire_at <= %(now)s
      AND id NOT IN (SELECT unnest(timers) FROM complaints_batch)
    ORDER BY next_fire_at LIMIT %(largest)s
    FOR UPDATE SKIP LOCKED
)
INSERT INTO complaints_batch (timers, begun_at)
SELECT array_agg(id), CASE WHEN NOT is_suspect THEN %(now)s::timestamptz END
FROM due GROUP BY is_suspect, CASE WHEN is_suspect THEN id END
RETURNING id, timers, begun_at
"""


def take(now: datetime) -> Batch | None:
    """What is due and in nobody's hands; else what others left behind; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(PROBE, {"now": now})
        is_due, is_in_hand = cursor.fetchone()
        if not is_due and not is_in_hand:
            return None
        cursor.execute(TAKE, {"now": now, "largest": LARGEST})
        taken = [Batch(*row) for row in cursor.fetchall()]
    fresh = next((batch for batch in taken if batch.begun_at is not None), None)
    return fresh or _left_behind(now)


def hold(batch: Batch, now: datetime) -> list[int]:
    """Its timers that are still due, locked, until the transaction ends and the note is gone."""
    if not Batch.objects.filter(pk=batch.pk).delete()[0]:
        return []
    rows = Timer.objects.select_for_update(skip_locked=True)
    due = rows.filter(pk__in=batch.timers, next_fire_at__lte=now).order_by("pk")
    return list(due.values_list("pk", flat=True))


def push_back(timer: int, now: datetime, *, at_once: int = 0) -> None:
    """One more failure: try again after a pause, or never. The first `at_once` have no pause."""
    row = Timer.objects.select_for_update().get(pk=timer)
    failures = row.fire_failures + 1
    if failures >= FAILURES_ALLOWED:
        again, set_aside = None, now
    else:
        pause = timedelta(minutes=min(2**failures, 60)) if failures > at_once else timedelta()
        again, set_aside = now + pause, None
    Timer.objects.filter(pk=timer).update(
        fire_failures=F("fire_failures") + 1, next_fire_at=again, quarantined_at=set_aside
    )


def _left_behind(now: datetime) -> Batch | None:
    """A part that waits for somebody; what is left behind is made into such parts first."""
    while True:
        with transaction.atomic():
            free = Batch.objects.select_for_update(skip_locked=True).order_by("pk")
            batch = free.filter(Q(begun_at=None) | Q(begun_at__lte=now - GRACE)).first()
            if batch is None:
                return None
            if batch.begun_at is None:
                batch.begun_at = now
                batch.save(update_fields=["begun_at"])
                return batch
            batch.delete()
            _divide(batch.timers, now)


def _divide(timers: Sequence[int], now: datetime) -> None:
    due = Timer.objects.filter(pk__in=timers, next_fire_at__lte=now)
    if len(timers) == 1:
        for timer in due:
            push_back(timer.pk, now, at_once=1)
        return
    size = -(-len(timers) // PARTS)
    parts = [timers[start : start + size] for start in range(0, len(timers), size)]
    Batch.objects.bulk_create(Batch(timers=list(part)) for part in parts)
