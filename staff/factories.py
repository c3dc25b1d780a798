"""Rows for tests and the demo."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from csm.kit import clock, periods
from organisation.models import Branch, Person
from staff.actions import micro_reports, points
from staff.actions.micro_reports import Question, Story
from staff.models import MicroReport, PointEntry, SourceKind, Trigger, Turn

SOURCES = count(1)


def earned(
    person: Person,
    branch: Branch,
    *,
    trigger: Trigger = Trigger.STAR,
    now: datetime | None = None,
) -> PointEntry:
    """Points of the first rule of a trigger, as if for the next outcome."""
    now = now or clock.now()
    (entry,) = points.award(
        person=person,
        branch=branch,
        trigger=trigger,
        source_kind=SourceKind(trigger),
        source_id=next(SOURCES),
        earned_on=now.date(),
        now=now,
    )
    return entry


# Weeks far from those that the sweep plans.
WEEKS = (date(2030, 1, 7) + timedelta(weeks=number) for number in count())
QUESTIONS = tuple(
    Question(f"第{number}个问题？", f"答案{number}甲", f"答案{number}乙", f"答案{number}丙")
    for number in range(1, 4)
)


def turn(branch: Branch, *, publish_at: datetime | None = None) -> Turn:
    """A week of the branch: that of `publish_at`, else one far ahead."""
    day = timezone.localdate(publish_at) if publish_at else next(WEEKS)
    monday = day - timedelta(days=day.weekday())
    moment = publish_at or periods.moment(monday, time(8), timezone.get_default_timezone())
    return Turn.objects.create(branch=branch, monday=monday, publish_at=moment)


def story(**more: Any) -> Story:
    given: dict[str, Any] = {
        "title": "雨夜送达", "text": "司机在雨中等了四个小时，直到货物全部签收。",
        "tone": "positive", "layer": "heart", "realm": "family", "questions": QUESTIONS,
    }  # fmt: skip
    return Story(**given | more)


def report(
    branch: Branch,
    *,
    by: Person,
    reviewer: Person | None = None,
    now: datetime | None = None,
    of: Turn | None = None,
    until: str = "draft",
    **more: Any,
) -> MicroReport:
    """A report of a week; `until` "submitted", "approved" or "published" by the reviewer."""
    now = now or clock.now()
    of = of or turn(branch, publish_at=now if until == "published" else None)
    made = micro_reports.write(turn=of, story=story(**more), by=by, now=now)
    if until != "draft":
        micro_reports.submit(report=made, by=by, now=now)
    if until in ("approved", "published") and reviewer is not None:
        micro_reports.approve(report=made, by=reviewer, now=now)
    if until == "published":
        micro_reports.publish_due(now=now)
    return MicroReport.objects.select_related("turn", "branch").get(pk=made.pk)
