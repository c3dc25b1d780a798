"""Rows for tests and the demo."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from complaints.models import CallbackAttempt
from csm.kit import clock
from organisation.models import Branch, Person
from staff.actions import contest_plans, contest_reports, contests, points
from staff.actions.contests import Weighed
from staff.models import Contest, Plan, PointEntry, SourceKind, Thanks, Trigger

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
