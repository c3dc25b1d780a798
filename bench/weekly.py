"""The figures of a week for 500 branches, against the same in one statement."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from bench.result import Result, milliseconds
from complaints.models import MILESTONES
from csm.kit.periods import Period
from organisation.models import Level
from reports import cases, figures, places, standings

TIMES = 7
# So long is the past of the company.
MOST_WEEKS = 100

# The clocks due in the week by branch, milestone and verdict, and of the whole company; what was
# taken in; whose four clocks were kept; causes, calls without reply; what customers said in surveys
# and callbacks, who knew the micro-report, what was shipped.
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
SELECT 'unanswered', NULL, '', '', count(*), 0
FROM complaints_callbackattempt WHERE at >= %(start)s AND at < %(end)s AND NOT is_reached
UNION ALL
SELECT 'callback', c.branch_id, '', '', count(*), count(*) FILTER (WHERE a.is_satisfied)
FROM complaints_callbackattempt a JOIN complaints_complaint c ON c.id = a.complaint_id
LEFT JOIN customers_customer u ON u.id = c.customer_id
WHERE a.at >= %(start)s AND a.at < %(end)s AND a.is_satisfied IS NOT NULL
  AND (a.by_id IS NULL OR a.by_id IS DISTINCT FROM c.handler_id)
  AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
  AND u.kind IS DISTINCT FROM 'internal'
GROUP BY c.branch_id
UNION ALL
SELECT 'csat', r.branch_id, '', '', count(*), count(*) FILTER (WHERE a.is_satisfied)
FROM surveys_response r JOIN surveys_survey s ON s.id = r.survey_id AND NOT s.is_anonymous
LEFT JOIN customers_customer u ON u.id = r.customer_id
LEFT JOIN complaints_complaint c ON c.id = r.complaint_id,
LATERAL (
    SELECT a.value >= CASE q.kind WHEN 'csat5' THEN 4 ELSE 8 END AS is_satisfied
    FROM surveys_answer a JOIN surveys_question q ON q.id = a.question_id
    WHERE a.response_id = r.id AND a.value IS NOT NULL AND q.kind IN ('total', 'csat10', 'csat5')
    ORDER BY q.kind <> 'total', q.kind <> 'csat10', q.position LIMIT 1
) a
WHERE r.completed_at >= %(start)s AND r.completed_at < %(end)s AND NOT r.is_repeat
  AND (r.entered_by_id IS NULL OR r.entered_by_id IS DISTINCT FROM c.handler_id)
  AND u.kind IS DISTINCT FROM 'internal'
GROUP BY r.branch_id
UNION ALL
SELECT 'aware', a.branch_id, '', '', count(*), count(*) FILTER (WHERE a.is_aware)
FROM staff_askedperson a JOIN staff_spotcheck k ON k.id = a.spot_check_id
JOIN staff_microreport m ON m.id = k.report_id AND m.status = 'published'
WHERE a.is_aware IS NOT NULL AND a.answered_at >= %(asked)s AND a.answered_at < %(end)s
GROUP BY a.branch_id
UNION ALL
SELECT 'shipped', v.branch_id, '', '', 0, sum(v.shipments::numeric
    * (least(v.starts_on + v.days, %(until)s) - greatest(v.starts_on, %(first)s)) / v.days)
FROM customers_customervolume v
WHERE v.starts_on > %(first)s - 31 AND v.starts_on < %(until)s
  AND v.starts_on + v.days > %(first)s
GROUP BY v.branch_id
HAVING range_agg(daterange(v.starts_on, v.starts_on + v.days)) @> daterange(%(first)s, %(until)s)
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
    parts = cases.counted(week, now=now)
    figures.counted(week, places.cut(Level.BRANCH), now=now, cases=parts)


def _by_hand(week: Period, now: datetime) -> None:
    given: dict[str, Any] = {
        "start": week.start,
        "end": week.end,
        "now": now,
        "kinds": list(MILESTONES),
        "asked": week.end - timedelta(days=cases.AWARENESS_DAYS),
        "first": week.first_on,
        "until": week.last_on + timedelta(days=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, given)
        cursor.fetchall()
