"""Writing down for the customer card what complaints know (`customers.CustomerFacts`)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from complaints.models import Complaint
from customers.models import Customer, CustomerFacts

# In the order of the ids, so that two of these never wait for each other.
REFRESH = """
INSERT INTO customers_customerfacts AS f
    (customer_id, complaints, open_complaints, last_complaint_at, dissatisfied_callbacks,
     last_callback_satisfied, last_callback_score, oldest_open_at, third_valid_at, refreshed_at)
SELECT u.id, count(c.id),
       count(c.id) FILTER (WHERE c.status NOT IN ('closed', 'invalid', 'merged')),
       max(c.received_at),
       coalesce(sum(a.dissatisfied), 0),
       (array_agg(a.satisfied ORDER BY a.at DESC) FILTER (WHERE a.at IS NOT NULL))[1],
       (array_agg(a.score ORDER BY a.at DESC) FILTER (WHERE a.at IS NOT NULL))[1],
       min(c.received_at) FILTER (WHERE c.status NOT IN ('closed', 'invalid', 'merged')),
       (array_agg(c.received_at ORDER BY c.received_at DESC)
           FILTER (WHERE c.status NOT IN ('invalid_proposed', 'invalid', 'merged')))[3],
       %(now)s
FROM customers_customer u
LEFT JOIN complaints_complaint c ON c.customer_id = u.id
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT is_satisfied) AS dissatisfied, max(at) AS at,
           (array_agg(is_satisfied ORDER BY at DESC))[1] AS satisfied,
           (array_agg(score ORDER BY at DESC))[1] AS score
    FROM complaints_callbackattempt WHERE complaint_id = c.id AND is_reached
) a ON true
WHERE %(customers)s::bigint[] IS NULL OR u.id = ANY(%(customers)s)
GROUP BY u.id
ORDER BY u.id
ON CONFLICT (customer_id) DO UPDATE SET
    complaints = excluded.complaints, open_complaints = excluded.open_complaints,
    last_complaint_at = excluded.last_complaint_at,
    dissatisfied_callbacks = excluded.dissatisfied_callbacks,
    last_callback_satisfied = excluded.last_callback_satisfied,
    last_callback_score = excluded.last_callback_score,
    oldest_open_at = excluded.oldest_open_at, third_valid_at = excluded.third_valid_at,
    refreshed_at = excluded.refreshed_at
"""
# A complaint more, without looking at those before it: a key account has thousands.
COUNT_NEW = """
INSERT INTO customers_customerfacts AS f
    (customer_id, complaints, open_complaints, last_complaint_at, dissatisfied_callbacks,
     oldest_open_at, refreshed_at)
VALUES (%(customer)s, 1, 1, %(received_at)s, 0, %(received_at)s, %(now)s)
ON CONFLICT (customer_id) DO UPDATE SET
    complaints = f.complaints + 1, open_complaints = f.open_complaints + 1,
    last_complaint_at = greatest(f.last_complaint_at, excluded.last_complaint_at),
    oldest_open_at = least(f.oldest_open_at, excluded.oldest_open_at),
    refreshed_at = excluded.refreshed_at
"""


def count_new(complaint: Complaint, *, now: datetime) -> None:
    """An open complaint was written; nothing for one without a customer."""
    if complaint.customer_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_NEW,
            {
                "customer": complaint.customer_id,
                "received_at": complaint.received_at,
                "now": now,
            },
        )


def refresh(customer: Customer | None, *, now: datetime) -> None:
    """One customer's row; nothing for a complaint without a customer."""
    if customer is not None:
        _refresh([customer.pk], now)


def refresh_many(customers: Collection[int], *, now: datetime) -> None:
    """The rows of these customers, in one statement."""
    if customers:
        _refresh(list(customers), now)


def refresh_due(*, now: datetime) -> None:
    """Of the customers that were merged since."""
    due = CustomerFacts.objects.filter(refreshed_at__isnull=True)
    refresh_many(list(due.values_list("pk", flat=True)), now=now)


def refresh_all(*, now: datetime) -> None:
    """Every customer's row, in one statement."""
    _refresh(None, now)


def _refresh(customers: list[int] | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, {"customers": customers, "now": now})
