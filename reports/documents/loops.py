"""How well the loop of work orders is closed, by branch and for the company (F-19): one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from csm.kit.periods import Period
from reports.rankings import Share, share

# A complaint of the same customer and category within so many days is the same thing again.
WINDOW_DAYS = 90


@dataclass(frozen=True)
class Loop:
    """The orders confirmed in a period, of a branch or of the company (`code` empty).

    `first_time`: confirmed without ever being sent back. `on_date`: confirmed by the promised day,
    of those that promise one. `recurred`: it happened again, of those whose 90 days ended in the
    period; `recurred_so_far` counts the orders of the period itself, up to this moment.
    `hours_open`: the median from the beginning of an order to its confirmation.
    """

    code: str
    name: str
    name_en: str
    orders: int
    first_time: Share
    on_date: Share
    recurred: Share
    recurred_so_far: int
    hours_open: float | None


def loops(period: Period, *, now: datetime) -> list[Loop]:
    """The company first, also without any order; then the branches by name."""
    given: dict[str, Any] = {
        "start": period.start,
        "end": period.end,
        "now": now,
        "zone": period.zone.key,
        "days": WINDOW_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOPS, given)
        return [_loop(*row) for row in cursor.fetchall()]


def _loop(
    code: str,
    name: str,
    name_en: str,
    orders: int,
    first_time: int,
    on_date: int,
    promised: int,
    recurred: int,
    aged: int,
    so_far: int,
    hours_open: float | None,
) -> Loop:
    return Loop(
        code,
        name,
        name_en,
        orders,
        share(first_time, orders),
        share(on_date, promised),
        share(recurred, aged),
        so_far,
        hours_open,
    )


# What was invalid or a duplicate did not happen; the order's own complaints are not their own
# recurrence (as in `complaints.recurrences`).
LOOPS = """
WITH orders AS (
    SELECT o.id, o.branch_id, o.created_at, o.confirmed_at, o.promised_on,
           o.confirmed_at >= %(start)s AS is_fresh
    FROM complaints_workorder o
    WHERE o.status = 'confirmed' AND (
        o.confirmed_at >= %(start)s AND o.confirmed_at < %(end)s
        OR o.confirmed_at >= %(start)s - %(days)s * interval '24 hours'
            AND o.confirmed_at < %(end)s - %(days)s * interval '24 hours'
    )
),
judged AS (
    SELECT o.branch_id, o.is_fresh, o.promised_on IS NOT NULL AS is_promised,
           (o.confirmed_at AT TIME ZONE %(zone)s)::date <= o.promised_on AS is_on_date,
           extract(epoch FROM o.confirmed_at - o.created_at) / 3600 AS hours,
           NOT EXISTS (
               SELECT FROM complaints_event e
               WHERE e.work_order_id = o.id AND e.kind = 'order_returned'
           ) AS is_first_time,
           EXISTS (
               SELECT FROM complaints_ordercomplaint l
               JOIN complaints_complaint mine ON mine.id = l.complaint_id
               JOIN complaints_complaint c
                 ON c.customer_id = mine.customer_id AND c.category_id = mine.category_id
                AND c.received_at > o.confirmed_at
                AND c.received_at <= least(
                    %(now)s, o.confirmed_at + %(days)s * interval '24 hours'
                )
                AND c.status NOT IN ('invalid', 'merged')
               WHERE l.order_id = o.id AND NOT EXISTS (
                   SELECT FROM complaints_ordercomplaint own
                   WHERE own.order_id = o.id AND own.complaint_id = c.id
               )
           ) AS is_recurred
    FROM orders o
),
counted AS (
    SELECT branch_id, grouping(branch_id) = 1 AS is_company,
           count(*) FILTER (WHERE is_fresh) AS orders,
           count(*) FILTER (WHERE is_fresh AND is_first_time) AS first_time,
           count(*) FILTER (WHERE is_fresh AND is_on_date) AS on_date,
           count(*) FILTER (WHERE is_fresh AND is_promised) AS promised,
           count(*) FILTER (WHERE NOT is_fresh AND is_recurred) AS recurred,
           count(*) FILTER (WHERE NOT is_fresh) AS aged,
           count(*) FILTER (WHERE is_fresh AND is_recurred) AS so_far,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FILTER (WHERE is_fresh) AS hours
    FROM judged GROUP BY GROUPING SETS ((branch_id), ())
)
SELECT coalesce(b.code, ''), coalesce(b.name, ''), coalesce(b.name_en, ''), c.orders, c.first_time,
       c.on_date, c.promised, c.recurred, c.aged, c.so_far, c.hours::float8
FROM counted c LEFT JOIN organisation_branch b ON b.id = c.branch_id
ORDER BY NOT c.is_company, b.code
"""
