"""Writing down for the warning of leaving what surveys know (`customers.CustomerFacts`, F-10)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

# Nothing of an anonymous survey leads to a customer. A total from 0 to 10 is low up to 4.
REFRESH = """
UPDATE customers_customerfacts f
SET low_score_at = told.low_at, unanswered_invitations = told.unanswered,
    refreshed_at = %(now)s
FROM (
    SELECT u.id, low.at AS low_at, silent.number AS unanswered
    FROM unnest(%(customers)s::bigint[]) AS u (id)
    CROSS JOIN LATERAL (
        SELECT max(r.completed_at) AS at
        FROM surveys_response r
        JOIN surveys_answer a ON a.response_id = r.id
        JOIN surveys_question q ON q.id = a.question_id
        WHERE r.customer_id = u.id AND r.completed_at IS NOT NULL
          AND ((q.kind = 'nps' AND a.value <= 6) OR (q.kind = 'csat5' AND a.value <= 2)
               OR (q.kind IN ('csat10', 'total') AND a.value <= 4))
    ) low
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM surveys_invitation i
        WHERE i.customer_id = u.id AND i.status = 'expired'
          AND i.created_at > coalesce((
              SELECT max(r.completed_at) FROM surveys_response r WHERE r.customer_id = u.id
          ), '-infinity')
    ) silent
) told
WHERE f.customer_id = told.id
  AND (f.low_score_at, f.unanswered_invitations) IS DISTINCT FROM (told.low_at, told.unanswered)
"""


def refresh(customers: Collection[int | None], *, now: datetime) -> None:
    """The rows of these customers, in one statement; nobody for answers without a customer."""
    known = sorted({pk for pk in customers if pk is not None})
    if known:
        with connection.cursor() as cursor:
            cursor.execute(REFRESH, {"customers": known, "now": now})
