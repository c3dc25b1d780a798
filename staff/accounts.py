"""Account managers by results and customers' rating: the figures of a quarter (T-20)."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from csm.kit.periods import Period
from csm.kit.statistics import wilson_interval
from organisation.access import branch_ids
from organisation.models import Person, Posting, Role
from organisation.models.branch import in_language
from staff import quarters
from staff.models.accounts import SEE

# The total score from which a customer is satisfied (F-01); fewer answers say nothing.
SATISFIED_FROM, FEWEST_ANSWERS = 7, 5
# Of customers that are theirs now; what is anonymous or asked again is not counted.
FIGURES = """
WITH managers AS (
    SELECT DISTINCT ON (g.person_id) g.person_id, g.branch_id
    FROM organisation_posting g
    JOIN organisation_person p ON p.id = g.person_id AND p.is_active
    WHERE g.role = 'account_manager' AND g.branch_id = ANY(%(branches)s)
    ORDER BY g.person_id, g.branch_id
),
theirs AS (
    SELECT c.id, c.account_manager_id AS person_id
    FROM customers_customer c JOIN managers m ON m.person_id = c.account_manager_id
),
held AS (SELECT person_id, count(*) AS customers FROM theirs GROUP BY person_id),
answered AS (
    SELECT t.person_id, count(*) AS answers, avg(a.value) AS score,
           count(*) FILTER (WHERE a.value >= %(from)s) AS satisfied
    FROM theirs t
    JOIN surveys_response r ON r.customer_id = t.id AND NOT r.is_repeat
        AND r.completed_at >= %(start)s AND r.completed_at < %(end)s
    JOIN surveys_survey s ON s.id = r.survey_id AND NOT s.is_anonymous
    JOIN surveys_answer a ON a.response_id = r.id AND a.value IS NOT NULL
    JOIN surveys_question q ON q.id = a.question_id AND q.kind = 'total'
    GROUP BY t.person_id
),
complained AS (
    SELECT t.person_id, count(*) AS complaints
    FROM theirs t
    JOIN complaints_complaint c ON c.customer_id = t.id
        AND c.received_at >= %(start)s AND c.received_at < %(end)s
        AND c.status NOT IN ('invalid', 'merged')
    GROUP BY t.person_id
),
called AS (
    SELECT t.person_id, count(*) AS callbacks,
           count(*) FILTER (WHERE b.is_satisfied) AS satisfied
    FROM theirs t
    JOIN complaints_complaint c ON c.customer_id = t.id
    JOIN complaints_callbackattempt b ON b.complaint_id = c.id AND b.is_satisfied IS NOT NULL
        AND b.at >= %(start)s AND b.at < %(end)s
    GROUP BY t.person_id
)
SELECT m.person_id, p.name, b.id, b.name, b.name_en,
       coalesce(h.customers, 0), coalesce(a.answers, 0), coalesce(a.satisfied, 0), a.score,
       coalesce(o.complaints, 0), coalesce(l.callbacks, 0), coalesce(l.satisfied, 0)
FROM managers m
JOIN organisation_person p ON p.id = m.person_id
JOIN organisation_branch b ON b.id = m.branch_id
LEFT JOIN held h ON h.person_id = m.person_id
LEFT JOIN answered a ON a.person_id = m.person_id
LEFT JOIN complained o ON o.person_id = m.person_id
LEFT JOIN called l ON l.person_id = m.person_id
ORDER BY b.path, p.spelling, p.id
"""


@dataclass(frozen=True)
class Figures:
    """What is measured of one account manager's customers; stored with the decision."""

    customers: int
    answers: int
    satisfied: int
    score: float | None
    complaints: int
    callbacks: int
    satisfied_callbacks: int

    @property
    def share(self) -> float | None:
        return self.satisfied / self.answers if self.answers >= FEWEST_ANSWERS else None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        if self.share is None:
            return None, None
        return wilson_interval(self.satisfied, self.answers)

    def data(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class Line:
    """An account manager at a branch. `gap`: the mean score minus that of all who are listed."""

    person_id: int
    name: str
    branch_id: int
    branch: str
    branch_en: str
    figures: Figures
    gap: float | None = None

    @property
    def branch_label(self) -> str:
        return in_language(self.branch, self.branch_en)


def asked(query: QueryDict, now: datetime) -> Period:
    """`period=2026-Q3`, or the last quarter that has ended. Raises `Http404` for what is none."""
    key = query.get("period", "")
    if key:
        return of_key(key)
    return quarters.running(now).previous


def of_key(key: str) -> Period:
    """Raises `Http404` for what is no quarter."""
    try:
        return quarters.of_key(key)
    except ValueError as error:
        raise Http404 from error


def undecided(period: Period, places: Collection[int]) -> QuerySet[Person]:
    """Account managers of these branches on whom nobody has decided for the quarter.

    Who came after it is not asked about.
    """
    held = Posting.objects.filter(role=Role.ACCOUNT_MANAGER, branch__in=places)
    rows = Person.objects.filter(
        is_active=True, created_at__lt=period.end, pk__in=held.values("person")
    )
    return rows.exclude(account_reviews__period=period.key)


def lines(reader: Person, period: Period) -> list[Line]:
    """The account managers of the branches that the reader decides on or manages."""
    said: dict[str, Any] = {
        "branches": branch_ids(reader, SEE),
        "start": period.start,
        "end": period.end,
        "from": SATISFIED_FROM,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, said)
        found = [_line(*row) for row in cursor.fetchall()]
    return _with_gaps(found)


def line_of(reader: Person, period: Period, person: Person) -> Line:
    """One of them. Raises `Http404` for whoever is none, or works elsewhere."""
    found = (each for each in lines(reader, period) if each.person_id == person.pk)
    line = next(found, None)
    if line is None:
        raise Http404
    return line


def _line(
    person_id: int,
    name: str,
    branch_id: int,
    branch: str,
    branch_en: str,
    customers: int,
    answers: int,
    satisfied: int,
    score: float | None,
    *rest: int,
) -> Line:
    mean = None if score is None or answers < FEWEST_ANSWERS else float(score)
    figures = Figures(customers, answers, satisfied, mean, *rest)
    return Line(person_id, name, branch_id, branch, branch_en, figures)


def _with_gaps(found: list[Line]) -> list[Line]:
    known = [
        (each.figures.score, each.figures.answers)
        for each in found
        if each.figures.score is not None
    ]
    total = sum(answers for _score, answers in known)
    if not total:
        return found
    mean = sum(score * answers for score, answers in known) / total
    return [
        each
        if each.figures.score is None
        else Line(
            each.person_id, each.name, each.branch_id, each.branch, each.branch_en, each.figures,
            each.figures.score - mean,
        )
        for each in found
    ]  # fmt: skip
