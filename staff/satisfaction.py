"""What staff answered, as pages and the API read it, beside what customers said (S-20, F-22)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from csm.kit.periods import Period
from csm.kit.statistics import csat
from organisation.access import branch_ids, can
from organisation.models import Branch, Person
from staff import groups, outcomes, scorecards
from staff.models import OVERALL, StaffRound, StaffWords
from surveys.results.scores import Figure
from surveys.results.tables import FEWEST

SEE, SEE_WORDS = "incentive.see", "satisfaction.words"
# From this mark on somebody agrees.
AGREES = 4
COUNTS = """
SELECT r.branch_id, m.place, m.mark, count(*)
FROM staff_staffrating r, unnest(r.marks) WITH ORDINALITY AS m (mark, place)
WHERE r.round_id = %s GROUP BY r.branch_id, m.place, m.mark
"""
Tally = dict[int, int]


@dataclass(frozen=True)
class Line:
    """A group of staff, or all (`branch` None): how far they agree with each statement.

    `customers`: those of the same branch and all below it in the same quarter, satisfied by survey
    and at the callback.
    """

    branch: Branch | None
    n: int
    statements: Sequence[Figure]
    customers: Figure
    callbacks: Figure

    @property
    def overall(self) -> Figure:
        return self.statements[OVERALL]


@dataclass(frozen=True)
class Results:
    """`is_open`: it takes answers; `is_ready`: it is over and folded. Before, nothing is told."""

    round: StaffRound
    today_is_open: bool
    has_answered: bool
    answered: int
    asked: int
    lines: Sequence[Line]
    words: Sequence[str]

    @cached_property
    def company(self) -> Line | None:
        return next((line for line in self.lines if line.branch is None), None)

    @property
    def is_ready(self) -> bool:
        return self.round.settled_on is not None

    @property
    def groups(self) -> Sequence[Line]:
        return [line for line in self.lines if line.branch is not None]


def open_round(now: datetime) -> StaffRound | None:
    """The round that takes answers today."""
    today = timezone.localdate(now)
    return StaffRound.objects.filter(first_on__lte=today, last_on__gte=today).first()


def has_answered(of: StaffRound, person: Person) -> bool:
    return of.participations.filter(person=person).exists()


def period_of(row: StaffRound) -> Period:
    return scorecards.quarter(row.quarter)


def results(of: StaffRound, person: Person, *, now: datetime) -> Results:
    """A fixed number of statements. Groups that the person does not see are left out."""
    today = timezone.localdate(now)
    is_ready = of.settled_on is not None
    return Results(
        round=of,
        today_is_open=of.first_on <= today <= of.last_on,
        has_answered=has_answered(of, person),
        answered=of.participations.count(),
        asked=groups.asked().count(),
        lines=_lines(of, person, now) if is_ready else (),
        words=_words(of) if is_ready and can(person, SEE_WORDS) else (),
    )


def _words(of: StaffRound) -> list[str]:
    """In the order of their random keys; none where they are few."""
    rows = StaffWords.objects.filter(round=of).order_by("pk").values_list("text", flat=True)
    found = list(rows)
    return found if len(found) >= FEWEST else []


def _lines(of: StaffRound, person: Person, now: datetime) -> list[Line]:
    cells: dict[int | None, list[Tally]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [of.pk])
        for branch, place, mark, n in cursor.fetchall():
            tallies = cells.setdefault(branch, [{} for _each in of.questions])
            tallies[place - 1][mark] = n
    if not cells:
        return []
    shown = _units(cells, branch_ids(person, SEE))
    root = Branch.objects.top()
    keys = [root.pk, *(unit.pk for unit in shown)]
    said = {
        source: outcomes.figures(source, "branch", keys, period=period_of(of), now=now)
        for source in ("answers", "callbacks")
    }
    every = [_line(None, cells.values(), root.pk, said)]
    for unit in shown:
        below = _below(unit, cells, shown)
        every.append(_line(unit, [cells[pk] for pk in below], unit.pk, said))
    return every


def _units(cells: Iterable[int | None], seen: Sequence[int]) -> list[Branch]:
    """The groups that the person sees and the regions above them, in the order of the tree."""
    groups = Branch.objects.filter(pk__in=[pk for pk in cells if pk])
    wanted = {pk for row in groups for pk in row.ancestor_ids}
    return list(Branch.objects.filter(pk__in=wanted & set(seen), parent__isnull=False))


def _below(unit: Branch, cells: Iterable[int | None], shown: Sequence[Branch]) -> list[int]:
    """Who is above the unit sees all below it, so these paths are known."""
    paths = {row.pk: row.path for row in shown}
    return [pk for pk in cells if pk and paths.get(pk, "").startswith(unit.path)]


def _line(
    unit: Branch | None,
    parts: Iterable[Sequence[Tally]],
    key: int,
    said: dict[str, dict[Any, outcomes.Figure]],
) -> Line:
    added = _added(list(parts))
    statements = [agreement(tally) for tally in added]
    return Line(
        unit,
        statements[OVERALL].n,
        statements,
        customers=share(said["answers"].get(key)),
        callbacks=share(said["callbacks"].get(key)),
    )


def _added(parts: Sequence[Sequence[Tally]]) -> list[Tally]:
    """Statement by statement over all groups."""
    return [
        {
            mark: sum(tally.get(mark, 0) for tally in tallies)
            for mark in {mark for tally in tallies for mark in tally}
        }
        for tallies in zip(*parts, strict=True)
    ]


def agreement(tally: Tally) -> Figure:
    """The share that agrees, with its interval."""
    found = csat(tally, AGREES)
    return Figure("csat", found.share, found.low, found.high, found.mean, found.n)


def share(found: outcomes.Figure | None) -> Figure:
    """Satisfied customers; of fewer than five the figure is not shown beside a group of staff."""
    total, n = found or (0, 0)
    figure = agreement({AGREES: round(total), 0: n - round(total)} if n else {})
    return figure.hidden if 0 < n < FEWEST else figure
