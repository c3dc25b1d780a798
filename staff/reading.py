"""Points as pages and the API read them: balance, statement, leaderboard (F-21)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, QueryDict

from csm.kit.periods import Period
from organisation.access import Place, places, sees_everything, visible
from organisation.models import Person
from organisation.models.branch import in_language
from staff import spans
from staff.models import PointAccount, PointEntry

SEE_BOARD = "incentive.see"
# What a line of a statement shows: reading whole people, branches and rules takes twice as long.
ENTRY = (
    *("pk", "points", "source_kind", "reverses_id", "reason", "evidence", "earned_on", "at"),
    *("rule__code", "revision__name", "revision__name_en", "revision__cites", "by_id", "by__name"),
    *("branch__code", "branch__name"),
)


def balance(person: Person) -> int:
    """The sum of all entries of one person, in points."""
    rows = PointAccount.objects.filter(person=person)
    return rows.values_list("balance", flat=True).first() or 0


def statement(person: Person, *, of: Person) -> QuerySet[PointEntry]:
    """The entries of one person, newest first, that the reader may see."""
    through = "person" if person.pk == of.pk else None
    rows = visible(PointEntry, person, through=through).filter(person=of)
    return rows.select_related("revision", "branch", "by")


def told(rows: QuerySet[PointEntry]) -> QuerySet[Any]:
    """The same as rows of `ENTRY`, by name."""
    return rows.select_related(None).values_list(*ENTRY, named=True)


def with_taken_back(rows: QuerySet[PointEntry]) -> QuerySet[PointEntry]:
    """Each with `taken_back`: whether an opposite entry follows."""
    return rows.annotate(taken_back=Exists(PointEntry.objects.filter(reverses=OuterRef("pk"))))


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
    WHERE e.earned_on >= %(first)s AND e.earned_on <= %(last)s
        AND (%(everywhere)s OR e.branch_id = ANY(%(branches)s)) AND e.source_kind <> 'redemption'
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
    person: Person, *, first: date, last: date, below: str = "", most: int | None = 100
) -> list[Line]:
    """Who earned most from the day `first` to the day `last`, in the branches one sees.

    `below`: only branches whose path begins with it. What is redeemed does not lower a place.
    """
    ids = [each.pk for each in places(person, SEE_BOARD) if each.path.startswith(below)]
    said: dict[str, Any] = {
        "first": first,
        "last": last,
        "branches": ids,
        "everywhere": not below and sees_everything(person, SEE_BOARD),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(BOARD, said)
        return [Line(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Board:
    """The leaderboard that an address asks for: a period, and perhaps one branch or region."""

    person: Person
    period: Period
    places: list[Place]
    chosen: Place | None

    def lines(self, most: int | None = 100) -> list[Line]:
        below = self.chosen.path if self.chosen else ""
        first, last = self.period.first_on, self.period.last_on
        return board(self.person, first=first, last=last, below=below, most=most)


def asked(person: Person, query: QueryDict, now: datetime) -> Board:
    """`period=2026-Q4` (a month, a year alike) and `branch`: a code that the person sees.

    Raises `Http404` for what is no period, and for a branch that is not seen.
    """
    mine, code = places(person, SEE_BOARD), query.get("branch", "")
    chosen = next((each for each in mine if each.code == code), None)
    if code and chosen is None:
        raise Http404
    return Board(person, spans.asked(query, now), mine, chosen)
