"""Firing the ladders (`sla.md` §3): who is told what when a promise runs out.

A batch is a handful of statements whatever its size: note, claim, events, messages, effects, next
moments. The database's uniqueness makes a step fire once, however many workers run.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction

from complaints.actions import batches, pauses
from organisation import outbox
from organisation.actions import sweeps

logger = logging.getLogger(__name__)


@dataclass
class Fired:
    """How many ladder steps spoke, and how many messages they wrote."""

    steps: int = 0
    messages: int = 0

    def __add__(self, other: "Fired") -> "Fired":
        return Fired(self.steps + other.steps, self.messages + other.messages)


def fire_due(*, now: datetime) -> Fired:
    """Fire every step whose moment has come. Safe to run twice at once and on many machines.

    Pauses whose end has come are ended first: their clocks may have something to say.
    """
    pauses.end_due(now=now)
    fired = Fired()
    while (batch := batches.take(now)) is not None:
        with transaction.atomic():
            if timers := batches.hold(batch, now):
                fired += _fire(timers, now)
    sweeps.mark("escalation", now=now)
    return fired


def _fire(timers: Sequence[int], now: datetime) -> Fired:
    """Write a batch; a poisoned row is found by halving, and the rest is written."""
    try:
        with transaction.atomic():
            return _write(timers, now)
    except OperationalError:
        raise
    except DatabaseError:
        if len(timers) == 1:
            logger.exception("timer %s cannot fire", timers[0])
            batches.push_back(timers[0], now)
            return Fired()
    middle = len(timers) // 2
    return _fire(timers[:middle], now) + _fire(timers[middle:], now)


def _write(timers: Sequence[int], now: datetime) -> Fired:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, {"timers": list(timers), "now": now})
        told = cursor.fetchall()
        loudest = {timer: step for timer, step, kind in told if kind == "step_fired"}
        given: dict[str, Any] = {
            "timers": list(timers),
            "now": now,
            # Arrays, so that the planner knows how many rows it will join.
            "told": [timer for timer, _step, _kind in told],
            "steps": [step for _timer, step, _kind in told],
            "loudest": [loudest[timer] for timer, _step, _kind in told],
        } | outbox.telling(now)
        cursor.execute(MESSAGES + outbox.TELL, given)
        messages = cursor.rowcount
        cursor.execute(EFFECTS, given)
        cursor.execute(NEXT, given)
    return Fired(len(loudest), messages)


# Every reached step that has not spoken. The latest of a timer speaks for the others and is written
# after them: read from above, a time line begins with the loudest.
EVENTS = """
WITH reached AS (
    SELECT t.id AS timer_id, coalesce(t.complaint_id, l.complaint_id) AS complaint_id,
           t.work_order_id, t.notice_id, t.assessment_id, t.cycle, t.kind, s.id AS step_id,
           s.percent, s.after,
           row_number() OVER (
               PARTITION BY t.id ORDER BY t.fire_at[s.position + 1] DESC, s.position DESC
           ) AS place
    FROM complaints_timer t
    JOIN complaints_ladderstep s ON s.revision_id = t.revision_id AND s.kind = t.kind
    LEFT JOIN LATERAL (
        SELECT complaint_id FROM complaints_ordercomplaint
        WHERE order_id = t.work_order_id ORDER BY id LIMIT 1
    ) l ON t.work_order_id IS NOT NULL
    WHERE t.id = ANY(%(timers)s) AND t.fire_at[s.position + 1] <= %(now)s
      AND NOT EXISTS (
          SELECT FROM complaints_event e WHERE e.timer_id = t.id AND e.step_id = s.id
      )
)
INSERT INTO complaints_event
    (complaint_id, work_order_id, notice_id, assessment_id, kind, at, cycle, data, timer_id,
     step_id)
SELECT complaint_id, work_order_id, notice_id, assessment_id,
       CASE WHEN place = 1 THEN 'step_fired' ELSE 'step_superseded' END,
       %(now)s, cycle,
       jsonb_build_object(
           'milestone', kind, 'percent', percent,
           'hours', (extract(epoch FROM after) / 3600)::int
       ),
       timer_id, step_id
FROM reached ORDER BY timer_id, place DESC
RETURNING timer_id, step_id, kind
"""

# Recipients: the named people, and the holders of a role at the nearest branch upwards that has
# any. A handler or rectification owner who is unknown or disabled is stood in for by the branch
# manager. Everybody named by any of a timer's steps hears once, in the words of the loudest; the
# key sees to that. Where nobody at all holds a named role, the quality managers upwards hear, and
# without one the administrators: no step speaks to an empty room.
MESSAGES = """
WITH named AS MATERIALIZED (
    SELECT t.id AS timer_id, t.kind AS milestone, t.due_at, t.owner_branch_id,
           loudest.id AS step_id, loudest.importance, loudest.channels,
           coalesce(w.number, c.number, n.number, '') AS number,
           CASE WHEN measure.id IS NOT NULL THEN left(measure.text, 200)
                WHEN w.id IS NOT NULL
                THEN coalesce(
                    nullif(trim(concat_ws(' ', w.title_subject, w.title_nature, w.title_content)),
                           ''),
                    left(coalesce(i.opinion, w.occasion), 200)
                )
                ELSE coalesce(c.subject, n.title, left(x.reason, 200))
           END AS subject,
           coalesce(
               '/complaints/' || c.number || '/', '/measures/' || measure.id || '/',
               '/work-orders/' || w.id || '/',
               '/notices/' || n.id || '/', '/assessments/' || x.id || '/'
           ) AS path,
           a.id AS person_id,
           CASE WHEN r.role IN ('handler', 'rectification_owner')
                THEN 'branch_manager' ELSE r.role END AS role
    FROM unnest(%(told)s::bigint[], %(steps)s::bigint[], %(loudest)s::bigint[])
        AS e(timer_id, step_id, loudest_id)
    JOIN complaints_ladderstep s ON s.id = e.step_id
    JOIN complaints_ladderstep loudest ON loudest.id = e.loudest_id
    JOIN complaints_timer t ON t.id = e.timer_id
    LEFT JOIN complaints_complaint c ON c.id = t.complaint_id
    LEFT JOIN complaints_workorder w ON w.id = t.work_order_id
    LEFT JOIN complaints_dissatisfieditem i ON i.id = w.item_id
    LEFT JOIN complaints_measure measure
      ON t.kind = 'measure' AND measure.order_id = w.id AND measure.number = t.cycle
    LEFT JOIN complaints_notice n ON n.id = t.notice_id
    LEFT JOIN complaints_assessment x ON x.id = t.assessment_id
    CROSS JOIN LATERAL unnest(s.roles) AS r(role)
    LEFT JOIN LATERAL (
        SELECT orders.owner_id
        FROM complaints_ordercomplaint l JOIN complaints_workorder orders ON orders.id = l.order_id
        WHERE r.role = 'rectification_owner' AND l.complaint_id = c.id
          AND orders.status <> 'annulled'
        ORDER BY orders.id DESC LIMIT 1
    ) o ON true
    LEFT JOIN organisation_person a ON a.is_active AND a.id = CASE r.role
        WHEN 'handler' THEN c.handler_id
        WHEN 'rectification_owner' THEN coalesce(
            CASE t.kind WHEN 'measure' THEN t.owner_id END, w.owner_id, o.owner_id, c.handler_id
        )
    END
),
holders AS MATERIALIZED (
    SELECT owner_branch_id, role, person_id FROM (
        SELECT p.owner_branch_id, p.role, g.person_id, rank() OVER (
            PARTITION BY p.owner_branch_id, p.role ORDER BY length(up.path) DESC
        ) AS distance
        FROM (SELECT DISTINCT owner_branch_id, role FROM named WHERE person_id IS NULL) p
        JOIN organisation_branch b ON b.id = p.owner_branch_id
        JOIN organisation_branch up
          ON up.id = ANY(string_to_array(trim(b.path, '/'), '/')::bigint[])
        JOIN organisation_posting g ON g.branch_id = up.id AND g.role = p.role
        JOIN organisation_person a ON a.id = g.person_id AND a.is_active
    ) upwards WHERE distance = 1
),
hearing AS MATERIALIZED (
    SELECT n.*, coalesce(n.person_id, h.person_id) AS hearer_id
    FROM named n
    LEFT JOIN holders h
      ON n.person_id IS NULL AND h.owner_branch_id = n.owner_branch_id AND h.role = n.role
),
unheard AS MATERIALIZED (
    SELECT timer_id, min(owner_branch_id) AS owner_branch_id
    FROM hearing GROUP BY timer_id HAVING bool_and(hearer_id IS NULL)
),
stand_ins AS MATERIALIZED (
    SELECT owner_branch_id, person_id FROM (
        SELECT u.owner_branch_id, g.person_id, rank() OVER (
            PARTITION BY u.owner_branch_id
            ORDER BY g.role = 'quality_manager' DESC, length(up.path) DESC
        ) AS distance
        FROM (SELECT DISTINCT owner_branch_id FROM unheard) u
        JOIN organisation_branch b ON b.id = u.owner_branch_id
        JOIN organisation_branch up
          ON up.id = ANY(string_to_array(trim(b.path, '/'), '/')::bigint[])
        JOIN organisation_posting g
          ON g.branch_id = up.id AND g.role IN ('quality_manager', 'administrator')
        JOIN organisation_person a ON a.id = g.person_id AND a.is_active
    ) upwards WHERE distance = 1
),
told AS MATERIALIZED (
    SELECT 'timer:' || n.timer_id || ':' || n.step_id AS key,
           coalesce(n.hearer_id, s.person_id) AS person_id, ch.channel, 'timer_step' AS text,
           jsonb_build_object(
               'number', n.number, 'subject', n.subject,
               'milestone', n.milestone, 'due_at', n.due_at
           ) AS context,
           n.importance,
           -- Whoever calls back is led to the desk: number to call, script and history.
           CASE WHEN n.milestone = 'callback' AND n.role = 'quality_manager'
                THEN '/callbacks/' || n.number || '/' ELSE n.path END AS path
    FROM hearing n
    LEFT JOIN unheard u USING (timer_id)
    LEFT JOIN stand_ins s ON s.owner_branch_id = u.owner_branch_id
    CROSS JOIN LATERAL unnest(n.channels) AS ch(channel)
    WHERE coalesce(n.hearer_id, s.person_id) IS NOT NULL
)
"""

EFFECTS = """
INSERT INTO complaints_event
    (complaint_id, work_order_id, notice_id, assessment_id, kind, at, cycle, data, timer_id)
SELECT DISTINCT t.complaint_id, t.work_order_id, t.notice_id, t.assessment_id, s.effect,
       %(now)s::timestamptz, t.cycle, '{}'::jsonb, t.id
FROM unnest(%(told)s::bigint[], %(steps)s::bigint[]) AS e(timer_id, step_id)
JOIN complaints_ladderstep s ON s.id = e.step_id AND s.effect <> ''
JOIN complaints_timer t ON t.id = e.timer_id
ON CONFLICT DO NOTHING
"""

NEXT = """
UPDATE complaints_timer SET fire_failures = 0, quarantined_at = NULL,
    next_fire_at = (SELECT min(moment) FROM unnest(fire_at) AS moment WHERE moment > %(now)s)
WHERE id = ANY(%(timers)s)
"""
