"""Points as pages and the API read them: balance, statement, leaderboard (F-21)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from organisation.access import places, visible
from organisation.models import Person
from organisation.models.branch import in_language
from staff.models import PointAccount, PointEntry

SEE_BOARD = "incentive.see"


def balance(person: Person) -> int:
    """The sum of all entries of one person, in points."""
    rows = PointAccount.objects.filter(person=person)
    return rows.values_list("balance", flat=True).first() or 0


def statement(person: Person, *, of: Person) -> QuerySet[PointEntry]:
    """The entries of one person, newest first, that the reader may see."""
    taken = PointEntry.objects.filter(reverses=OuterRef("pk")).values("pk")[:1]
    rows = visible(PointEntry, person).filter(person=of)
    return rows.select_related("revision", "branch", "by").annotate(taken_back=Subquery(taken))


@dataclass(frozen=True)
class Line:
    """One place of a leaderboard; equal points share a place."""

    place: int
    person_id: int
    name: str
    branch: str
    branch_en: str
    points: int

    @property
    def branch_label(self) -> str:
        return in_language(self.branch, self.branch_en)


# Whoever wishes not to be named, or has left, is not; places are those among the named.
BOARD = """
SELECT rank() OVER (ORDER BY s.points DESC), s.person_id, p.name, b.name, b.name_en, s.points
FROM (
    SELECT e.person_id, sum(e.points) AS points, max(e.branch_id) AS branch_id
    FROM staff_pointentry e
    WHERE e.earned_on >= %(first)s AND e.earned_on <= %(last)s AND e.branch_id = ANY(%(branches)s)
        AND e.source_kind <> 'redemption'
    GROUP BY e.person_id
) s
JOIN organisation_person p ON p.id = s.person_id AND p.is_active
JOIN organisation_branch b ON b.id = s.branch_id
LEFT JOIN staff_pointaccount a ON a.person_id = s.person_id
WHERE coalesce(a.is_shown, true) AND s.points > 0
ORDER BY s.points DESC, p.spelling, p.id
LIMIT %(most)s
"""


def board(
    person: Person, *, first: date, last: date, below: str = "", most: int = 100
) -> list[Line]:
    """Who earned most from the day `first` to the day `last`, in the branches one sees.

    `below`: only branches whose path begins with it. What is redeemed does not lower a place.
    """
    ids = [each.pk for each in places(person, SEE_BOARD) if each.path.startswith(below)]
    said: dict[str, Any] = {"first": first, "last": last, "branches": ids, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(BOARD, said)
        return [Line(*row) for row in cursor.fetchall()]
