"""Training as pages and the API read it: courses, timeliness, effect (T-18, T-19)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from csm.kit.statistics import RateInterval, rate_interval, wilson_interval
from organisation.access import branch_ids, visible
from organisation.models import Person
from organisation.models.branch import in_language
from staff.models import Attendance, Course, SessionStatus

SEE = "incentive.see"
# Complaints are compared over so many days before and after.
WINDOW = timedelta(days=90)
# Fewer afterwards say nothing yet.
FEWEST_DAYS = 14
PER_DAYS = 30


def courses() -> QuerySet[Course]:
    """All of them, with the day on which each was first held: offered to the whole company."""
    held = Q(sessions__status=SessionStatus.HELD)
    return Course.objects.select_related("category", "branch", "improvement").annotate(
        first_held_at=Min("sessions__starts_at", filter=held),
        held=Count("sessions", filter=held),
    )


@dataclass(frozen=True)
class Timeliness:
    """Of the courses whose day has come: how many were held in time, with the interval (T-18)."""

    due: int
    in_time: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        return self.in_time / self.due if self.due else None


def timeliness(*, now: datetime) -> Timeliness:
    """Over all courses that were to be held by yesterday, or were held already."""
    today = timezone.localdate(now)
    held = Min("sessions__starts_at", filter=Q(sessions__status=SessionStatus.HELD))
    rows = Course.objects.order_by().annotate(first=held).values_list("hold_by", "first")
    counted = [
        first is not None and timezone.localdate(first) <= hold_by
        for hold_by, first in rows
        if hold_by < today or first is not None
    ]
    low, high = wilson_interval(sum(counted), len(counted))
    return Timeliness(len(counted), sum(counted), low, high)


def mine(person: Person) -> QuerySet[Attendance]:
    """One's own sessions, the newest first."""
    rows = visible(Attendance, person).filter(person=person)
    return rows.select_related("session__course").order_by("-session__starts_at", "-pk")


# A branch is compared with itself, around its own first session; what was invalid did not happen.
EFFECT = """
WITH RECURSIVE below AS (
    SELECT id FROM complaints_category WHERE id = %(category)s
    UNION SELECT c.id FROM complaints_category c JOIN below b ON c.parent_id = b.id
),
trained AS (
    SELECT a.branch_id, min(s.starts_at) AS since, count(DISTINCT a.person_id) AS people,
           avg(a.score) AS score
    FROM staff_attendance a JOIN staff_trainingsession s ON s.id = a.session_id
    WHERE s.course_id = %(course)s AND s.status = 'held' AND a.attended
        AND a.branch_id = ANY(%(branches)s)
    GROUP BY a.branch_id
)
SELECT b.name, b.name_en, b.code, t.since, t.people, t.score,
       count(c.id) FILTER (WHERE c.received_at < t.since),
       count(c.id) FILTER (WHERE c.received_at >= t.since)
FROM trained t
JOIN organisation_branch b ON b.id = t.branch_id
LEFT JOIN complaints_complaint c ON c.branch_id = t.branch_id
    AND c.category_id IN (SELECT id FROM below)
    AND c.received_at >= t.since - %(window)s
    AND c.received_at < least(%(now)s, t.since + %(window)s)
    AND c.status NOT IN ('invalid', 'merged')
GROUP BY b.id, t.since, t.people, t.score
ORDER BY b.path
"""


@dataclass(frozen=True)
class Effect:
    """Complaints of the course's category at one branch around its first session.

    Rates are per 30 days with their intervals; `low` and `high` are those of after over before.
    """

    name: str
    name_en: str
    code: str
    since: datetime
    people: int
    score: float | None
    before: int
    after: int
    days: float

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def rate_before(self) -> RateInterval:
        return rate_interval(self.before, WINDOW.days, per=PER_DAYS)

    @property
    def rate_after(self) -> RateInterval:
        return rate_interval(self.after, self.days, per=PER_DAYS)

    @property
    def ratio(self) -> tuple[float, float | None] | tuple[None, None]:
        """Limits of the rate after over the rate before, from the share of those after.

        Given their sum, the complaints after are binomial; an open upper end is None.
        """
        if self.days < FEWEST_DAYS:
            return None, None
        low, high = wilson_interval(self.after, self.before + self.after)
        if low is None or high is None:
            return None, None
        stretch = WINDOW.days / self.days
        upper = None if high >= 1 else high / (1 - high) * stretch
        return (low / (1 - low) * stretch if low < 1 else 0.0), upper

    @property
    def verdict(self) -> str:
        """`fewer`, `more`, `open` (the interval holds 1), or `early`."""
        if self.days < FEWEST_DAYS:
            return "early"
        low, high = self.ratio
        if high is not None and high < 1:
            return "fewer"
        return "more" if low is not None and low > 1 else "open"


def effect(course: Course, person: Person, *, now: datetime) -> list[Effect]:
    """By branch, of those whose complaints the person sees; none without a category."""
    if course.category_id is None:
        return []
    said: dict[str, Any] = {
        "course": course.pk,
        "category": course.category_id,
        "branches": branch_ids(person, "complaint.see"),
        "window": WINDOW,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(EFFECT, said)
        rows = cursor.fetchall()
    return [_effect(row, now) for row in rows]


def _effect(row: tuple[Any, ...], now: datetime) -> Effect:
    name, name_en, code, since, people, score, before, after = row
    days = max(min(now - since, WINDOW) / timedelta(days=1), 0.0)
    mean = None if score is None else float(score)
    return Effect(name, name_en, code, since, people, mean, before, after, days)


def default_day(now: datetime) -> date:
    """A course that is needed today is held within four weeks."""
    return timezone.localdate(now) + timedelta(days=28)
