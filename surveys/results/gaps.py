"""Expected against perceived (F-07, S-07), importance against performance (F-08, S-08), own
against the best competitor (S-09)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from django.db.models import QuerySet

from csm.kit.periods import Period
from csm.kit.statistics import ServiceGap, importance_performance, servqual
from surveys.models import SCALES, Dimension, Question, Response
from surveys.results.counting import cells_of, summed
from surveys.results.reading import Asked
from surveys.results.scores import headlines
from surveys.results.tables import FEWEST, labelled

# Points of 100 that the dimensions share (F-07).
WEIGHTS: Mapping[str, float] = {
    Dimension.TANGIBLES: 11,
    Dimension.RELIABILITY: 32,
    Dimension.RESPONSIVENESS: 22,
    Dimension.ASSURANCE: 19,
    Dimension.EMPATHY: 16,
}
# Fewer say nothing about what goes along with what.
ENOUGH_TO_DERIVE = 30
BESIDE = """
SELECT a.question_id, a.item, count(*),
       avg(a.importance) FILTER (WHERE a.value IS NOT NULL),
       avg(a.value) FILTER (WHERE a.importance IS NOT NULL),
       avg(a.expectation) FILTER (WHERE a.value IS NOT NULL),
       avg(a.value) FILTER (WHERE a.expectation IS NOT NULL),
       avg(a.competitor) FILTER (WHERE a.value IS NOT NULL),
       avg(a.value) FILTER (WHERE a.competitor IS NOT NULL)
FROM rows r JOIN surveys_answer a ON a.response_id = r.id
WHERE r.chosen AND a.question_id = ANY(%s)
  AND (a.importance IS NOT NULL OR a.expectation IS NOT NULL OR a.competitor IS NOT NULL)
GROUP BY a.question_id, a.item
"""
TOGETHER = """
SELECT a.question_id, a.item, count(*), corr(a.value, o.value), avg(a.value)
FROM rows r
JOIN surveys_answer o ON o.response_id = r.id AND o.question_id = %s AND o.value IS NOT NULL
JOIN surveys_answer a ON a.response_id = r.id AND a.question_id = ANY(%s) AND a.value IS NOT NULL
WHERE r.chosen GROUP BY a.question_id, a.item
"""
Pair = tuple[float, float]
Map = dict[str, tuple[Pair, str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """One item: means on the scale of 1…7, each pair of those who gave both; None where few did."""

    label: str
    dimension: str
    n: int
    importance: Pair | None
    expectation: Pair | None
    competitor: Pair | None

    @property
    def gap(self) -> float | None:
        """Perceived minus expected."""
        return self.expectation and self.expectation[1] - self.expectation[0]

    @property
    def lead(self) -> float | None:
        """Own minus the best competitor's."""
        return self.competitor and self.competitor[1] - self.competitor[0]

    @property
    def weight(self) -> float | None:
        """How important it is to them."""
        return self.importance and self.importance[0]

    @property
    def expected(self) -> float | None:
        return self.expectation and self.expectation[0]

    @property
    def rival(self) -> float | None:
        """How the best competitor does."""
        return self.competitor and self.competitor[0]

    @property
    def own(self) -> float | None:
        """What they perceive, beside what else they gave."""
        pair = self.expectation or self.importance or self.competitor
        return pair and pair[1]


@dataclass(frozen=True, slots=True)
class Service:
    """The gaps of the dimensions that were asked, in their order."""

    dimensions: Sequence[str]
    gap: ServiceGap


def beside(
    rows: QuerySet[Response], questions: Sequence[Question], period: Period | None = None
) -> list[Beside]:
    """One statement; in the order of the questions."""
    asked = [
        row
        for row in questions
        if row.with_importance or row.with_expectation or row.with_competitor
    ]
    means = {
        (question, item): found
        for question, item, *found in summed(
            BESIDE, cells_of(rows, period), [row.pk for row in asked]
        )
    }
    return [
        _beside(question, label, means[question.pk, item])
        for question in asked
        for item, label in labelled(question)
        if (question.pk, item) in means
    ]


def _beside(question: Question, label: str, found: Sequence[float | None]) -> Beside:
    n = int(found[0] or 0)
    pairs = [
        None
        if other is None or own is None or n < FEWEST
        else (float(other), of_seven(question, float(own)))
        for other, own in zip(found[1::2], found[2::2], strict=True)
    ]
    return Beside(label, question.dimension, n, *pairs)


def of_seven(question: Question, value: float) -> float:
    """Where an answer of another scale would lie on that of importance and expectation."""
    lowest, highest = SCALES[question.kind]
    return 1 + 6 * (value - lowest) / (highest - lowest)


def service(items: Sequence[Beside]) -> Service:
    """F-07: each dimension the mean of its items; weighted by those dimensions that were asked."""
    pairs = {
        dimension: [
            row.expectation for row in items if row.dimension == dimension and row.expectation
        ]
        for dimension in Dimension.values
    }
    asked = [dimension for dimension in Dimension.values if pairs[dimension]]
    found = servqual(
        [mean(own for _expected, own in pairs[dimension]) for dimension in asked],
        [mean(expected for expected, _own in pairs[dimension]) for dimension in asked],
        [WEIGHTS[dimension] for dimension in asked] or None,
    )
    return Service(asked, found)


def stated_map(items: Sequence[Beside]) -> Map:
    """F-08: item → ((importance, performance), quadrant), by what the customers say of it."""
    points = {row.label: row.importance for row in items if row.importance}
    places = importance_performance(points)
    return {label: (point, places[label]) for label, point in points.items()}


def derived(
    rows: QuerySet[Response],
    overall: Question,
    questions: Sequence[Question],
    period: Period | None = None,
) -> dict[str, Pair]:
    """F-08: item → (Pearson's r with the overall answer, performance on 1…7).

    Only where 30 or more gave both answers, and both vary.
    """
    asked = [row for row in questions if row.kind in SCALES and row.pk != overall.pk]
    found = {
        (question, item): (float(r), float(performance))
        for question, item, n, r, performance in summed(
            TOGETHER, cells_of(rows, period), overall.pk, [row.pk for row in asked]
        )
        if n >= ENOUGH_TO_DERIVE and r is not None
    }
    return {
        label: (found[question.pk, item][0], of_seven(question, found[question.pk, item][1]))
        for question in asked
        for item, label in labelled(question)
        if (question.pk, item) in found
    }


def derived_map(points: Mapping[str, Pair]) -> Map:
    """The same map by what goes along with the overall answer."""
    places = importance_performance(points)
    return {label: (point, places[label]) for label, point in points.items()}


@dataclass(frozen=True, slots=True)
class Drivers:
    """All of it; `is_too_few`: an anonymous survey with fewer than five responses has nothing."""

    items: Sequence[Beside]
    service: Service
    stated: Map
    derived: Map
    is_too_few: bool


def drivers(asked: Asked) -> Drivers:
    """Two statements over the answers."""
    few = asked.survey.is_anonymous and asked.chosen[:FEWEST].count() < FEWEST
    items = [] if few else beside(asked.rows, asked.questions, asked.period)
    overall = next(iter(headlines(asked.questions)), None)
    weighed = [row for row in asked.questions if row.with_importance]
    points = (
        derived(asked.rows, overall, weighed, asked.period) if overall and weighed and items else {}
    )
    return Drivers(items, service(items), stated_map(items), derived_map(points), few)
