"""Counting answers: set-based, each statement for all break-downs at once.

Only complete responses count, and not what was asked again after an order. A person counts the
responses that they see. Who did not answer a question is in none of its figures.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone

from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Person
from surveys.models import SCALES, Question, QuestionKind, Response, Survey

# What a break-down separates, in the order of the statements' columns. `rank`: tier or grade.
BREAKS = ("branch", "rank", "stage", "source", "month")
VALUES = """
SELECT question, item, value, branch, rank, stage, source, month,
       count(*), count(*) FILTER (WHERE chosen)
FROM (
    SELECT a.question_id AS question, a.item, a.value::int AS value,
           r.branch_id AS branch, r.rank, r.stage, r.source, r.month, r.chosen
    FROM rows r JOIN surveys_answer a ON a.response_id = r.id
    WHERE a.question_id = ANY(%s) AND a.value IS NOT NULL
) answered
GROUP BY GROUPING SETS (
    (question, item, value), (question, item, value, branch), (question, item, value, rank),
    (question, item, value, stage), (question, item, value, source), (question, item, value, month)
)
"""
RESPONSES = """
SELECT branch_id, rank, stage, source, month,
       count(*), count(*) FILTER (WHERE chosen), count(*) FILTER (WHERE chosen AND is_doubtful)
FROM rows GROUP BY GROUPING SETS ((), (branch_id), (rank), (stage), (source), (month))
"""
CHOICES = """
SELECT a.question_id, c.key, count(*)
FROM rows r JOIN surveys_answer a ON a.response_id = r.id,
     jsonb_array_elements_text(a.choices || '[""]'::jsonb) AS c (key)
WHERE r.chosen AND a.question_id = ANY(%s) GROUP BY a.question_id, c.key
"""
NUMBERS = """
SELECT a.question_id, count(*), avg(a.value),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY a.value)
FROM rows r JOIN surveys_answer a ON a.response_id = r.id
WHERE r.chosen AND a.question_id = ANY(%s) AND a.value IS NOT NULL GROUP BY a.question_id
"""
ORDINALS = (*SCALES, QuestionKind.RANKING)

# Of (question, item): how often each value was given.
Tallies = dict[tuple[int, str], Counter[int]]
Outside = Counter[tuple[int, str] | None]


@dataclass
class Counts:
    """Of one survey and period; `by` break-down and category. `month` runs over all periods."""

    responses: int = 0
    doubtful: int = 0
    # What the whole survey has beside the period: it is told by both (F-22).
    outside: int = 0
    total: Tallies = field(default_factory=lambda: defaultdict(Counter))
    by: dict[str, dict[Any, Tallies]] = field(default_factory=lambda: {name: {} for name in BREAKS})
    responses_by: dict[str, dict[Any, int]] = field(
        default_factory=lambda: {name: {} for name in BREAKS}
    )
    # The same beside the period: of responses under None, else of question and item.
    outside_by: dict[str, dict[Any, Outside]] = field(
        default_factory=lambda: {name: defaultdict(Counter) for name in BREAKS}
    )


def responses(survey: Survey, person: Person) -> QuerySet[Response]:
    """Those that count, as far as the person sees them."""
    return visible(Response, person).filter(
        survey=survey, completed_at__isnull=False, is_repeat=False
    )


def within(period: Period | None) -> Q:
    """The responses completed in it; all without one."""
    if period is None:
        return Q()
    return Q(completed_at__gte=period.start, completed_at__lt=period.end)


def counted(
    rows: QuerySet[Response], questions: Sequence[Question], period: Period | None = None
) -> Counts:
    """Two statements, however many answers, questions and branches."""
    counts, cells = Counts(), cells_of(rows, period)
    for *where, every, chosen, doubtful in summed(RESPONSES, cells):
        name, category = _place(where)
        if not name:
            counts.responses, counts.doubtful = chosen, doubtful
            counts.outside = every - chosen
        elif number := every if name == "month" else chosen:
            counts.responses_by[name][category] = number
            counts.outside_by[name][category][None] = every - number
    wanted = [row.pk for row in questions if row.kind in ORDINALS]
    for question, item, value, *where, every, chosen in summed(VALUES, cells, wanted):
        name, category = _place(where)
        number = every if name == "month" else chosen
        if name:
            counts.outside_by[name][category][question, item] += every - number
        if number:
            tallies = (
                counts.by[name].setdefault(category, defaultdict(Counter)) if name else counts.total
            )
            tallies[question, item][value] = number
    return counts


def choices(
    rows: QuerySet[Response], questions: Sequence[Question], period: Period | None = None
) -> dict[int, Counter[str]]:
    """How often each option was taken; "" counts who answered the question at all."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for question, key, number in summed(CHOICES, cells_of(rows, period), _ids(questions)):
        found[question][key] = number
    return found


def numbers(
    rows: QuerySet[Response], questions: Sequence[Question], period: Period | None = None
) -> dict[int, tuple[int, float, float]]:
    """Number of answers, mean and median of the questions for a number."""
    found = summed(NUMBERS, cells_of(rows, period), _ids(questions))
    return {question: (n, float(mean), float(median)) for question, n, mean, median in found}


def _ids(questions: Sequence[Question]) -> list[int]:
    return [row.pk for row in questions]


def _place(where: Sequence[Any]) -> tuple[str, Any]:
    """Break-down and category of a line; ("", None) of the whole."""
    found = ((name, cell) for name, cell in zip(BREAKS, where, strict=True) if cell is not None)
    return next(found, ("", None))


def cells_of(rows: QuerySet[Response], period: Period | None) -> QuerySet[Response, Any]:
    """One line per response with what it counts for."""
    zone = timezone.get_default_timezone()
    chosen = within(period)
    cells: QuerySet[Response, Any] = rows.order_by().values(
        "id",
        "branch_id",
        "stage",
        "source",
        rank=Case(When(tier="", then=F("grade")), default=F("tier")),
        month=Cast(TruncMonth("completed_at", tzinfo=zone), DateField()),
        chosen=Case(When(chosen, then=True), default=False, output_field=BooleanField())
        if chosen
        else Value(True),
        is_doubtful=Case(When(suspicion="", then=False), default=True, output_field=BooleanField()),
    )
    return cells


def summed(statement: str, cells: QuerySet[Response, Any], *given: Any) -> list[tuple[Any, ...]]:
    """What a statement adds up of `cells`, which it names `rows`."""
    try:
        inner, values = cells.query.sql_with_params()
    except EmptyResultSet:
        # The library knows before the database that the person sees none.
        return []
    # In place: with what is known of the columns, all break-downs are hashed in one reading.
    whole = f"WITH rows AS NOT MATERIALIZED ({inner}) {statement}"  # the library's, and ours
    with connection.cursor() as cursor:
        cursor.execute(whole, [*values, *given])
        return list(cursor.fetchall())
