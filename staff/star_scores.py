"""Who leads an election, and what stands in the way of the others (F-20). No database."""

from collections.abc import Sequence

from csm.kit.statistics import shrink_proportions
from csm.kit.statistics.rankings import Shrunk
from staff.models import FEWEST_ANSWERS, Barrier, StarCandidate


def scores(tallies: Sequence[tuple[int, int]]) -> list[Shrunk]:
    """F-20 of pairs (votes, customers who answered); small numbers also feed what is common."""
    return shrink_proportions(tallies)


def own_barrier(row: StarCandidate) -> Barrier | None:
    """What stands in the way of a candidate, whatever the others got."""
    if row.withdrawn_at is not None:
        return Barrier.WITHDRAWN
    if not row.person.is_active:
        return Barrier.LEFT
    return Barrier.FEW if (row.answered or 0) < FEWEST_ANSWERS else None


def leaders(rows: Sequence[StarCandidate]) -> list[StarCandidate]:
    """Those with the highest score who can be elected: several where figures show no difference."""
    able = [row for row in rows if own_barrier(row) is None]
    best = max((row.score or 0.0 for row in able), default=0.0)
    return [row for row in able if (row.score or 0.0) == best]


def barriers(
    rows: Sequence[StarCandidate], star: StarCandidate | None = None
) -> dict[int, Barrier]:
    """Of each who cannot be elected, by key, why not; beside a `star`, of those who lead, too."""
    best = leaders(rows)
    found = {}
    for row in rows:
        barrier = own_barrier(row)
        if barrier is None and row not in best:
            barrier = Barrier.LOWER
        if barrier is None and star is not None and row != star:
            barrier = Barrier.TIED
        if barrier is not None:
            found[row.pk] = barrier
    return found
