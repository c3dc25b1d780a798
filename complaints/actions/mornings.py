"""Each morning of a work day every branch manager hears what is overdue and what repeats itself.

From 08:00 of the company's time on, once for each branch and day; a branch with nothing to say is
left alone. After a downtime only that day is told, however late it is.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from complaints.models import MILESTONES
from csm.kit.periods import moment
from organisation import outbox
from organisation.actions import calendars, sweeps
from organisation.models import SweepRun

NAME = "mornings"
TOLD_AT = time(8)
# Breaches of one promise, by category or customer, that are worth a word.
REPEATED = 2
WITHIN = timedelta(days=7)
# Clocks and repetitions that stand in a message.
SHOWN = 5
# No holidays are longer.
LONGEST_REST = timedelta(days=21)


@dataclass(frozen=True)
class Morning:
    """`since` is the work day before: what broke on it and after it is new today."""

    day: date
    since: date


@transaction.atomic
def tell(*, now: datetime) -> int:
    """The messages of this morning, if they are due; how many. Safe to run twice at once.

    What is due is seen from the sweep's own last run: the first one after 08:00 speaks.
    """
    last = SweepRun.objects.select_for_update().filter(name=NAME).first()
    morning = _morning(now, last.ran_at if last else None)
    messages = _tell(morning, now) if morning else 0
    sweeps.mark(NAME, now=now)
    return messages


def _morning(now: datetime, told_at: datetime | None) -> Morning | None:
    """Today, when it is a work day, past 08:00, and nobody has been told yet."""
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now, zone)
    begins = moment(today, TOLD_AT, zone)
    if now < begins or (told_at is not None and told_at >= begins):
        return None
    days = calendars.work_days(today - LONGEST_REST, today)
    if today not in days:
        return None
    return Morning(today, days[-2] if len(days) > 1 else today - timedelta(days=1))


def _tell(morning: Morning, now: datetime) -> int:
    zone = timezone.get_default_timezone()
    given: dict[str, Any] = {
        "day": str(morning.day),
        "since_on": str(morning.since),
        "since": moment(morning.since, time(0), zone),
        "until": moment(morning.day, time(0), zone),
        "week": now - WITHIN,
        "kinds": list(MILESTONES),
        "repeated": REPEATED,
        "shown": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES + outbox.TELL, given | outbox.telling(now))
        return int(cursor.rowcount)


# Clocks without moments of a ladder are history, which wakes nobody. What is open is told to its
# owner, who can act; what is over counts for the branch of the verdict. Who hears: the managers at
# the branch or the nearest one upwards, else the nearest quality managers.
MESSAGES = """
WITH breached AS (
    SELECT id, complaint_id, kind, due_at, owner_branch_id, verdict_branch_id, true AS is_open
    FROM complaints_timer
    WHERE state IN ('running', 'paused') AND due_at < %(now)s
      AND kind = ANY(%(kinds)s) AND fire_at <> '{}'
    UNION ALL
    SELECT id, complaint_id, kind, due_at, owner_branch_id, verdict_branch_id, false
    FROM complaints_timer
    WHERE state IN ('met', 'unreached') AND due_at >= least(%(week)s, %(since)s)
      AND due_at < %(now)s AND coalesce(met_at, unreached_at) > due_at
      AND kind = ANY(%(kinds)s) AND fire_at <> '{}'
),
known AS MATERIALIZED (
    SELECT b.*, c.number, c.subject, c.category_id, c.customer_id
    FROM breached b JOIN complaints_complaint c ON c.id = b.complaint_id
    WHERE c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
),
counted AS (
    SELECT branch_id, kind, count(*) FILTER (WHERE is_open) AS open,
           count(*) FILTER (WHERE NOT is_open) AS fresh
    FROM (
        SELECT owner_branch_id AS branch_id, kind, true AS is_open FROM known WHERE is_open
        UNION ALL
        SELECT verdict_branch_id, kind, false FROM known
        WHERE due_at >= %(since)s AND due_at < %(until)s
    ) each
    GROUP BY branch_id, kind
),
sums AS MATERIALIZED (
    SELECT branch_id, sum(open) AS open, sum(fresh) AS fresh,
           coalesce(jsonb_agg(jsonb_build_object('milestone', kind, 'count', open)
               ORDER BY array_position(%(kinds)s, kind::text)) FILTER (WHERE open > 0), '[]')
               AS open_by,
           coalesce(jsonb_agg(jsonb_build_object('milestone', kind, 'count', fresh)
               ORDER BY array_position(%(kinds)s, kind::text)) FILTER (WHERE fresh > 0), '[]')
               AS fresh_by
    FROM counted GROUP BY branch_id
),
worst AS (
    SELECT branch_id, jsonb_agg(jsonb_build_object(
        'number', number, 'subject', subject, 'milestone', kind, 'due_at', due_at
    ) ORDER BY place) AS rows
    FROM (
        SELECT owner_branch_id AS branch_id, number, subject, kind, due_at,
               row_number() OVER (PARTITION BY owner_branch_id ORDER BY due_at, id) AS place
        FROM known WHERE is_open
    ) each
    WHERE place <= %(shown)s GROUP BY branch_id
),
repeated AS (
    SELECT k.verdict_branch_id AS branch_id, k.kind, 'category' AS of, g.name, g.name_en,
           count(*) AS times
    FROM known k JOIN complaints_category g ON g.id = k.category_id
    WHERE k.due_at >= %(week)s GROUP BY k.verdict_branch_id, k.kind, g.id
    HAVING count(*) >= %(repeated)s
    UNION ALL
    SELECT k.verdict_branch_id, k.kind, 'customer', u.name, '', count(*)
    FROM known k JOIN customers_customer u ON u.id = k.customer_id
    WHERE k.due_at >= %(week)s GROUP BY k.verdict_branch_id, k.kind, u.id
    HAVING count(*) >= %(repeated)s
),
repeats AS (
    SELECT branch_id, jsonb_agg(jsonb_build_object(
        'of', of, 'name', name, 'name_en', name_en, 'milestone', kind, 'count', times
    ) ORDER BY place) AS rows
    FROM (
        SELECT *, row_number() OVER (
            PARTITION BY branch_id
            ORDER BY times DESC, array_position(%(kinds)s, kind::text), of, name
        ) AS place
        FROM repeated
    ) each
    WHERE place <= %(shown)s GROUP BY branch_id
),
hearing AS MATERIALIZED (
    SELECT branch_id, person_id FROM (
        SELECT s.branch_id, g.person_id, rank() OVER (
            PARTITION BY s.branch_id
            ORDER BY g.role = 'branch_manager' DESC, length(up.path) DESC
        ) AS distance
        FROM sums s
        JOIN organisation_branch b ON b.id = s.branch_id
        JOIN organisation_branch up
          ON up.id = ANY(string_to_array(trim(b.path, '/'), '/')::bigint[])
        JOIN organisation_posting g
          ON g.branch_id = up.id AND g.role IN ('branch_manager', 'quality_manager')
        JOIN organisation_person a ON a.id = g.person_id AND a.is_active
    ) upwards WHERE distance = 1
),
told AS MATERIALIZED (
    SELECT DISTINCT 'morning:' || %(day)s || ':' || b.id AS key, h.person_id, ch.name AS channel,
           'morning' AS text,
           jsonb_build_object(
               'branch', jsonb_build_object('name', b.name, 'name_en', b.name_en),
               'open', s.open, 'open_by', s.open_by, 'fresh', s.fresh, 'fresh_by', s.fresh_by,
               'since', %(since_on)s, 'worst', coalesce(w.rows, '[]'),
               'repeats', coalesce(r.rows, '[]')
           ) AS context,
           1 AS importance, '/complaints/?ordering=due' AS path
    FROM sums s
    JOIN organisation_branch b ON b.id = s.branch_id
    JOIN hearing h ON h.branch_id = s.branch_id
    LEFT JOIN worst w ON w.branch_id = s.branch_id
    LEFT JOIN repeats r ON r.branch_id = s.branch_id
    CROSS JOIN (VALUES ('inbox'), ('email')) AS ch(name)
)
"""
