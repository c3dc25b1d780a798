"""How long a sweep of the ladders takes: with nothing due, and with much due at once."""

from datetime import datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from bench import bulk, data
from bench.result import Result, milliseconds
from bench.steps import run, undone
from complaints.actions import batches, escalation
from csm.kit import clock
from organisation.actions import delivery

OPEN, FEW, DUE = 1_000_000, 10_000, 10_000
# With fewer, what a mail costs by itself is all that is seen.
FEWEST_DUE = 1000
STATEMENTS_PER_BATCH = 12


def measure(scale: float) -> list[Result]:
    """Idle with few and with many open timers, then a burst among the many."""
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        now = clock.now()
        data.company(now)
        data.open_timers(max(int(FEW * scale), 100), now)
        few = idle(now)
        due = max(int(DUE * scale), FEWEST_DUE)
        data.open_timers(max(int(OPEN * scale), due), now)
        many = idle(now)
        quiet = milliseconds(lambda: delivery.deliver(now=now), 50)
        allowed = 3 * milliseconds(lambda: run("SELECT 1"), 200) + 5
        against = "against 3 × SELECT 1 + 5 ms"
        return [
            Result(f"sweep, nothing due, {against}", many, allowed, many / allowed, 1),
            Result("sweep, nothing due, many open against few", many, few, many / few, 1.5),
            Result(f"delivery, nothing due, {against}", quiet, allowed, quiet / allowed, 1),
            burst(due, now),
            told(due, now),
            bulk.transfer(now),
        ]
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def idle(now: datetime) -> float:
    return milliseconds(lambda: escalation.fire_due(now=now), 50)


def burst(due: int, now: datetime) -> Result:
    """Many deadlines at once: verdict, event and two outbox rows each, or three with a deputy.

    Of those who hear, some are away, some in their quiet hours, some have settings of their own.
    """
    later = data.make_due(due, now)
    with CaptureQueriesContext(connection) as queries:
        undone(lambda: check(escalation.fire_due(now=later), due))
    rounds = -(-due // batches.LARGEST) + 1
    assert len(queries) <= STATEMENTS_PER_BATCH * rounds, len(queries)
    ours = milliseconds(lambda: undone(lambda: escalation.fire_due(now=later)), 3)
    reference = milliseconds(lambda: undone(lambda: by_hand(later)), 3)
    return Result(
        f"{due} timers due at once, against hand-written SQL",
        ours,
        reference,
        ours / reference,
        5,
    )


@override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")
def told(due: int, now: datetime) -> Result:
    """The same, and all mails leave: claimed, quiet hours looked at, folded into digests, noted.

    Only the mail server is not there; the reference writes no mail at all.
    """
    later = now + timedelta(minutes=1)

    def ours() -> None:
        check(escalation.fire_due(now=later), due)
        assert delivery.deliver(now=later) == due

    def reference() -> None:
        by_hand(later)
        run(SENT_BY_HAND, {"now": later})

    mine = milliseconds(lambda: undone(ours), 3)
    theirs = milliseconds(lambda: undone(reference), 3)
    name = f"{due} timers due at once and told in digests, against hand-written SQL"
    return Result(name, mine, theirs, mine / theirs, 5)


def check(fired: escalation.Fired, due: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STOOD_IN_FOR)
        stood_in_for = cursor.fetchone()[0]
    assert (fired.steps, fired.messages) == (due, 2 * due + stood_in_for), fired


def by_hand(now: datetime) -> None:
    """The same rows, written by somebody who trusts that nobody else is at work."""
    for statement in BY_HAND:
        run(statement, {"now": now})


BY_HAND = (
    """
    INSERT INTO complaints_event (complaint_id, kind, at, cycle, data, timer_id, step_id)
    SELECT t.complaint_id, 'step_fired', %(now)s, t.cycle,
           jsonb_build_object('milestone', t.kind, 'percent', s.percent, 'hours', 0),
           t.id, s.id
    FROM complaints_timer t
    JOIN complaints_ladderstep s
      ON s.revision_id = t.revision_id AND s.kind = t.kind AND s.position = 3
    WHERE t.next_fire_at <= %(now)s
    """,
    """
    WITH hearing AS (
        SELECT p.branch_id, p.person_id AS hearer_id, '{}'::jsonb AS stands_in_for,
               EXISTS (SELECT FROM organisation_absence WHERE person_id = p.person_id) AS is_away
        FROM organisation_posting p WHERE p.role = 'service_director'
        UNION ALL
        SELECT p.branch_id, a.deputy_id, jsonb_build_object('stands_in_for', o.name), false
        FROM organisation_posting p
        JOIN organisation_absence a ON a.person_id = p.person_id
        JOIN organisation_person o ON o.id = p.person_id
        WHERE p.role = 'service_director'
    )
    INSERT INTO organisation_message
        (key, recipient_id, channel, text, context, importance, path, created_at, state, attempts,
         next_attempt_at, sent_at)
    SELECT 'timer:' || t.id || ':3', h.hearer_id, ch.channel, 'timer_step',
           jsonb_build_object('number', c.number, 'subject', c.subject, 'milestone', t.kind,
                              'due_at', t.due_at) || h.stands_in_for,
           3, '/complaints/' || c.number || '/', %(now)s,
           CASE ch.channel WHEN 'inbox' THEN 'sent' ELSE 'queued' END, 0,
           CASE WHEN ch.channel <> 'inbox' THEN %(now)s::timestamptz END,
           CASE WHEN ch.channel = 'inbox' THEN %(now)s::timestamptz END
    FROM complaints_timer t
    JOIN complaints_complaint c ON c.id = t.complaint_id
    JOIN organisation_branch b ON b.id = t.owner_branch_id
    JOIN hearing h ON h.branch_id = b.parent_id
    CROSS JOIN (VALUES ('inbox'), ('email')) AS ch(channel)
    WHERE t.next_fire_at <= %(now)s AND (ch.channel = 'inbox' OR NOT h.is_away)
    """,
    """
    UPDATE complaints_timer SET next_fire_at = fire_at[5] WHERE next_fire_at <= %(now)s
    """,
)
STOOD_IN_FOR = """
SELECT count(*) FROM organisation_message WHERE channel = 'inbox' AND context ? 'stands_in_for'
"""
SENT_BY_HAND = """
WITH sent AS (
    UPDATE organisation_message SET state = 'sent', sent_at = %(now)s, next_attempt_at = NULL
    WHERE state = 'queued' RETURNING id
)
INSERT INTO organisation_attempt (message_id, at, error) SELECT id, %(now)s, '' FROM sent
"""
