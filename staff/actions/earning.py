"""What outcomes earn, found by a sweep: nobody has to claim anything (F-21).

It finds the outcomes of the last days that have no entry yet. A rule holds for what happened from
its first revision on, in the revision that held at that moment. Safe to run twice at once: one
writer at a time, and a source is rewarded once per rule.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from organisation.actions import sweeps
from staff.actions.points import lock_ledger

SWEEP = "points"
# An outcome that no sweep has seen for so long is neither rewarded nor taken back any more.
LOOKS_BACK = timedelta(days=31)

# Who answered so that the customer was satisfied; not who asked the customer (points must never
# invite clicking), and nothing of a cycle that was reopened. Of assessments only what is decided
# and not appealed, or upheld, since when it cannot change: an appeal may take long. Each assessed
# point counts once.
# Each outcome looks its entry up by the index, however long the ledger: a join might read it all.
AWARD = """
WITH found AS (
    SELECT 'callback' AS kind, a.id AS source_id, c.handler_id AS person_id, c.branch_id, a.at,
           1 AS times
    FROM complaints_callbackattempt a
    JOIN complaints_complaint c ON c.id = a.complaint_id
    WHERE a.is_satisfied AND a.at > %(since)s AND a.at <= %(now)s AND a.cycle = c.cycle
        AND a.by_id IS DISTINCT FROM c.handler_id
        AND c.status IN ('called_back', 'closed')
    UNION ALL
    SELECT 'thanks', t.id, t.person_id, t.branch_id, t.at, 1
    FROM staff_thanks t
    LEFT JOIN complaints_callbackattempt a ON a.id = t.callback_id
    LEFT JOIN complaints_complaint c ON c.id = a.complaint_id
    WHERE t.is_best AND t.withdrawn_at IS NULL AND t.at > %(since)s AND t.at <= %(now)s
        AND (a.id IS NULL OR a.cycle = c.cycle)
    UNION ALL
    SELECT 'order', o.id, coalesce(o.owner_id, o.submitted_by_id), o.branch_id, o.confirmed_at, 1
    FROM complaints_workorder o
    WHERE o.status = 'confirmed' AND o.confirmed_at > %(since)s AND o.confirmed_at <= %(now)s
        AND o.confirmed_by_id IS DISTINCT FROM coalesce(o.owner_id, o.submitted_by_id)
        AND NOT EXISTS (
            SELECT FROM complaints_event e
            WHERE e.work_order_id = o.id AND e.kind = 'order_returned'
        )
    UNION ALL
    SELECT 'assessment', s.id, s.person_id, s.branch_id, s.decided_at, s.points
    FROM complaints_assessment s
    WHERE s.kind = 'points' AND s.person_id IS NOT NULL
        AND s.decided_at <= %(now)s
        AND (s.status = 'decided' AND s.appeal_until > %(since)s AND s.appeal_until < %(now)s
             OR s.status = 'final' AND s.is_upheld AND s.final_at > %(since)s)
),
due AS (
    SELECT f.*, u.id AS rule_id
    FROM found f
    JOIN staff_pointrule u ON u.trigger = f.kind
    WHERE (
        SELECT e.id FROM staff_pointentry e
        WHERE e.rule_id = u.id AND e.source_kind = f.kind AND e.source_id = f.source_id
            AND e.reverses_id IS NULL
    ) IS NULL
),
ruled AS (
    SELECT d.*, v.id AS revision_id, v.points * d.times AS points, v.cap, v.cap_period,
           (d.at AT TIME ZONE %(zone)s)::date AS earned_on
    FROM due d
    JOIN organisation_person p ON p.id = d.person_id AND p.is_active
    CROSS JOIN LATERAL (
        SELECT * FROM staff_pointrulerevision
        WHERE rule_id = d.rule_id AND created_at <= d.at ORDER BY number DESC LIMIT 1
    ) v
    WHERE v.is_on
),
counted AS (
    SELECT r.*, sum(r.points) OVER (
        PARTITION BY r.rule_id, r.person_id, date_trunc(r.cap_period, r.earned_on)
        ORDER BY r.at, r.source_id
    ) + coalesce((
        SELECT sum(e.points) FROM staff_pointentry e
        WHERE e.person_id = r.person_id AND e.rule_id = r.rule_id
            AND date_trunc(r.cap_period, e.earned_on) = date_trunc(r.cap_period, r.earned_on)
    ), 0) AS total
    FROM ruled r
)
INSERT INTO staff_pointentry
    (person_id, branch_id, rule_id, revision_id, points, source_kind, source_id, reason, earned_on,
     at)
SELECT person_id, branch_id, rule_id, revision_id, points, kind, source_id, '', earned_on, %(now)s
FROM counted WHERE cap IS NULL OR total <= cap
ORDER BY at, kind, source_id
ON CONFLICT DO NOTHING
"""

# A complaint that was reopened takes back what its earlier cycle had earned, its order included,
# which goes back for rework; so do an appeal that was granted and thanks that were withdrawn. What
# was undone is few and leads to its entries, however long the ledger.
TAKE_BACK = """
WITH undone (kind, source_id) AS (
    SELECT 'callback', a.id FROM complaints_complaint c
    JOIN complaints_callbackattempt a ON a.complaint_id = c.id AND a.cycle < c.cycle
    WHERE c.changed_at > %(since)s AND c.cycle > 1 AND a.is_satisfied
    UNION ALL
    SELECT 'thanks', t.id FROM complaints_complaint c
    JOIN complaints_callbackattempt a ON a.complaint_id = c.id AND a.cycle < c.cycle
    JOIN staff_thanks t ON t.callback_id = a.id
    WHERE c.changed_at > %(since)s AND c.cycle > 1
    UNION ALL
    SELECT 'order', v.work_order_id FROM complaints_event v
    WHERE v.kind = 'order_returned' AND v.at > %(since)s
    UNION ALL
    SELECT 'assessment', s.id FROM complaints_assessment s
    WHERE s.status = 'final' AND s.final_at > %(since)s AND NOT s.is_upheld
    UNION ALL
    SELECT 'thanks', t.id FROM staff_thanks t WHERE t.withdrawn_at > %(since)s
)
INSERT INTO staff_pointentry
    (person_id, branch_id, rule_id, revision_id, points, source_kind, source_id, reverses_id,
     reason, earned_on, at)
SELECT e.person_id, e.branch_id, e.rule_id, e.revision_id, -e.points, e.source_kind, e.source_id,
       e.id, '', e.earned_on, %(now)s
FROM undone
JOIN staff_pointrule u ON u.trigger = undone.kind
JOIN staff_pointentry e ON e.rule_id = u.id AND e.source_kind = undone.kind
    AND e.source_id = undone.source_id AND e.reverses_id IS NULL
WHERE NOT EXISTS (SELECT FROM staff_pointentry r WHERE r.reverses_id = e.id)
ORDER BY e.id
ON CONFLICT DO NOTHING
"""


def settle(*, now: datetime) -> int:
    """Write what was earned and take back what was undone; gives the number of new entries."""
    count = _write(now)
    # Apart: a round that wrote nothing does not wait for the disk.
    sweeps.mark(SWEEP, now=now)
    return count


@transaction.atomic
def _write(now: datetime) -> int:
    lock_ledger()
    zone = timezone.get_default_timezone_name()
    said: dict[str, Any] = {"now": now, "since": now - LOOKS_BACK, "zone": zone}
    count = 0
    with connection.cursor() as cursor:
        for statement in (AWARD, TAKE_BACK):
            cursor.execute(statement, said)
            count += cursor.rowcount
    return count
