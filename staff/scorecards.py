"""Scorecards as they stand: whose there are, what each would be now, which were closed (O-21)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Branch, Person
from staff import outcomes, scoring
from staff import quarters as calendar
from staff.measures import MEASURES
from staff.models import (
    BRANCH_POST,
    CARD_ROLES,
    DEPARTMENT_POST,
    CardKind,
    CardScheme,
    CardSchemeLine,
    Scorecard,
)
from staff.scoring import Card

SEE = "incentive.see"
# Whoever has several postings has the card of the uppermost.
PEOPLE = """
SELECT DISTINCT ON (p.person_id) p.person_id, p.role, p.branch_id
FROM organisation_posting p
JOIN organisation_person x ON x.id = p.person_id AND x.is_active
JOIN organisation_branch b ON b.id = p.branch_id
WHERE p.role = ANY(%s) ORDER BY p.person_id, b.path, p.role
"""
Version = tuple[CardScheme, list[CardSchemeLine]]


@dataclass(frozen=True)
class Subject:
    """Whose card: `key` is what figures are found by; `peers` are those it is ranked among."""

    kind: CardKind
    key: Any
    post: str
    branch_id: int
    peers: str
    person_id: int | None = None
    role: str = ""


@dataclass(frozen=True)
class Standing:
    """A card as it is now, or would be closed."""

    subject: Subject
    scheme: CardScheme
    card: Card


def quarter(key: str) -> Period:
    """Raises `Refused` for what is no quarter."""
    try:
        return calendar.of_key(key)
    except ValueError as error:
        words = _("Enter a quarter such as 2026-Q4.")
        raise Refused.at("quarter", words) from error


def current(now: datetime) -> Period:
    return calendar.running(now)


def is_closed(period: Period) -> bool:
    return Scorecard.objects.filter(quarter=period.key).exists()


def is_to_close(period: Period) -> bool:
    """Not closed, and there were schemes before its end: nothing from before the start is asked."""
    began = CardScheme.objects.filter(created_at__lt=period.end).exists()
    return began and not is_closed(period)


def people() -> list[Subject]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [[role.value for role in CARD_ROLES]])
        return [
            Subject(CardKind.PERSON, person, role, branch, role, person_id=person)
            for person, role, branch in cursor.fetchall()
        ]


def branches() -> list[Subject]:
    rows = Branch.objects.active().filter(parent__isnull=False)
    return [of_branch(row) for row in rows]


def of_branch(row: Branch) -> Subject:
    return Subject(CardKind.BRANCH, row.pk, BRANCH_POST, row.pk, f"branch:{row.level}")


def departments() -> list[Subject]:
    """A department is a role: everybody who holds it."""
    root = Branch.objects.top().pk
    return [
        Subject(CardKind.DEPARTMENT, role.value, DEPARTMENT_POST, root, "department", role=role)
        for role in CARD_ROLES
    ]


def every() -> list[Subject]:
    return [*people(), *branches(), *departments()]


def of_person(person: Person) -> Subject | None:
    """None for those whose work no customer sees."""
    return next((row for row in people() if row.person_id == person.pk), None)


def schemes(period: Period) -> dict[str, Version]:
    """By post the version that held when the quarter ended; before the first one, the first."""
    rows = CardScheme.objects.prefetch_related("lines").order_by("post", "number")
    found: dict[str, Version] = {}
    for row in rows:
        if row.post not in found or row.created_at < period.end:
            found[row.post] = (row, list(row.lines.all()))
    return found


def standings(subjects: Iterable[Subject], *, period: Period, now: datetime) -> list[Standing]:
    """Of many subjects with a fixed number of statements: one per kind and figure."""
    versions = schemes(period)
    wanted = [row for row in subjects if row.post in versions]
    figures: dict[str, Mapping[str, Mapping[Any, outcomes.Figure]]] = {}
    for kind in CardKind:
        keys = [row.key for row in wanted if row.kind == kind]
        figures[kind] = _figures(kind, keys, period, now) if keys else {}
    return [_standing(row, versions[row.post], figures[row.kind]) for row in wanted]


def _figures(
    kind: str, keys: Sequence[Any], period: Period, now: datetime
) -> dict[str, Mapping[Any, outcomes.Figure]]:
    return {
        name: outcomes.figures(measure.source, kind, keys, period=period, now=now)
        for name, measure in MEASURES.items()
    }


def _standing(
    subject: Subject,
    version: Version,
    figures: Mapping[str, Mapping[Any, outcomes.Figure]],
) -> Standing:
    scheme, rows = version
    own = {name: found[subject.key] for name, found in figures.items() if subject.key in found}
    return Standing(subject, scheme, scoring.scored(scheme, rows, own))


def peers(card: Scorecard) -> QuerySet[Scorecard]:
    """The closed cards among which it is ranked, itself included."""
    rows = Scorecard.objects.filter(quarter=card.quarter, kind=card.kind)
    if card.kind == CardKind.BRANCH:
        return rows.filter(branch__level=card.branch.level)
    return rows.filter(scheme__post=card.scheme.post)


def closed(person: Person, *, quarter: str = "", kind: str = "") -> QuerySet[Scorecard]:
    """The closed cards that the person sees, the best of each kind first."""
    rows = visible(Scorecard, person)
    rows = rows.select_related("branch", "person", "scheme", "correction")
    if quarter:
        rows = rows.filter(quarter=quarter)
    return rows.filter(kind=kind) if kind else rows


def quarters() -> list[str]:
    """Those that were closed, the latest first."""
    rows = Scorecard.objects.order_by("-quarter").values_list("quarter", flat=True)
    return list(rows.distinct())
