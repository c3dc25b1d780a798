"""Giving clocks and orders to their complaints' present owners; no deadline moves (rule 3)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from complaints.models import MILESTONES, Complaint

# Until triage the intake branch's; then the responsible one's, the callback the issuing unit's.
HAND_OVER = """
UPDATE complaints_timer t
SET owner_branch_id = n.branch_id, owner_id = n.person_id,
    verdict_branch_id = CASE WHEN t.due_at > %(now)s THEN n.branch_id ELSE t.verdict_branch_id END
FROM complaints_complaint c
CROSS JOIN LATERAL (VALUES
    (false, CASE WHEN c.triaged_at IS NULL THEN c.intake_branch_id ELSE c.branch_id END,
     c.handler_id),
    (true, CASE WHEN c.triaged_at IS NULL THEN c.intake_branch_id
                ELSE coalesce(c.issuing_branch_id, c.branch_id) END, c.triaged_by_id)
) AS n(is_callback, branch_id, person_id)
WHERE c.id = ANY(%(ids)s) AND t.complaint_id = c.id AND t.kind = ANY(%(milestones)s)
  AND t.state IN ('running', 'paused') AND n.is_callback = (t.kind = 'callback')
"""
# An order with another reason than these complaints stays where it is, and serves them no longer.
LEAVE_ORDERS = """
DELETE FROM complaints_ordercomplaint l
USING complaints_workorder o, complaints_complaint c
WHERE l.complaint_id = ANY(%(ids)s) AND o.id = l.order_id AND c.id = l.complaint_id
  AND o.status IN ('draft', 'returned') AND o.branch_id <> c.branch_id
  AND (o.source <> 'complaint' OR EXISTS (
      SELECT FROM complaints_ordercomplaint other
      JOIN complaints_complaint x ON x.id = other.complaint_id
      WHERE other.order_id = o.id AND x.id <> ALL(%(ids)s) AND x.branch_id = o.branch_id
        AND x.status NOT IN ('invalid', 'merged')))
"""
# The order that counts is the newest that was not annulled; one that serves several complaints
# follows the newest of them.
HAND_OVER_ORDERS = """
WITH counting AS (
    SELECT DISTINCT ON (l.complaint_id) l.complaint_id, o.id AS order_id
    FROM complaints_ordercomplaint l
    JOIN complaints_workorder o ON o.id = l.order_id AND o.status <> 'annulled'
    WHERE l.complaint_id = ANY(%(ids)s)
    ORDER BY l.complaint_id, o.id DESC
),
moved AS (
    UPDATE complaints_workorder o
    SET branch_id = n.branch_id, owner_id = n.handler_id, version = o.version + 1
    FROM (
        SELECT DISTINCT ON (k.order_id) k.order_id, c.branch_id, c.handler_id
        FROM counting k JOIN complaints_complaint c ON c.id = k.complaint_id
        ORDER BY k.order_id, c.id DESC
    ) n
    WHERE o.id = n.order_id AND o.status IN ('draft', 'returned')
    RETURNING o.id, o.branch_id, o.owner_id
),
measures AS (
    UPDATE complaints_measure r SET owner_id = m.owner_id, version = r.version + 1
    FROM moved m WHERE r.order_id = m.id AND r.status = 'open'
      AND (m.owner_id IS NOT NULL OR r.promised_at IS NULL)
)
UPDATE complaints_timer t
SET owner_branch_id = m.branch_id, owner_id = m.owner_id,
    verdict_branch_id = CASE WHEN t.due_at > %(now)s THEN m.branch_id ELSE t.verdict_branch_id END
FROM moved m
WHERE t.work_order_id = m.id AND t.kind IN ('rework', 'measure')
  AND t.state IN ('running', 'paused')
"""


def hand_over(complaints: Sequence[Complaint], *, now: datetime) -> None:
    """Give the running clocks to the present branches and handlers, in one statement.

    A verdict already due stays with the branch that owned it then.
    """
    _execute(HAND_OVER, complaints, now)


def hand_over_orders(complaints: Sequence[Complaint], *, now: datetime) -> None:
    """An order that is still to be submitted is the new branch's to write, with what it says.

    The deadlines of its rework and its measures go along like the clocks of a complaint.
    """
    _execute(LEAVE_ORDERS, complaints, now)
    _execute(HAND_OVER_ORDERS, complaints, now)


def _execute(statement: str, complaints: Sequence[Complaint], now: datetime) -> None:
    ids = [complaint.pk for complaint in complaints]
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids, "now": now, "milestones": list(MILESTONES)})
