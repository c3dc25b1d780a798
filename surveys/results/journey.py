"""The journey map: how customers experience each touchpoint, what they expect, where it hurts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from complaints.models import Category, Complaint, Status
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Person
from surveys.models import SCALES, Leg, Response, Touchpoint
from surveys.results.counting import cells_of, summed
from surveys.results.tables import FEWEST

# Without a month, the map shows so much.
SPAN = timedelta(days=365)
# An answer's place on its scale, 0…100; expectation on 1…7.
MARKS = """
SELECT q.key, count(*),
       avg(100.0 * (a.value - s.low) / (s.high - s.low)),
       count(a.expectation), avg(100.0 * (a.expectation - 1) / 6),
       count(*) FILTER (WHERE a.value < q.threshold)
FROM rows r
JOIN surveys_answer a ON a.response_id = r.id AND a.value IS NOT NULL
JOIN surveys_question q ON q.id = a.question_id AND q.key = ANY(%s)
JOIN unnest(%s, %s, %s) AS s (kind, low, high) ON s.kind = q.kind
WHERE r.chosen GROUP BY q.key
"""
NOT_VALID = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)


@dataclass(frozen=True)
class Marks:
    """Of one question key: sums, so that several add up."""

    n: int
    experience: float
    expecting: int
    expectation: float
    low: int


@dataclass(frozen=True)
class Stop:
    """`experience` and `expectation` are 0…100, None where fewer than five answered (F-22)."""

    touchpoint: Touchpoint
    n: int
    experience: float | None
    expectation: float | None
    low: int | None
    complaints: int

    @property
    def gap(self) -> float | None:
        if self.experience is None or self.expectation is None:
            return None
        return self.experience - self.expectation


@dataclass(frozen=True)
class Stage:
    """One stage of the journey; `experience` weighs its touchpoints."""

    leg: Leg
    stops: Sequence[Stop]
    experience: float | None


@dataclass(frozen=True)
class Journey:
    stages: Sequence[Stage]
    experience: float | None
    worst: Sequence[Stop]

    @property
    def has_stops(self) -> bool:
        return any(stage.stops for stage in self.stages)


def journey(person: Person, *, now: datetime, period: Period | None = None) -> Journey:
    """Of all surveys and complaints that the person sees; five statements however many."""
    touchpoints = list(Touchpoint.objects.prefetch_related("categories"))
    start, end = (period.start, period.end) if period else (now - SPAN, now)
    marks = _marks(touchpoints, person, start, end)
    pain = _pain(person, start, end)
    below = _below()
    stops = [_stop(row, marks, pain, below) for row in touchpoints]
    stages = [
        Stage(leg, found, _weighted(found))
        for leg in Leg
        for found in [[stop for stop in stops if stop.touchpoint.leg == leg]]
    ]
    hurting = [stop for stop in stops if stop.complaints or stop.low]
    worst = sorted(
        hurting, key=lambda stop: -stop.touchpoint.weight * (stop.complaints + (stop.low or 0))
    )
    return Journey(stages, _weighted(stops), worst[:3])


def _marks(
    touchpoints: Iterable[Touchpoint], person: Person, start: datetime, end: datetime
) -> dict[str, Marks]:
    keys = sorted({key for row in touchpoints for key in row.question_keys})
    if not keys:
        return {}
    rows = visible(Response, person).filter(
        completed_at__gte=start, completed_at__lt=end, is_repeat=False
    )
    lows, highs = zip(*SCALES.values(), strict=True)
    given = (keys, [str(kind) for kind in SCALES], list(lows), list(highs))
    return {
        key: Marks(n, float(mean) * n, expecting, float(expectation or 0) * expecting, low)
        for key, n, mean, expecting, expectation, low in summed(MARKS, cells_of(rows, None), *given)
    }


def _pain(person: Person, start: datetime, end: datetime) -> Counter[int]:
    """Valid complaints by category."""
    rows = (
        visible(Complaint, person)
        .filter(received_at__gte=start, received_at__lt=end, category__isnull=False)
        .exclude(status__in=NOT_VALID)
        .order_by()
        .values_list("category")
        .annotate(number=Count("pk"))
    )
    return Counter(dict(rows))


def _below() -> dict[int, set[int]]:
    """Each category with all below it."""
    parents = dict(Category.objects.values_list("pk", "parent"))
    below: dict[int, set[int]] = {pk: set() for pk in parents}
    for pk in parents:
        place: int | None = pk
        while place is not None:
            below[place].add(pk)
            place = parents[place]
    return below


def _stop(
    row: Touchpoint, marks: dict[str, Marks], pain: Counter[int], below: dict[int, set[int]]
) -> Stop:
    found = [marks[key] for key in row.question_keys if key in marks]
    n, expecting = sum(each.n for each in found), sum(each.expecting for each in found)
    categories = {pk for category in row.categories.all() for pk in below[category.pk]}
    return Stop(
        touchpoint=row,
        n=n,
        experience=sum(each.experience for each in found) / n if n >= FEWEST else None,
        expectation=(
            sum(each.expectation for each in found) / expecting if expecting >= FEWEST else None
        ),
        low=sum(each.low for each in found) if n >= FEWEST else None,
        complaints=sum(pain[pk] for pk in categories),
    )


def _weighted(stops: Iterable[Stop]) -> float | None:
    """S-15: moments of truth count by their weight."""
    known = [(stop.touchpoint.weight, stop.experience) for stop in stops]
    weighed = [(weight, value) for weight, value in known if value is not None]
    total = sum(weight for weight, _value in weighed)
    return sum(weight * value for weight, value in weighed) / total if total else None
