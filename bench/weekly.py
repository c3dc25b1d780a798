"""The figures of a week for 500 branches, against the same in one statement."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench.result import Result, milliseconds
from complaints.models import MILESTONES
from csm.kit.periods import Period
from organisation.models import Level
from reports import figures, places, standings

TIMES = 7
# So long is the past of the company.
MOST_WEEKS = 100

# The clocks due in the week by branch, milestone and verdict, and of the whole company; what was
# taken in; whose four clocks were kept; causes and calls.
BY_HAND = """
WITH clocks AS MATERIALIZED (
    SELECT t.verdict_branch_id AS place, t.kind, t.complaint_id, v.verdict
    FROM complaints_timer t, LATERAL (SELECT CASE
        WHEN t.state = 'void' THEN 'void'
        WHEN t.state = 'waived' THEN 'waived'
        WHEN t.state = 'unreached' AND t.unreached_at <= t.due_at THEN 'unreached'
        WHEN t.met_at <= t.due_at THEN 'met'
        WHEN t.due_at < coalesce(t.met_at, %(now)s) THEN 'breached'
        ELSE 'running' END AS verdict) v
    WHERE t.due_at >= %(start)s AND t.due_at < %(end)s AND t.kind = ANY(%(kinds)s)
),
four AS (
    SELECT c.branch_id, bool_and(t.met_at <= t.due_at) AS is_met
    FROM complaints_timer last
    JOIN complaints_complaint c ON c.id = last.complaint_id
    JOIN complaints_timer t ON t.complaint_id = c.id AND t.cycle = 1 AND t.kind = ANY(%(kinds)s)
    WHERE last.kind = 'callback' AND last.cycle = 1
      AND last.due_at >= %(start)s AND last.due_at < %(end)s
    GROUP BY c.id
    HAVING count(*) FILTER (
        WHERE t.state NOT IN ('void', 'waived') AND t.due_at < coalesce(t.met_at, %(now)s)
           OR t.met_at <= t.due_at) = 4
),
taken AS MATERIALIZED (
    SELECT branch_id, category_id, status NOT IN ('invalid_proposed', 'invalid', 'merged') AS valid
    FROM complaints_complaint WHERE received_at >= %(start)s AND received_at < %(end)s
)
SELECT 'clocks', place, kind, verdict, count(*), count(DISTINCT complaint_id) FROM clocks
GROUP BY GROUPING SETS ((place, kind, verdict), (place, verdict), (kind, verdict), (verdict))
UNION ALL
SELECT 'taken', branch_id, '', '', count(*), count(*) FILTER (WHERE valid) FROM taken
GROUP BY branch_id
UNION ALL
SELECT 'causes', category_id, '', '', count(*), 0 FROM taken WHERE valid GROUP BY category_id
UNION ALL
SELECT 'four', branch_id, '', '', count(*), count(*) FILTER (WHERE is_met) FROM four
GROUP BY branch_id
UNION ALL
SELECT 'calls', NULL, '', '', count(*) FILTER (WHERE is_reached),
       count(*) FILTER (WHERE is_satisfied)
FROM complaints_callbackattempt WHERE at >= %(start)s AND at < %(end)s
"""


def measure(scale: float, now: datetime) -> Result:
    """The week before the last one: all of it has ended, some of it is still open.

    Among fewer complaints it begins earlier, so that as many fall into it as at full size.
    """
    last = standings.current(now, "week").previous.previous
    weeks = min(round(1 / scale), MOST_WEEKS)
    week = replace(last, first_on=last.last_on - weeks * timedelta(days=7) + timedelta(days=1))
    ours = milliseconds(lambda: _ours(week, now), TIMES)
    reference = milliseconds(lambda: _by_hand(week, now), TIMES)
    name = "figures of a week, 500 branches, against one statement"
    return Result(name, ours, reference, ours / reference, 2)


def _ours(week: Period, now: datetime) -> None:
    figures.counted(week, places.cut(Level.BRANCH), now=now)


def _by_hand(week: Period, now: datetime) -> None:
    given: dict[str, Any] = {
        "start": week.start,
        "end": week.end,
        "now": now,
        "kinds": list(MILESTONES),
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, given)
        cursor.fetchall()
