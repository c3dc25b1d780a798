"""What is to be taught, derived from counts: complaints, orders, surveys (T-18, W-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Q, QuerySet

from complaints.models import (
    Category,
    Complaint,
    Improvement,
    ImprovementKind,
    ImprovementStatus,
    Status,
)
from csm.kit.statistics import RateInterval, rate_interval
from organisation.access import visible
from organisation.models import Person
from staff.models import Course, CourseStatus, Topic
from surveys.models import Answer, Dimension, Question, Response
from surveys.results.gaps import of_seven

WINDOW = timedelta(days=90)
PER_DAYS = 30
MOST_CATEGORIES = 10
# Fewer answers say nothing, and may tell of somebody.
FEWEST_ANSWERS = 5
# What each dimension of service is trained by.
TOPICS = {
    Dimension.TANGIBLES: Topic.PRODUCT,
    Dimension.RELIABILITY: Topic.PROBLEM_SOLVING,
    Dimension.RESPONSIVENESS: Topic.COMMUNICATION,
    Dimension.ASSURANCE: Topic.PRODUCT,
    Dimension.EMPATHY: Topic.EMOTION,
}


@dataclass(frozen=True)
class OfCategory:
    """Complaints of the last 90 days and of those before; rates per 30 days."""

    category: Category
    recent: int
    earlier: int
    courses: int

    @property
    def rate(self) -> RateInterval:
        return rate_interval(self.recent, WINDOW.days, per=PER_DAYS)

    @property
    def rate_before(self) -> RateInterval:
        return rate_interval(self.earlier, WINDOW.days, per=PER_DAYS)


@dataclass(frozen=True)
class OfDimension:
    """What customers perceived minus what they expected, on 1…7, over `n` answers."""

    dimension: str
    topic: str
    n: int
    gap: float

    @property
    def label(self) -> str:
        return str(Dimension(self.dimension).label)

    @property
    def topic_label(self) -> str:
        return str(Topic(self.topic).label)


def of_categories(person: Person, *, now: datetime) -> list[OfCategory]:
    """The categories with most complaints that the person sees; two statements."""
    recent = Q(received_at__gt=now - WINDOW)
    rows = (
        visible(Complaint, person)
        .filter(received_at__gt=now - 2 * WINDOW, received_at__lte=now, category__isnull=False)
        .exclude(status__in=(Status.INVALID, Status.MERGED))
        .order_by()
        .values("category")
        .annotate(recent=Count("pk", filter=recent), earlier=Count("pk", filter=~recent))
        .order_by("-recent", "category")[:MOST_CATEGORIES]
    )
    found = [row for row in rows if row["recent"]]
    known = Category.objects.in_bulk([row["category"] for row in found])
    courses = dict(
        Course.objects.filter(category__in=known, status=CourseStatus.OPEN)
        .order_by()
        .values_list("category")
        .annotate(Count("pk"))
    )
    return [
        OfCategory(
            known[row["category"]], row["recent"], row["earlier"], courses.get(row["category"], 0)
        )
        for row in found
    ]


def of_orders(person: Person) -> QuerySet[Improvement]:
    """Courses that work orders asked for, and for which there is none yet."""
    waiting = (ImprovementStatus.REQUESTED, ImprovementStatus.RUNNING)
    rows = visible(Improvement, person).filter(
        kind=ImprovementKind.COURSE, status__in=waiting, courses__isnull=True
    )
    return rows.select_related("branch", "order").order_by("-pk")


def of_surveys(person: Person, *, now: datetime) -> list[OfDimension]:
    """Dimensions that fall short of what was expected, the widest gap first; one statement."""
    rows = visible(Response, person).filter(
        completed_at__gt=now - 2 * WINDOW,
        completed_at__lte=now,
        is_repeat=False,
        survey__is_anonymous=False,
    )
    answers = (
        Answer.objects.filter(response__in=rows, value__isnull=False, expectation__isnull=False)
        .exclude(question__dimension="")
        .order_by()
        .values_list("question__dimension", "question__kind")
        .annotate(Count("pk"), Avg("value"), Avg("expectation"))
    )
    found = [_gap(dimension, list(answers)) for dimension in Dimension.values]
    short = [each for each in found if each is not None and each.gap < 0]
    return sorted(short, key=lambda each: each.gap)


def _gap(
    dimension: str, answers: Sequence[tuple[str, str, int, float, float]]
) -> OfDimension | None:
    mine = [row for row in answers if row[0] == dimension]
    n = sum(row[2] for row in mine)
    if n < FEWEST_ANSWERS:
        return None
    total = sum(
        count * (of_seven(Question(kind=kind), float(value)) - float(expected))
        for _dimension, kind, count, value, expected in mine
    )
    return OfDimension(dimension, TOPICS[Dimension(dimension)], n, total / n)
