"""Rows for tests and the demo."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from complaints.models import CallbackAttempt
from csm.kit import clock, periods
from organisation.models import Branch, Person
from staff.actions import contest_plans, contest_reports, contests, micro_reports, points
from staff.actions.contests import Weighed
from staff.actions.micro_reports import Question, Story
from staff.models import (
    Contest,
    MicroReport,
    Plan,
    PointEntry,
    SourceKind,
    Thanks,
    Trigger,
    Turn,
)

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
        earned_on=timezone.localdate(now),
        now=now,
    )
    return entry


CRITERIA = (Weighed("客户价值", "Value", 60), Weighed("创新", "Novelty", 40))
LONG: dict[str, Any] = {
    "problem": "Customers wait for answers",
    "benchmark": "海底捞",
    "measures": "Call back within the hour",
    "effect": "Nine of ten answered within the hour",
}
STAGES = ("draft", "submitted", "running", "reported")


def contest(*, now: datetime, period: str = "2026-Q4", **more: Any) -> Contest:
    """Plans are due in ten days, feedback in twenty, marks in thirty."""
    today = timezone.localdate(now)
    given: dict[str, Any] = {
        "plans_due_on": today + timedelta(days=10),
        "feedback_due_on": today + timedelta(days=20),
        "review_due_on": today + timedelta(days=30),
        "criteria": CRITERIA,
        "team_prize": "2000 元",
        "personal_prize": "500 元",
        "by": None,
    }
    return contests.open_contest(period=period, now=now, **given | more)


def plan(
    of: Contest,
    branch: Branch,
    by: Person,
    *,
    now: datetime,
    runner: Person | None = None,
    until: str = "draft",
    kind: str = "activity",
    title: str = "Answer within the hour",
    team: Sequence[Person] = (),
    **said: Any,
) -> Plan:
    """A whole plan at one of `STAGES`, each act at `now`; whoever writes it is the team."""
    made = contest_plans.begin(contest=of, branch=branch, kind=kind, title=title, by=by, now=now)
    words: dict[str, Any] = LONG | {"budget": Decimal(800)} | said
    contest_plans.save(plan=made, title=title, team=team or [by], by=by, now=now, **words)
    stage = STAGES.index(until)
    if stage > 0:
        contest_plans.submit(plan=made, by=by, now=now)
    if stage > 1 and runner:
        contest_plans.accept(plan=made, by=runner, now=now)
    if stage > 2:
        contest_reports.report(plan=made, text="It works", is_final=True, by=by, now=now)
    return Plan.objects.select_related("contest", "branch").get(pk=made.pk)


def thanked(
    person: Person,
    branch: Branch,
    *,
    callback: CallbackAttempt,
    by: Person,
    now: datetime,
    words: str = "多亏了他，货当天就到了",
) -> Thanks:
    """With the best score, at a callback."""
    return Thanks.objects.create(
        person=person, branch=branch, callback=callback, words=words, is_best=True, by=by, at=now
    )


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
