"""What customers, clocks and the ledger say of a period, by person, branch or role.

Each source gives rows (person, branch, num, n), some with their moment (at); a figure is the sum of
`num` by that of `n`. A branch has all below it, a role everybody who holds it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import connection

from complaints.models import MILESTONES
from csm.kit.periods import Period

Kind = Literal["person", "branch", "role"]
Source = Literal[
    "callbacks", "answers", "on_time", "first_time", "delay", "recovery", "points", "aware",
    "audits", "courses", "tests", "peers",
]  # fmt: skip


class Figure(NamedTuple):
    """A sum and how many observations it rests on; `value` is None where there are none."""

    total: float
    n: int

    @property
    def value(self) -> float | None:
        return self.total / self.n if self.n else None


# Not what the handler asked: points and cards must never invite clicking.
CALLBACKS = """
SELECT c.handler_id AS person_id, c.branch_id, a.is_satisfied::int AS num, 1 AS n, a.at
FROM complaints_callbackattempt a JOIN complaints_complaint c ON c.id = a.complaint_id
WHERE a.is_satisfied IS NOT NULL AND a.at >= %(start)s AND a.at < %(end)s
    AND (a.by_id IS NULL OR a.by_id IS DISTINCT FROM c.handler_id)
    AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
    AND {whose}
"""
# Of each complete response its first question for satisfaction, the total before the others. An
# anonymous survey is never broken down by period (F-22).
ANSWERS = """
SELECT DISTINCT ON (r.id) c.handler_id AS person_id, r.branch_id,
    (a.value >= CASE q.kind WHEN 'csat5' THEN 4 ELSE 8 END)::int AS num, 1 AS n,
    r.completed_at AS at
FROM surveys_response r
JOIN surveys_survey s ON s.id = r.survey_id AND NOT s.is_anonymous
JOIN surveys_answer a ON a.response_id = r.id AND a.value IS NOT NULL
JOIN surveys_question q ON q.id = a.question_id AND q.kind IN ('total', 'csat10', 'csat5')
LEFT JOIN complaints_complaint c ON c.id = r.complaint_id
WHERE r.completed_at >= %(start)s AND r.completed_at < %(end)s AND NOT r.is_repeat
    AND (r.entered_by_id IS NULL OR r.entered_by_id IS DISTINCT FROM c.handler_id)
    AND {whose}
ORDER BY r.id, array_position(ARRAY['total', 'csat10', 'csat5'], q.kind::text), q.position
"""
# The verdict of a clock as `verdict_at` has it.
ON_TIME = """
SELECT t.owner_id AS person_id, t.verdict_branch_id AS branch_id,
    coalesce(t.met_at <= t.due_at, false)::int AS num, 1 AS n
FROM complaints_timer t
WHERE t.kind = ANY(%(milestones)s) AND t.due_at >= %(start)s AND t.due_at < %(end)s
    AND t.state NOT IN ('void', 'waived')
    AND NOT (t.state = 'unreached' AND t.unreached_at <= t.due_at)
    AND (t.met_at <= t.due_at OR t.due_at < coalesce(t.met_at, %(now)s))
"""
FIRST_TIME = """
SELECT coalesce(o.owner_id, o.submitted_by_id) AS person_id, o.branch_id,
    (NOT EXISTS (
        SELECT FROM complaints_event e WHERE e.work_order_id = o.id AND e.kind = 'order_returned'
    ))::int AS num, 1 AS n
FROM complaints_workorder o
WHERE o.status = 'confirmed' AND o.confirmed_at >= %(start)s AND o.confirmed_at < %(end)s
"""
# F-06: 1, 10 or 100 units by the hours until the result.
DELAY = """
SELECT c.handler_id AS person_id, c.branch_id,
    CASE WHEN coalesce(c.answered_at, %(now)s) - c.received_at <= interval '24 hours' THEN 1
         WHEN coalesce(c.answered_at, %(now)s) - c.received_at <= interval '72 hours' THEN 10
         ELSE 100 END AS num, 1 AS n
FROM complaints_complaint c
WHERE c.received_at >= %(start)s AND c.received_at < %(end)s
    AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
    AND EXISTS (
        SELECT FROM complaints_timer t
        WHERE t.complaint_id = c.id AND t.kind = 'result' AND t.state <> 'void'
    )
"""
# Yuan given to customers for each complaint.
RECOVERY = """
SELECT c.handler_id AS person_id, c.branch_id, 0 AS num, 1 AS n
FROM complaints_complaint c
WHERE c.received_at >= %(start)s AND c.received_at < %(end)s
    AND c.status NOT IN ('invalid_proposed', 'invalid', 'merged')
UNION ALL
SELECT c.handler_id, r.branch_id, r.amount, 0
FROM complaints_recovery r JOIN complaints_complaint c ON c.id = r.complaint_id
WHERE r.status IN ('given', 'approved') AND r.granted_at >= %(start)s AND r.granted_at < %(end)s
"""
POINTS = """
SELECT w.person_id, w.branch_id, coalesce(sum(e.points), 0) AS num, 1 AS n
FROM (
    SELECT DISTINCT ON (p.person_id) p.person_id, p.branch_id
    FROM organisation_posting p JOIN organisation_person x ON x.id = p.person_id AND x.is_active
    ORDER BY p.person_id, p.id
) w
LEFT JOIN staff_pointentry e ON e.person_id = w.person_id
    AND e.earned_on >= %(first)s AND e.earned_on <= %(last)s AND e.source_kind <> 'redemption'
GROUP BY w.person_id, w.branch_id
"""
# T-05: who was asked about the week's report, and knew it; not about one that was withdrawn.
AWARE = """
SELECT a.person_id, a.branch_id, a.is_aware::int AS num, 1 AS n, a.answered_at AS at
FROM staff_askedperson a
JOIN staff_spotcheck s ON s.id = a.spot_check_id
JOIN staff_microreport m ON m.id = s.report_id AND m.status = 'published'
WHERE a.is_aware IS NOT NULL AND a.answered_at >= %(start)s AND a.answered_at < %(end)s
"""
# T-16: of the audits by headquarters alone; what a branch ticks of itself must not pay. They are
# the manager's of the branch, too.
AUDITS = """
SELECT m.person_id, u.branch_id, a.is_met::int AS num, 1 AS n
FROM staff_auditanswer a
JOIN staff_audit u ON u.id = a.audit_id AND u.kind = 'effect' AND u.status = 'done'
LEFT JOIN LATERAL (
    SELECT p.person_id FROM organisation_posting p
    JOIN organisation_person x ON x.id = p.person_id AND x.is_active
    WHERE p.branch_id = u.branch_id AND p.role = 'branch_manager'
    ORDER BY p.id LIMIT 1
) m ON true
WHERE a.is_met IS NOT NULL AND u.done_on >= %(first)s AND u.done_on <= %(last)s
"""
# T-18: who was to come to a course that was held, and came.
COURSES = """
SELECT a.person_id, a.branch_id, a.attended::int AS num, 1 AS n
FROM staff_attendance a
JOIN staff_trainingsession s ON s.id = a.session_id AND s.status = 'held'
WHERE a.attended IS NOT NULL AND s.starts_at >= %(start)s AND s.starts_at < %(end)s
"""
TESTS = """
SELECT a.person_id, a.branch_id, a.score AS num, 1 AS n
FROM staff_attendance a
JOIN staff_trainingsession s ON s.id = a.session_id AND s.status = 'held'
WHERE a.score IS NOT NULL AND s.starts_at >= %(start)s AND s.starts_at < %(end)s
"""
# Departments of ours are customers of each other (O-05, O-06); what they say is not what customers
# say, who weigh half of every card (O-16).
INTERNAL = "SELECT FROM customers_customer u WHERE u.id = {row}.customer_id AND u.kind = 'internal'"
SAID_BY = {
    name: f"{said} (" + INTERNAL + ")"
    for name, said in (("customers", "NOT EXISTS"), ("peers", "EXISTS"))
}
CALLED = {name: CALLBACKS.format(whose=said.format(row="c")) for name, said in SAID_BY.items()}
ANSWERED = {name: ANSWERS.format(whose=said.format(row="r")) for name, said in SAID_BY.items()}
SOURCES: dict[str, str] = {
    "callbacks": CALLED["customers"],
    "answers": ANSWERED["customers"],
    "peers": f"({CALLED['peers']}) UNION ALL ({ANSWERED['peers']})",
    "on_time": ON_TIME,
    "first_time": FIRST_TIME,
    "delay": DELAY,
    "recovery": RECOVERY,
    "points": POINTS,
    "aware": AWARE,
    "audits": AUDITS,
    "courses": COURSES,
    "tests": TESTS,
}
BY = {
    "person": """
SELECT f.person_id, sum(f.num), sum(f.n) FROM ({found}) f
WHERE f.person_id = ANY(%(ids)s) GROUP BY f.person_id
""",
    "branch": """
SELECT b.id, sum(f.num), sum(f.n) FROM ({found}) f
JOIN organisation_branch u ON u.id = f.branch_id
JOIN organisation_branch b ON starts_with(u.path, b.path)
WHERE b.id = ANY(%(ids)s) GROUP BY b.id
""",
    "role": """
SELECT h.role, sum(f.num), sum(f.n) FROM ({found}) f
JOIN (SELECT DISTINCT person_id, role FROM organisation_posting) h ON h.person_id = f.person_id
WHERE h.role = ANY(%(ids)s) GROUP BY h.role
""",
}
UNITS = """
SELECT f.branch_id, sum(f.num), sum(f.n) FROM ({found}) f
WHERE f.branch_id IS NOT NULL GROUP BY f.branch_id
"""
OF_UNITS = {source: UNITS.format(found=found) for source, found in SOURCES.items()}
STATEMENTS = {
    (kind, source): by.format(found=found)
    for kind, by in BY.items()
    for source, found in SOURCES.items()
}


def figures(
    source: str, kind: str, ids: Iterable[Any], *, period: Period, now: datetime
) -> dict[Any, Figure]:
    """The figure of each of `ids` that has one: persons and branches by key, roles by name."""
    said = {"ids": list(ids)} | _moments(period, now)
    return _figures(STATEMENTS[kind, source], said)


def of_units(source: str, *, period: Period, now: datetime) -> dict[int, Figure]:
    """The figure of every branch that has one, without what lies below it."""
    return _figures(OF_UNITS[source], _moments(period, now))


def _moments(period: Period, now: datetime) -> dict[str, Any]:
    return {
        "start": period.start,
        "end": period.end,
        "first": period.first_on,
        "last": period.last_on,
        "now": now,
        "milestones": list(MILESTONES),
    }


def _figures(statement: str, said: dict[str, Any]) -> dict[Any, Figure]:
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return {key: Figure(float(total), int(n)) for key, total, n in cursor.fetchall()}
