"""Firing the ladders (`sla.md` §3): who is told what when a promise runs out.

One batch is five statements whatever its size: claim, events, messages, effects, next moments.
The database's uniqueness makes a step fire once, however many workers run.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F

from complaints.models import Timer
from organisation.actions import sweeps

BATCH = 2000
# After so many failures a timer is set aside and shown to an administrator.
FAILURES_ALLOWED = 8
logger = logging.getLogger(__name__)


@dataclass
class Fired:
    """How many ladder steps spoke, and how many messages they wrote."""

    steps: int = 0
    messages: int = 0

    def __add__(self, other: "Fired") -> "Fired":
        return Fired(self.steps + other.steps, self.messages + other.messages)


def fire_due(*, now: datetime) -> Fired:
    """Fire every step whose moment has come. Safe to run twice at once and on many machines."""
    fired = Fired()
    while True:
        with transaction.atomic():
            timers = _claim(now)
            if not timers:
                break
            fired += _fire(timers, now)
    sweeps.mark("escalation", now=now)
    return fired


def _claim(now: datetime) -> list[int]:
    # The partial index on next_fire_at makes this one probe when nothing is due.
    rows = (
        Timer.objects.select_for_update(skip_locked=True)
        .filter(next_fire_at__lte=now)
        .order_by("next_fire_at")
    )
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _fire(timers: Sequence[int], now: datetime) -> Fired:
    """Write a batch; if a row in it is poisoned, halve until the rest is written and it is alone."""
    try:
        with transaction.atomic():
            return _write(timers, now)
    except OperationalError:
        raise
    except DatabaseError:
        if len(timers) == 1:
            logger.exception("timer %s cannot fire", timers[0])
            _push_back(timers[0], now)
            return Fired()
    middle = len(timers) // 2
    return _fire(timers[:middle], now) + _fire(timers[middle:], now)


def _push_back(timer: int, now: datetime) -> None:
    row = Timer.objects.get(pk=timer)
    failures = row.fire_failures + 1
    gives_up = failures >= FAILURES_ALLOWED
    Timer.objects.filter(pk=timer).update(
        fire_failures=F("fire_failures") + 1,
        next_fire_at=None if gives_up else now + timedelta(minutes=min(2**failures, 60)),
        quarantined_at=now if gives_up else None,
    )


def _write(timers: Sequence[int], now: datetime) -> Fired:
    given: dict[str, Any] = {"timers": list(timers), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, given)
        cursor.execute(MESSAGES, given)
        messages = cursor.rowcount
        cursor.execute(EFFECTS, given)
        cursor.execute(NEXT, given)
        cursor.execute(COUNT, given)
        steps: int = cursor.fetchone()[0]
    return Fired(steps, messages)


# Every reached step that has not spoken. The latest of a timer speaks for the others.
EVENTS = """
WITH reached AS (
    SELECT t.id AS timer_id, t.complaint_id, t.work_order_id, t.cycle, t.kind, s.id AS step_id,
           s.percent, s.after, row_number() OVER (
               PARTITION BY t.id ORDER BY t.fire_at[s.position + 1] DESC, s.position DESC
           ) AS place
    FROM complaints_timer t
    JOIN complaints_ladderstep s ON s.revision_id = t.revision_id AND s.kind = t.kind
    WHERE t.id = ANY(%(timers)s) AND t.fire_at[s.position + 1] <= %(now)s
      AND NOT EXISTS (
          SELECT FROM complaints_event e WHERE e.timer_id = t.id AND e.step_id = s.id
      )
)
INSERT INTO complaints_event
    (complaint_id, work_order_id, kind, at, cycle, data, timer_id, step_id)
SELECT complaint_id, work_order_id,
       CASE WHEN place = 1 THEN 'step_fired' ELSE 'step_superseded' END,
       %(now)s, cycle,
       jsonb_build_object(
           'milestone', kind, 'percent', percent,
           'hours', (extract(epoch FROM after) / 3600)::int
       ),
       timer_id, step_id
FROM reached
"""

# Recipients: the named people, and the holders of a role at the nearest branch upwards that has any.
# An unknown handler or rectification owner is stood in for by the branch manager.
MESSAGES = """
WITH spoken AS (
    SELECT e.timer_id, e.kind, s.roles, s.channels, s.importance, s.position
    FROM complaints_event e JOIN complaints_ladderstep s ON s.id = e.step_id
    WHERE e.timer_id = ANY(%(timers)s) AND e.at = %(now)s
),
subject AS (
    SELECT t.id AS timer_id, t.kind AS milestone, t.due_at, t.owner_branch_id,
           c.number, c.subject, c.handler_id,
           coalesce(
               (SELECT o.owner_id
                FROM complaints_workorder o JOIN complaints_ordercomplaint l ON l.order_id = o.id
                WHERE l.complaint_id = c.id ORDER BY o.id DESC LIMIT 1),
               c.handler_id
           ) AS rectifier_id
    FROM complaints_timer t JOIN complaints_complaint c ON c.id = t.complaint_id
    WHERE t.id = ANY(%(timers)s)
),
named AS (
    SELECT DISTINCT k.timer_id, k.owner_branch_id,
           CASE r.role WHEN 'handler' THEN k.handler_id
                       WHEN 'rectification_owner' THEN k.rectifier_id END AS person_id,
           CASE WHEN r.role IN ('handler', 'rectification_owner')
                THEN 'branch_manager' ELSE r.role END AS role
    FROM spoken CROSS JOIN LATERAL unnest(roles) AS r(role) JOIN subject k USING (timer_id)
),
holders AS (
    SELECT p.owner_branch_id, p.role, g.person_id,
           rank() OVER (
               PARTITION BY p.owner_branch_id, p.role ORDER BY length(up.path) DESC
           ) AS distance
    FROM (SELECT DISTINCT owner_branch_id, role FROM named WHERE person_id IS NULL) p
    JOIN organisation_branch b ON b.id = p.owner_branch_id
    JOIN organisation_branch up ON up.id = ANY(string_to_array(trim(b.path, '/'), '/')::bigint[])
    JOIN organisation_posting g ON g.branch_id = up.id AND g.role = p.role
    JOIN organisation_person a ON a.id = g.person_id AND a.is_active
),
told AS (
    SELECT timer_id, person_id FROM named WHERE person_id IS NOT NULL
    UNION
    SELECT n.timer_id, h.person_id
    FROM named n JOIN holders h USING (owner_branch_id, role)
    WHERE n.person_id IS NULL AND h.distance = 1
)
INSERT INTO organisation_message
    (key, recipient_id, channel, text, context, importance, path, created_at,
     state, attempts, next_attempt_at, sent_at)
SELECT 'timer:' || k.timer_id || ':' || s.position, t.person_id, ch.channel, 'timer_step',
       jsonb_build_object(
           'number', k.number, 'subject', k.subject,
           'milestone', k.milestone, 'due_at', k.due_at
       ),
       s.importance, '/complaints/' || k.number || '/', %(now)s,
       CASE ch.channel WHEN 'inbox' THEN 'sent' ELSE 'queued' END, 0,
       CASE WHEN ch.channel <> 'inbox' THEN %(now)s::timestamptz END,
       CASE WHEN ch.channel = 'inbox' THEN %(now)s::timestamptz END
FROM told t
JOIN subject k USING (timer_id)
JOIN spoken s ON s.timer_id = t.timer_id AND s.kind = 'step_fired'
CROSS JOIN LATERAL unnest(s.channels) AS ch(channel)
JOIN organisation_person p ON p.id = t.person_id AND p.is_active
WHERE ch.channel <> 'email' OR p.email <> ''
ON CONFLICT (key, recipient_id, channel) DO NOTHING
"""

EFFECTS = """
INSERT INTO complaints_event (complaint_id, work_order_id, kind, at, cycle, data, timer_id)
SELECT DISTINCT e.complaint_id, e.work_order_id, s.effect, e.at, e.cycle, '{}'::jsonb, e.timer_id
FROM complaints_event e JOIN complaints_ladderstep s ON s.id = e.step_id
WHERE e.timer_id = ANY(%(timers)s) AND e.at = %(now)s AND s.effect <> ''
ON CONFLICT DO NOTHING
"""

NEXT = """
UPDATE complaints_timer SET fire_failures = 0, quarantined_at = NULL,
    next_fire_at = (SELECT min(moment) FROM unnest(fire_at) AS moment WHERE moment > %(now)s)
WHERE id = ANY(%(timers)s)
"""

COUNT = """
SELECT count(*) FROM complaints_event
WHERE timer_id = ANY(%(timers)s) AND at = %(now)s AND kind = 'step_fired'
"""
