"""What the parts of the composite rest on beside the clocks: queries only, by unit (F-05, F-12).

Each is counted for the branch that answers for it: a survey's answer and a spot check for their
own, a callback for that of the complaint, shipments for the one that ships.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from csm.kit import periods
from csm.kit.periods import Period
from reports.rankings import Case
from staff import outcomes

# Awareness is asked for of a few people at a time.
AWARENESS_DAYS = 90
SOURCES = (("csat", "answers"), ("callback", "callbacks"))
# Volumes are apportioned by days. A branch counts once those of all days are known: complaints of a
# week over the shipments of a day would be no rate. No volume is longer than 31 days.
RATE = """
WITH known AS (
    SELECT v.branch_id, round(sum(
        v.shipments::numeric
        * (least(v.starts_on + v.days, %(until)s) - greatest(v.starts_on, %(first)s)) / v.days
    ), 6) AS shipments
    FROM customers_customervolume v
    WHERE v.starts_on > %(first)s - 31 AND v.starts_on < %(until)s
        AND v.starts_on + v.days > %(first)s
    GROUP BY v.branch_id
    HAVING range_agg(daterange(v.starts_on, v.starts_on + v.days))
        @> daterange(%(first)s, %(until)s)
), received AS (
    SELECT c.branch_id, count(*) AS complaints FROM complaints_complaint c
    WHERE c.received_at >= %(start)s AND c.received_at < %(end)s
        AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
    GROUP BY c.branch_id
)
SELECT k.branch_id, coalesce(r.complaints, 0), k.shipments
FROM known k LEFT JOIN received r ON r.branch_id = k.branch_id
"""
Cases = dict[int, dict[str, Case]]


def counted(period: Period, *, now: datetime) -> Cases:
    """The cases of each unit, by its id and the name of the part: four statements."""
    found: Cases = {}
    for name, source in SOURCES:
        _add(found, name, outcomes.of_units(source, period=period, now=now))
    asked = periods.days(
        period.last_on - timedelta(days=AWARENESS_DAYS - 1), period.last_on, zone=period.zone
    )
    _add(found, "awareness", outcomes.of_units("aware", period=asked, now=now))
    for branch, complaints, shipments in _rates(period):
        if shipments:
            found.setdefault(branch, {})["rate"] = Case(int(complaints), float(shipments))
    return found


def _add(found: Cases, name: str, sums: dict[int, outcomes.Figure]) -> None:
    for branch, figure in sums.items():
        found.setdefault(branch, {})[name] = Case(int(figure.total), figure.n)


def _rates(period: Period) -> list[tuple[Any, ...]]:
    given = {
        "first": period.first_on,
        "until": period.last_on + timedelta(days=1),
        "start": period.start,
        "end": period.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(RATE, given)
        return list(cursor.fetchall())
