"""Rows for the benchmarks, made by the database itself."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from organisation.actions import branches, people

COMPLAINTS = """
INSERT INTO complaints_complaint
    (number, status, version, cycle, subject, description, channel, severity, waybill, contact_name,
     contact_phone, contact_digits, contact_email, branch_id, intake_branch_id, received_at,
     logged_at, status_before, invalid_reason, source, reference, is_history)
SELECT 'B' || i, 'handling', 1, 1, 'Goods broken on the way', '', 'hotline', 'normal', '', '', '',
       '', '', b.ids[1 + i %% cardinality(b.ids)], b.ids[1 + i %% cardinality(b.ids)], %(now)s,
       %(now)s, '', '', '', '', false
FROM generate_series(%(first)s::int, %(last)s::int) i,
     (SELECT array_agg(id) AS ids FROM organisation_branch WHERE level = 'branch') b
"""

TIMERS = """
INSERT INTO complaints_timer
    (complaint_id, kind, cycle, state, revision_id, started_at, due_at, fire_at, next_fire_at,
     met_evidence, owner_branch_id, verdict_branch_id, paused_seconds, waiver_code, fire_failures)
SELECT c.id, 'result', 1, 'running', (SELECT min(id) FROM complaints_policyrevision),
       c.received_at, c.received_at + interval '24 hours',
       ARRAY[c.received_at + interval '12 hours', c.received_at + interval '20 hours',
             c.received_at + interval '24 hours', c.received_at + interval '36 hours',
             c.received_at + interval '48 hours'],
       c.received_at + interval '12 hours', '', c.branch_id, c.branch_id, 0, '', 0
FROM complaints_complaint c WHERE NOT EXISTS (
    SELECT FROM complaints_timer t WHERE t.complaint_id = c.id)
"""

# The steps before count as told, so that exactly one step of each is due.
TOLD = """
INSERT INTO complaints_event (complaint_id, kind, at, cycle, data, timer_id, step_id)
SELECT t.complaint_id, 'step_fired', t.started_at, 1, '{}', t.id, s.id
FROM (SELECT * FROM complaints_timer ORDER BY id LIMIT %(due)s) t
JOIN complaints_ladderstep s
  ON s.revision_id = t.revision_id AND s.kind = t.kind AND s.position < 3
"""
DUE = """
UPDATE complaints_timer SET
    next_fire_at = %(now)s, fire_at = ARRAY[%(now)s, %(now)s, %(now)s, %(now)s, %(end)s]
WHERE id IN (SELECT id FROM complaints_timer ORDER BY id LIMIT %(due)s)
"""


# By turns: quiet at this hour, as the company, never quiet; a fourth wants few mails.
SETTINGS = """
UPDATE organisation_person p
SET has_quiet_hours = n.place %% 3 < 2,
    quiet_from = CASE WHEN n.place %% 3 = 0 THEN (wall.at - interval '1 hour')::time END,
    quiet_until = CASE WHEN n.place %% 3 = 0 THEN (wall.at + interval '1 hour')::time END,
    email_from = CASE WHEN n.place %% 4 = 1 THEN 2 ELSE p.email_from END
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM organisation_person) n,
     (SELECT %(now)s::timestamptz AT TIME ZONE %(zone)s AS at) wall
WHERE n.id = p.id
"""
# Every fourth is away; the next one hears in their stead.
ABSENCES = """
INSERT INTO organisation_absence (person_id, deputy_id, from_on, until_on)
SELECT id, deputy, %(now)s::date - 1, %(now)s::date + 7
FROM (SELECT id, lead(id) OVER (ORDER BY id) AS deputy, row_number() OVER (ORDER BY id) AS place
      FROM organisation_person) n
WHERE place %% 4 = 0 AND deputy IS NOT NULL
"""


def company(now: datetime) -> None:
    """A headquarters, 4 regions, 24 branches; a service director at the top and in each region."""
    top = branches.create(code="HQ", name="总部", level="headquarters", parent=None, by=None)
    regions = [
        branches.create(code=f"R{i}", name=f"R{i}", level="region", parent=top, by=None)
        for i in range(4)
    ]
    for i in range(24):
        branches.create(code=f"B{i}", name=f"B{i}", level="branch", parent=regions[i % 4], by=None)
    for place in (top, *regions):
        people.create(
            name=f"director {place.code}",
            email=f"director-{place.code.lower()}@example.org",
            by=None,
            postings=[(place, "service_director")],
        )
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS, {"now": now, "zone": settings.TIME_ZONE})
        cursor.execute(ABSENCES, {"now": now})


def open_timers(count: int, now: datetime) -> None:
    """Complaints up to `count`, each with one running timer whose first step lies ahead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM complaints_complaint")
        known = cursor.fetchone()[0]
        cursor.execute(COMPLAINTS, {"first": known + 1, "last": count, "now": now})
        cursor.execute(TIMERS)
        cursor.execute("VACUUM ANALYZE complaints_timer")
        cursor.execute("VACUUM ANALYZE complaints_complaint")


def make_due(due: int, now: datetime) -> datetime:
    """Let exactly one step of `due` timers be reached; gives the moment to fire at."""
    moment = now + timedelta(minutes=1)
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"due": due})
        cursor.execute(DUE, {"due": due, "now": moment, "end": moment + timedelta(hours=12)})
        cursor.execute("VACUUM ANALYZE complaints_timer")
        cursor.execute("VACUUM ANALYZE complaints_event")
    return moment
