"""A year of summaries counted anew, against one sequential scan of the facts."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from bench.result import Result, milliseconds
from bench.steps import run, undone
from reports.actions import summaries
from reports.models import ClockDay

TIMES, LIMIT = 3, 5
YEAR = timedelta(days=365)
# One pass over each table, by one process, that tells the day of each row and what it counts as.
SCAN = """
SELECT count(*), max((received_at AT TIME ZONE %(zone)s)::date),
       count(*) FILTER (WHERE status NOT IN ('invalid_proposed', 'invalid', 'merged'))
FROM complaints_complaint WHERE received_at >= %(since)s AND branch_id > 0 AND channel <> ''
UNION ALL
SELECT count(*), max((due_at AT TIME ZONE %(zone)s)::date),
       sum(CASE WHEN state = 'void' THEN 4 WHEN state = 'waived' THEN 5
                WHEN state = 'unreached' AND unreached_at <= due_at THEN 6
                WHEN met_at <= due_at THEN 1
                WHEN due_at < coalesce(met_at, %(now)s) THEN 2 ELSE 3 END)
FROM complaints_timer WHERE due_at >= %(since)s AND verdict_branch_id > 0 AND kind <> ''
"""


def measure(now: datetime) -> Result:
    """The tables are there and right: what the night and the command do is to look for faults."""
    today = timezone.localdate(now)
    span = {"first": today - YEAR, "last": today + timedelta(days=30)}
    summaries.rebuild(now=now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    ours = milliseconds(lambda: undone(lambda: summaries.rebuild(now=now, **span)), TIMES)
    run("SET max_parallel_workers_per_gather = 0")
    scan = {"since": now - YEAR, "now": now, "zone": str(timezone.get_default_timezone())}
    reference = milliseconds(lambda: run(SCAN, scan), TIMES)
    run("RESET max_parallel_workers_per_gather")
    rows = ClockDay.objects.count()
    name = f"a year of summaries, {rows:,} rows of clocks, against one scan of the facts"
    return Result(name, ours, reference, ours / reference, LIMIT)
