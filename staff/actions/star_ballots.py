"""Ballots of an election: who is asked, the letters with their links, and the votes (T-11, F-20).

One customer, one vote in a quarter: one row, whose vote is written by a conditional UPDATE. Fifty
posts at once change it once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation import letters
from organisation.actions import quiet_hours, tokens
from organisation.letters import Draft
from organisation.models import PublicLink
from staff.actions.star_news import context_of
from staff.models import VOTE, StarBallot, StarCandidate, StarElection, StarStatus

BATCH = 2000
# So long after its end a link still says that the vote is over.
SAYS_SO = timedelta(days=92)

# Served: a complaint closed in the quarter, or an answer to a survey. A customer may choose those
# of the branches that served them. Left out: departments of ours, addresses of our own people, who
# does not wish to be asked, and addresses that take no mail. However many customers have the same
# address, one letter goes there: who reads it votes once.
ISSUE = """
WITH served AS MATERIALIZED (
    SELECT c.customer_id, c.branch_id, c.contact_email AS address
    FROM complaints_complaint c
    WHERE c.status = 'closed' AND c.closed_at >= %(start)s AND c.closed_at < %(end)s
        AND c.customer_id IS NOT NULL
    UNION
    SELECT r.customer_id, r.branch_id, ''
    FROM surveys_response r
    WHERE r.completed_at >= %(start)s AND r.completed_at < %(end)s AND r.customer_id IS NOT NULL
),
offered AS MATERIALIZED (
    SELECT s.customer_id, array_agg(DISTINCT k.id ORDER BY k.id) AS candidates,
           max(s.address) AS address
    FROM served s
    JOIN organisation_branch place ON place.id = s.branch_id
    JOIN staff_starcandidate k ON k.election_id = %(election)s
    JOIN organisation_branch own
        ON own.id = k.branch_id AND starts_with(place.path, own.path)
    GROUP BY s.customer_id
),
reached AS MATERIALIZED (
    SELECT DISTINCT ON (c.customer_id) c.customer_id, p.value
    FROM customers_contact c
    JOIN customers_contactpoint p ON p.contact_id = c.id AND p.kind = 'email'
    WHERE c.customer_id IN (SELECT customer_id FROM offered)
    ORDER BY c.customer_id, c.is_primary DESC, c.id, p.id
)
INSERT INTO staff_starballot (election_id, quarter, customer_id, candidates, address)
SELECT %(election)s, %(quarter)s, customer_id, candidates, address
FROM (
SELECT DISTINCT ON (lower(a.address)) o.customer_id, o.candidates, a.address
FROM offered o
JOIN customers_customer u ON u.id = o.customer_id
LEFT JOIN reached r ON r.customer_id = o.customer_id
CROSS JOIN LATERAL (SELECT coalesce(r.value, o.address) AS address) a
WHERE a.address <> '' AND u.kind <> 'internal' AND u.declines_surveys_at IS NULL
    AND NOT EXISTS (
        SELECT FROM organisation_person p WHERE lower(p.email) = lower(a.address)
    )
    AND NOT EXISTS (
        SELECT FROM surveys_invitation i
        WHERE i.customer_id = o.customer_id AND i.address = a.address
            AND i.status = 'undeliverable'
    )
ORDER BY lower(a.address), cardinality(o.candidates) DESC, o.customer_id
) one
ORDER BY customer_id
ON CONFLICT DO NOTHING
"""


def issue(*, election: StarElection) -> int:
    """A ballot for everybody who is asked, in one statement; how many."""
    given: dict[str, Any] = {
        "election": election.pk,
        "quarter": election.quarter,
        "start": election.period.start,
        "end": election.period.end,
    }
    with connection.cursor() as cursor:
        cursor.execute(ISSUE, given)
        return int(cursor.rowcount)


class Unsent(NamedTuple):
    """A ballot that has no link yet, as far as its letter needs it."""

    pk: int
    address: str
    name: str
    language: str
    is_declined: bool


# Held, so that nobody else has them in hand.
UNSENT = """
SELECT b.id, b.address, u.name, u.language, u.declines_surveys_at IS NOT NULL
FROM staff_starballot b JOIN customers_customer u ON u.id = b.customer_id
WHERE b.election_id = %(election)s AND b.link_id IS NULL
ORDER BY b.id LIMIT %(batch)s
FOR UPDATE OF b SKIP LOCKED
"""
SENT = """
UPDATE staff_starballot b SET link_id = l.link, sent_at = %(now)s
FROM unnest(%(rows)s::bigint[], %(links)s::bigint[]) AS l(id, link)
WHERE b.id = l.id
"""


def send(*, election: StarElection, now: datetime) -> int:
    """Queue a letter for each ballot that has none; how many. Safe to run twice at once."""
    count = 0
    while sent := send_batch(election=election, now=now):
        count += sent
    return count


@transaction.atomic
def send_batch(*, election: StarElection, now: datetime) -> int:
    """Some thousand of them; 0 when none is left, or in the company's quiet hours."""
    if quiet_hours.is_quiet(now):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(UNSENT, {"election": election.pk, "batch": BATCH})
        held = [Unsent(*row) for row in cursor.fetchall()]
    # Declined since the opening: never asked.
    StarBallot.objects.filter(pk__in=[row.pk for row in held if row.is_declined]).delete()
    rows = [row for row in held if not row.is_declined]
    life = election.ends_at + SAYS_SO - now
    links = tokens.issue_links(len(rows), purpose=VOTE, life=life, now=now) if rows else []
    letters.put_all(_drafts(election, rows, links), now=now, is_bulk=True)
    given: dict[str, Any] = {
        "rows": [row.pk for row in rows],
        "links": [link.pk for link in links],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(SENT, given)
    return len(held)


def _drafts(
    election: StarElection, rows: Sequence[Unsent], links: Sequence[PublicLink]
) -> list[Draft]:
    context = context_of(election) | {"last_on": election.last_on.isoformat()}
    return [
        Draft(
            key=f"star:{row.pk}",
            address=row.address,
            text="star_ballot",
            language=row.language,
            name=row.name,
            context=context,
            link=link,
        )
        for row, link in zip(rows, links, strict=True)
    ]


def offered(ballot: StarBallot) -> list[StarCandidate]:
    """Whom the customer may choose; each ballot begins with another one: a first has it easier."""
    rows = list(
        StarCandidate.objects.filter(
            pk__in=ballot.candidates, withdrawn_at__isnull=True, person__is_active=True
        ).select_related("person", "branch")
    )
    first = ballot.pk % len(rows) if rows else 0
    return rows[first:] + rows[:first]


def check_open(ballot: StarBallot, *, now: datetime) -> None:
    """Refuse a vote that cannot be given, or not any more."""
    if ballot.voted_at is not None:
        raise NotOpen(_("You have voted already. One vote a quarter: your first one counts."))
    election = ballot.election
    if election.status != StarStatus.OPEN or election.ends_at <= now:
        raise NotOpen(_("This vote is over. Thank you for your interest."))


# The election is held, so that the count waits for votes under way and none comes after it.
CAST = """
WITH open AS MATERIALIZED (
    SELECT id FROM staff_starelection
    WHERE id = %(election)s AND status = 'open' AND ends_at > %(now)s
    FOR SHARE
)
UPDATE staff_starballot b SET voted_at = %(now)s, choice_id = %(choice)s
FROM open
WHERE b.id = %(ballot)s AND b.election_id = open.id AND b.voted_at IS NULL
"""


@transaction.atomic
def vote(*, ballot: StarBallot, choice: int | None, now: datetime) -> None:
    """The customer chooses one of those who are offered, or (None) none of them. Once."""
    check_open(ballot, now=now)
    if choice is not None and choice not in {row.pk for row in offered(ballot)}:
        words = _("Choose one of the people on this page, or none of them.")
        raise Refused.at("choice", words)
    given = {"election": ballot.election_id, "ballot": ballot.pk, "choice": choice, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(CAST, given)
        is_first = cursor.rowcount == 1
    if not is_first:
        ballot.refresh_from_db()
        check_open(ballot, now=now)
        raise NotOpen(_("This vote is over. Thank you for your interest."))
