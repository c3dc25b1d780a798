"""Micro-reports of the last weeks: told, read together, asked about; one waits for review."""

import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.data import table
from staff.actions import awareness, micro_reports, turns
from staff.actions.micro_reports import Question, Story
from staff.models import AskedPerson, MicroReport, Turn

WEEKS, DAY = timedelta(weeks=7), timedelta(days=1)
# Of a hundred branches those that record their meeting, and of those asked those who answer and
# know the story.
MEETING, ANSWERING, KNOWING = 70, 80, 84


def tell(company: Company, end: datetime) -> None:
    """Plan as of seven weeks ago, and let each week that has begun happen; one was late."""
    quality, other = company.who(company.root.code, Role.QUALITY_MANAGER)[:2]
    turns.plan(now=end - WEEKS)
    begun = list(Turn.objects.filter(publish_at__lte=end).select_related("branch"))
    for number, turn in enumerate(begun):
        is_late = number == 1
        report = _written(company, turn, number, quality, late=is_late)
        if number >= len(begun) - 3:
            _read_together(company, report, end)
            _ask(report, quality, end)
    coming = Turn.objects.filter(publish_at__gt=end).select_related("branch").first()
    if coming is not None:
        _submitted(company, coming, len(begun), end - timedelta(hours=3), other)
    turns.plan(now=end)


def _written(
    company: Company, turn: Turn, number: int, quality: Person, *, late: bool
) -> MicroReport:
    eve = turn.publish_at - DAY
    report = _submitted(company, turn, number, eve, quality)
    at = turn.publish_at + timedelta(hours=5) if late else eve
    micro_reports.approve(report=report, by=quality, now=at)
    micro_reports.publish_due(now=max(at, turn.publish_at))
    return MicroReport.objects.select_related("turn", "branch").get(pk=report.pk)


def _submitted(
    company: Company, turn: Turn, number: int, now: datetime, quality: Person
) -> MicroReport:
    found = company.who(turn.branch.code, Role.HANDLER)
    by = found[0] if found else company.who(turn.branch.code, Role.BRANCH_MANAGER)[0]
    told = table("micro_reports")["stories"]
    words = dict(told[number % len(told)])
    questions = [Question(*row) for row in words.pop("asked")]
    story = Story(questions=questions, **words)
    report = micro_reports.write(turn=turn, story=story, by=by, now=now)
    micro_reports.submit(report=report, by=by, now=now)
    return report


def _read_together(company: Company, report: MicroReport, end: datetime) -> None:
    chance = _chance(report, "meetings")
    first, last = report.read_on
    day = min(first + chance.randrange(2) * DAY, last, timezone.localdate(end))
    record = partial(awareness.record_meeting, report=report, held_on=day, now=end)
    for site in company.sites.values():
        managers = company.who(site.branch.code, Role.BRANCH_MANAGER)
        people = [*managers, *company.who(site.branch.code, Role.HANDLER)]
        if managers and chance.randrange(100) < MEETING:
            record(branch=site.branch, attendees=people, by=managers[0])


def _ask(report: MicroReport, quality: Person, end: datetime) -> None:
    """The draw a day later; most have answered, some on the phone."""
    drawn_at = min(report.turn.publish_at + DAY, end)
    awareness.draw(report=report, by=quality, now=drawn_at, seed=20_261_119 + report.pk)
    chance, now = _chance(report, "answers"), min(drawn_at + DAY, end)
    rows = AskedPerson.objects.filter(spot_check__report=report)
    for asked in rows.select_related("spot_check", "person", "branch"):
        if chance.randrange(100) < ANSWERING:
            _answer(asked, quality, chance, now)


def _answer(asked: AskedPerson, quality: Person, chance: random.Random, now: datetime) -> None:
    marks = [True] * 3 if chance.randrange(100) < KNOWING else [True, False, False]
    given: dict[str, Any] = {"asked": asked, "now": now}
    if chance.random() < 0.3:
        awareness.type_in(marks=marks, by=quality, **given)
        return
    right = asked.spot_check.report.questions.values_list("right", flat=True)
    chosen = [each if mark else "—" for each, mark in zip(right, marks, strict=True)]
    awareness.answer(chosen=chosen, by=asked.person, **given)


def _chance(report: MicroReport, words: str) -> random.Random:
    return random.Random(f"{report.number} {words}")  # noqa: S311  demo data
