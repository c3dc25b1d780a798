"""Counting an election of many votes, against the one statement that counts them (F-20)."""

from datetime import datetime, timedelta
from typing import Any

from bench.company import Company
from bench.result import Result, milliseconds
from bench.steps import run, undone
from complaints.models import Complaint
from csm.kit.transitions import move
from organisation.models import Branch, Person
from staff import quarters
from staff import star_factories as factories
from staff.actions import star_counting
from staff.models import StarBallot, StarCandidate, StarElection, StarStatus

# Among fewer, keeping the figures takes longer than counting.
VOTES, FEWEST = 100_000, 50_000
TIMES = 5
MOST = 30  # candidates, each of another branch
QUARTER = "2026-Q1"
# Each customer was served at one or two branches; a tenth did not answer, a fifth chose nobody.
BALLOTS = """
WITH made AS (
    INSERT INTO customers_customer
        (name, kind, tier, grade, stage, language, home_branch_id, note, created_at, version)
    SELECT '投票客户' || i, 'company', '', '3A', '', '', %(branch)s, '', %(now)s, 1
    FROM generate_series(1, %(count)s::int) i
    RETURNING id
),
placed AS (
    SELECT id, row_number() OVER (ORDER BY id) AS i,
           nextval('organisation_publiclink_id_seq') AS link FROM made
),
links AS (
    INSERT INTO organisation_publiclink
        (id, purpose, nonce, token_hash, created_at, expires_at)
    SELECT link, 'vote', '', encode(sha256(gen_random_uuid()::text::bytea), 'hex'), %(now)s,
           %(now)s + interval '92 days'
    FROM placed
),
offered AS (
    SELECT id, link, i, CASE i %% 4
        WHEN 0 THEN ARRAY[k.ids[1 + i %% k.n], k.ids[1 + (i + 1) %% k.n]]
        ELSE ARRAY[k.ids[1 + i %% k.n]] END AS candidates
    FROM placed,
         (SELECT array_agg(id ORDER BY id) AS ids, count(*) AS n FROM staff_starcandidate
          WHERE election_id = %(election)s) k
)
INSERT INTO staff_starballot
    (election_id, quarter, customer_id, candidates, address, link_id, sent_at, voted_at, choice_id)
SELECT %(election)s, %(quarter)s, id, candidates, 'kh' || i || '@example.org', link, %(now)s,
       CASE WHEN i %% 10 > 0 THEN %(now)s::timestamptz END,
       CASE WHEN i %% 10 > 2 THEN candidates[1] END
FROM offered
"""
# Of each candidate how many could choose it, and how many did.
BY_HAND = """
SELECT k.id, count(b.id), count(b.id) FILTER (WHERE b.choice_id = k.id)
FROM staff_starcandidate k
LEFT JOIN (
    SELECT id, choice_id, unnest(candidates) AS candidate
    FROM staff_starballot WHERE election_id = %(election)s AND voted_at IS NOT NULL
) b ON b.candidate = k.id
WHERE k.election_id = %(election)s
GROUP BY k.id
"""


def measure(scale: float, made: Company, now: datetime) -> Result:
    """The whole act of the sweep: counted, scored, the figures kept, those who decide told."""
    election = _voted(max(int(VOTES * scale), FEWEST), made, now)
    count = StarBallot.objects.filter(election=election).count()

    def ours() -> None:
        found = StarElection.objects.select_related("branch").get(pk=election.pk)
        star_counting.count(election=found, now=now)

    measured = milliseconds(lambda: undone(ours), TIMES)
    reference = milliseconds(lambda: run(BY_HAND, {"election": election.pk}), TIMES)
    name = f"election of {count} votes counted, against its one statement"
    return Result(name, measured, reference, measured / reference, 2)


def _voted(count: int, made: Company, now: datetime) -> StarElection:
    """An election that is over, of so many ballots."""
    root = made.quality.postings.get().branch
    begun = quarters.of_key(QUARTER).end + timedelta(days=1)
    election = factories.election(
        root, quarter=QUARTER, last_on=(begun + timedelta(days=20)).date(), now=begun
    )
    _put_up(election, begun)
    move(election, to=StarStatus.OPEN, opened_at=begun)
    given: dict[str, Any] = {
        "election": election.pk,
        "quarter": QUARTER,
        "branch": root.pk,
        "count": count,
        "now": begun,
    }
    run(BALLOTS, given)
    run("VACUUM ANALYZE staff_starballot")
    return election


def _put_up(election: StarElection, now: datetime) -> None:
    """One of each of some branches, whoever it is."""
    branches = Branch.objects.filter(level="branch").order_by("pk")[:MOST]
    people = Person.objects.filter(is_active=True).order_by("pk")[:MOST]
    complaint = Complaint.objects.earliest("pk")
    StarCandidate.objects.bulk_create(
        StarCandidate(
            election=election,
            person=person,
            branch=branch,
            story="x",
            complaint=complaint,
            nominated_at=now,
        )
        for person, branch in zip(people, branches, strict=False)
    )
