"""Did the same thing happen again since an order was confirmed? Counted, never swept (F-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from complaints.models import Complaint, EffectivenessCheck
from organisation.access import visible
from organisation.models import Person


@dataclass(frozen=True)
class Recurrences:
    """Complaints since the confirmation: of the same customer, and of the same branch, each with a
    category that the order was about. `is_comparable`: the order has such a category at all.
    """

    of_customer: int
    of_branch: int
    is_comparable: bool


# The window begins with the confirmation and lasts so many days, or until now. What was invalid or
# a duplicate did not happen; the order's own complaints are not their own recurrence.
FOUND = """
WITH found AS MATERIALIZED (
SELECT DISTINCT k.id AS check_id, c.id AS complaint_id,
       c.customer_id = mine.customer_id AS is_customer, c.branch_id = o.branch_id AS is_branch
FROM complaints_effectivenesscheck k
JOIN complaints_workorder o ON o.id = k.order_id
JOIN complaints_ordercomplaint l ON l.order_id = o.id
JOIN complaints_complaint mine ON mine.id = l.complaint_id AND mine.category_id IS NOT NULL
JOIN complaints_complaint c
  ON c.category_id = mine.category_id
 AND (c.customer_id = mine.customer_id OR c.branch_id = o.branch_id)
 AND c.received_at > k.since_at
 AND c.received_at <= least(%(now)s, k.since_at + k.days * interval '24 hours')
 AND c.status NOT IN ('invalid', 'merged')
WHERE k.id = ANY(%(checks)s) AND NOT EXISTS (
    SELECT FROM complaints_ordercomplaint own WHERE own.order_id = o.id AND own.complaint_id = c.id
)
)
"""
COUNTS = """
SELECT k.id,
       count(DISTINCT f.complaint_id) FILTER (WHERE f.is_customer),
       count(DISTINCT f.complaint_id) FILTER (WHERE f.is_branch),
       EXISTS (
           SELECT FROM complaints_ordercomplaint l
           JOIN complaints_complaint mine ON mine.id = l.complaint_id
           WHERE l.order_id = k.order_id AND mine.category_id IS NOT NULL
       )
FROM complaints_effectivenesscheck k LEFT JOIN found f ON f.check_id = k.id
WHERE k.id = ANY(%(checks)s) GROUP BY k.id
"""
LISTED = "SELECT complaint_id FROM found"


def count(checks: Sequence[EffectivenessCheck], *, now: datetime) -> dict[int, Recurrences]:
    """The figures of these checks by id, in one question."""
    if not checks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(FOUND + COUNTS, {"checks": [check.pk for check in checks], "now": now})
        return {pk: Recurrences(*figures) for pk, *figures in cursor.fetchall()}


def complaints(check: EffectivenessCheck, *, person: Person, now: datetime) -> QuerySet[Complaint]:
    """Those of them that the person may see, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND + LISTED, {"checks": [check.pk], "now": now})
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = visible(Complaint, person).filter(pk__in=ids)
    return rows.select_related("branch", "customer").order_by("-received_at")
