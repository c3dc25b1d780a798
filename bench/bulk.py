"""How long it takes to transfer many complaints at once, against the bare statements."""

from datetime import datetime

from bench.result import Result, milliseconds
from bench.steps import run, undone
from complaints.actions import bulk
from complaints.actions.bulk import Chosen
from complaints.actions.bulk_kinds import Transfer
from complaints.models import Complaint
from organisation.actions import people
from organisation.models import Branch, Person

MANY = bulk.MOST


def transfer(now: datetime) -> Result:
    """To a branch whose manager hears of each; the reference checks nothing and keeps no result."""
    director = Person.objects.get(name="director HQ")
    target = Branch.objects.get(code="B0")
    people.create(
        name="manager",
        email="manager@example.org",
        by=None,
        postings=[(target, "branch_manager")],
    )
    rows = Complaint.objects.exclude(branch=target).order_by("pk")[:MANY]
    numbers: dict[str, int | None] = dict(rows.values_list("number", "version"))
    ids = list(rows.values_list("pk", flat=True))

    def ours() -> None:
        act = bulk.change(
            chosen=Chosen(numbers),
            kind=Transfer(target, "The parcels lie there."),
            by=director,
            now=now,
        )
        assert act.results.filter(outcome="done").count() == len(ids)

    def by_hand() -> None:
        for statement in BY_HAND:
            run(statement, given)

    given: dict[str, object] = {"ids": ids, "branch": target.pk, "by": director.pk, "now": now}
    measured = milliseconds(lambda: undone(ours), 3)
    reference = milliseconds(lambda: undone(by_hand), 3)
    return Result(
        f"{len(ids)} complaints transferred at once, against hand-written SQL",
        measured,
        reference,
        measured / reference,
        5,
    )


BY_HAND = (
    """
    INSERT INTO complaints_handover
        (complaint_id, from_branch_id, to_branch_id, from_person_id, to_person_id, at, by_id,
         reason)
    SELECT id, branch_id, %(branch)s, handler_id, NULL, %(now)s, %(by)s, 'The parcels lie there.'
    FROM complaints_complaint WHERE id = ANY(%(ids)s)
    """,
    """
    INSERT INTO complaints_event (complaint_id, kind, at, by_id, cycle, data)
    SELECT id, 'transferred', %(now)s, %(by)s, cycle,
           jsonb_build_object('from_branch', branch_id, 'branch', %(branch)s)
    FROM complaints_complaint WHERE id = ANY(%(ids)s)
    """,
    """
    UPDATE complaints_complaint
    SET status = 'assigned', branch_id = %(branch)s, handler_id = NULL, version = version + 1,
        changed_at = %(now)s, changed_by_id = %(by)s
    WHERE id = ANY(%(ids)s)
    """,
    """
    UPDATE complaints_timer
    SET owner_branch_id = %(branch)s, owner_id = NULL,
        verdict_branch_id = CASE WHEN due_at > %(now)s THEN %(branch)s ELSE verdict_branch_id END
    WHERE complaint_id = ANY(%(ids)s) AND state IN ('running', 'paused') AND kind <> 'callback'
    """,
    """
    INSERT INTO organisation_message
        (key, recipient_id, channel, text, context, importance, path, created_at, state, attempts,
         next_attempt_at, sent_at)
    SELECT 'hand-over:' || h.id, p.person_id, ch.channel, 'complaint_assigned',
           jsonb_build_object('number', c.number, 'subject', c.subject, 'by', 'director HQ',
                              'reason', h.reason),
           2, '/complaints/' || c.number || '/', %(now)s,
           CASE ch.channel WHEN 'inbox' THEN 'sent' ELSE 'queued' END, 0,
           CASE WHEN ch.channel <> 'inbox' THEN %(now)s::timestamptz END,
           CASE WHEN ch.channel = 'inbox' THEN %(now)s::timestamptz END
    FROM complaints_handover h
    JOIN complaints_complaint c ON c.id = h.complaint_id
    JOIN organisation_posting p ON p.branch_id = %(branch)s AND p.role = 'branch_manager'
    CROSS JOIN (VALUES ('inbox'), ('email')) AS ch(channel)
    WHERE h.at = %(now)s AND h.complaint_id = ANY(%(ids)s)
    """,
)
