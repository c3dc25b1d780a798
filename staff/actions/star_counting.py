"""Ending the vote: counting what was given, and keeping the figures as they were then (F-20)."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen
from csm.kit.transitions import move
from staff.actions import star_ballots
from staff.actions.star_news import tell_deciders
from staff.models import StarElection, StarStatus
from staff.star_scores import scores

logger = logging.getLogger(__name__)

# Of those who answered: how many could choose each candidate, and how many did.
TALLY = """
SELECT k.id, coalesce(sum(t.votes) FILTER (WHERE t.choice_id = k.id), 0)::int,
       coalesce(sum(t.votes), 0)::int
FROM staff_starcandidate k
LEFT JOIN (
    SELECT candidates, choice_id, count(*) AS votes
    FROM staff_starballot
    WHERE election_id = %(election)s AND voted_at IS NOT NULL
    GROUP BY candidates, choice_id
) t ON k.id = ANY(t.candidates)
WHERE k.election_id = %(election)s
GROUP BY k.id
ORDER BY k.id
"""
FIGURES = """
UPDATE staff_starcandidate k
SET votes = f.votes, answered = f.answered, raw = f.raw, score = f.score, low = f.low,
    high = f.high
FROM unnest(
    %(ids)s::bigint[], %(votes)s::int[], %(answered)s::int[], %(raw)s::float8[],
    %(score)s::float8[], %(low)s::float8[], %(high)s::float8[]
) AS f(id, votes, answered, raw, score, low, high)
WHERE k.id = f.id
"""


def advance(*, now: datetime) -> None:
    """Of the running votes: count those that are over, send the others' letters.

    Safe to run twice at once; one that fails does not hold the others up.
    """
    rows = StarElection.objects.filter(status=StarStatus.OPEN).select_related("branch")
    for election in rows.order_by("pk"):
        try:
            with transaction.atomic():
                _advance(election, now)
        except Exception:
            logger.exception("star election %s was left as it is", election.pk)


def _advance(election: StarElection, now: datetime) -> None:
    if election.ends_at > now:
        star_ballots.send(election=election, now=now)
        return
    mine = StarElection.objects.filter(pk=election.pk, status=StarStatus.OPEN)
    # Whom another sweep has in hand is counted there.
    if mine.select_for_update(skip_locked=True, no_key=True).exists():
        count(election=election, now=now)


@transaction.atomic
def count(*, election: StarElection, now: datetime) -> None:
    """The vote is over: figures of every candidate, for somebody to decide on. By the system."""
    if now < election.ends_at:
        raise NotOpen(_("Votes are still being given."))
    move(election, to=StarStatus.COUNTED, counted_at=now)
    with connection.cursor() as cursor:
        cursor.execute(TALLY, {"election": election.pk})
        rows: list[tuple[int, int, int]] = cursor.fetchall()
        if rows:
            _keep_figures(rows)
    tell_deciders(election, now=now)


def _keep_figures(rows: Sequence[tuple[int, int, int]]) -> None:
    """Of each candidate: key, votes, customers who answered."""
    ids, votes, answered = (list(column) for column in zip(*rows, strict=True))
    found = scores(list(zip(votes, answered, strict=True)))
    given: dict[str, Any] = {"ids": ids, "votes": votes, "answered": answered}
    given |= {
        name: [getattr(each, "value" if name == "score" else name) for each in found]
        for name in ("raw", "score", "low", "high")
    }
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, given)
