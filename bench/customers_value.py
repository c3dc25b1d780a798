"""A night of customer value for all customers, against its plain SQL."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.result import Result, milliseconds
from bench.steps import run, undone
from csm.kit import clock
from customers.actions import value
from customers.models import CustomerValue, CustomerVolume
from organisation.models import Branch

CUSTOMERS, FEWEST, TIMES = 200_000, 5_000, 3
FILLED = """
WITH made AS (
    INSERT INTO customers_customer
        (name, kind, tier, grade, stage, home_branch_id, note, created_at, version, language)
    SELECT '货主' || n, 'person', '', '', '', %(branch)s, '', %(now)s, 1, ''
    FROM generate_series(1, %(count)s::int) n RETURNING id
)
INSERT INTO customers_customervolume
    (customer_id, branch_id, starts_on, days, shipments, revenue, last_on, source, written_at)
SELECT made.id, %(branch)s, m::date, 28, 1 + made.id %% 40, 1000 + made.id %% 200000,
       m::date + (made.id %% 28)::int, 'file', %(now)s
FROM made, generate_series(%(today)s::date - 360, %(today)s::date - 28, '30 days') m
"""
# The sums that the rules need, and one row written for each customer.
BY_HAND = """
UPDATE customers_customervalue w SET as_of = %(on)s, last_on = f.last_on, orders = f.orders,
    revenue = f.revenue, revenue_before = f.before
FROM (
    SELECT customer_id, max(last_on) AS last_on,
           coalesce(sum(shipments) FILTER (WHERE starts_on > %(on)s::date - 90), 0) AS orders,
           coalesce(sum(revenue) FILTER (WHERE starts_on > %(on)s::date - 90), 0) AS revenue,
           coalesce(sum(revenue) FILTER (
               WHERE starts_on BETWEEN %(on)s::date - 180 AND %(on)s::date - 90), 0) AS before
    FROM customers_customervolume GROUP BY customer_id
) f
WHERE f.customer_id = w.customer_id
"""


def measure(scale: float) -> Result:
    """The second night: the first has made all labels, in this one some change."""
    count = max(int(CUSTOMERS * scale), FEWEST)
    now = clock.now()
    today = timezone.localdate(now)
    branch = Branch.objects.filter(level="branch")[0].pk
    run(FILLED, {"branch": branch, "now": now, "count": count, "today": today})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE customers_customervolume")
        cursor.execute("ANALYZE customers_customer")
    value.refresh_now(on=today)
    assert CustomerValue.objects.count() >= count
    on = today + timedelta(days=1)
    ours = milliseconds(lambda: undone(lambda: value.refresh_now(on=on)), TIMES)
    reference = milliseconds(lambda: undone(lambda: run(BY_HAND, {"on": on})), TIMES)
    rows = CustomerVolume.objects.count()
    name = f"a night of value of {count:,} customers with {rows:,} periods, against plain SQL"
    return Result(name, ours, reference, ours / reference, 3)
