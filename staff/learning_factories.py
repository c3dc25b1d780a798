"""What is known and learned, for tests and the demo."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from csm.kit import clock
from organisation.factories import PersonFactory, headquarters
from organisation.models import Branch, Person, Role
from staff.accounts import Figures
from staff.actions import induction, knowledge, task_forces, training
from staff.actions.training import Result
from staff.models import (
    AccountReview,
    Course,
    Duty,
    ExpertAnswer,
    Induction,
    ReviewOutcome,
    TrainingSession,
)


def proposed(
    asker: Person, expert: Person, *, now: datetime | None = None, **asked: Any
) -> ExpertAnswer:
    """A question with an answer that waits for its review."""
    now = now or clock.now()
    given = {"title": "货物受潮后怎样取证？"} | asked
    question = knowledge.ask(by=asker, now=now, **given)
    text = "先拍照，再请客户在签收单上注明。"
    return knowledge.answer(question=question, text=text, by=expert, now=now)


def answered(
    asker: Person, expert: Person, reviewer: Person, *, now: datetime | None = None, **asked: Any
) -> ExpertAnswer:
    """A question with a published answer."""
    now = now or clock.now()
    row = proposed(asker, expert, now=now, **asked)
    knowledge.publish(answer=row, by=reviewer, now=now)
    return row


def inducted(person: Person, branch: Branch, *, now: datetime | None = None) -> Induction:
    """The plan of a new person with a mentor of the company, confirmed."""
    now = now or clock.now()
    mentor = PersonFactory.create(name="导师", branch=branch, role=Role.MENTOR)
    planner, other = resources(2)
    made = induction.plan(
        person=person, branch=branch, mentor=mentor, started_on=timezone.localdate(now),
        steps=["Know the four promises"], by=planner, now=now,
    )  # fmt: skip
    induction.confirm(induction=made, by=other, now=now)
    return made


def resources(number: int) -> list[Person]:
    """So many people of HR at the headquarters, made where there are fewer."""
    held = Person.objects.filter(postings__role=Role.HUMAN_RESOURCES).order_by("pk")
    found = list(held[:number])
    while len(found) < number:
        found.append(PersonFactory.create(branch=headquarters(), role=Role.HUMAN_RESOURCES))
    return found


def reviewed(person: Person, branch: Branch, *, now: datetime | None = None) -> AccountReview:
    """A decision on an account manager, without figures."""
    [by] = resources(1)
    nothing = Figures(0, 0, 0, None, 0, 0, 0)
    return AccountReview.objects.create(
        person=person, branch=branch, period="2026-Q3", outcome=ReviewOutcome.ELECTED,
        grounds="客户评价良好", figures=nothing.data(), decided_by=by,
        decided_at=now or clock.now(),
    )  # fmt: skip


def course(keeper: Person, branch: Branch, *, now: datetime | None = None, **said: Any) -> Course:
    """A course of a branch, to be held within four weeks."""
    now = now or clock.now()
    given = {"title": "倾听与致歉", "topic": "communication"} | said
    given.setdefault("hold_by", timezone.localdate(now) + timedelta(days=28))
    return training.create(branch=branch, by=keeper, now=now, **given)


def trained(
    of: Course,
    branch: Branch,
    trainer: Person,
    people: list[Person],
    *,
    now: datetime | None = None,
    scores: dict[int, int] | None = None,
    **said: Any,
) -> TrainingSession:
    """A session that begins at once; with `scores` by person it is held, and everybody came."""
    now = now or clock.now()
    [planner] = resources(1)
    given: dict[str, Any] = {"place": "二楼会议室", "minutes": 60, "starts_at": now} | said
    made = training.plan_session(
        course=of, branch=branch, trainer=trainer, people=people, by=planner, now=now, **given
    )
    if scores is not None:
        results = [Result(each.pk, attended=True, score=scores.get(each.pk)) for each in people]
        training.record(session=made, results=results, by=planner, now=now)
    return made


def duty(branch: Branch, person: Person, *, now: datetime | None = None, **said: Any) -> Duty:
    """A duty of a new task force of the branch; headquarters lead it."""
    now = now or clock.now()
    lead = PersonFactory.create(
        branch=headquarters(), role=Role.GENERAL_MANAGER, username=None, email=""
    )
    words = {"name": "满意度推进小组", "purpose": "一个季度内把满意率提高五个百分点"}
    force = task_forces.create(branch=branch, lead=lead, by=lead, now=now, **words | said)
    role = person.postings.values_list("role", flat=True)[0]
    text = said.get("name", "每周复盘逾期投诉")
    given: dict[str, Any] = {"department": role, "person": person, "text": text}
    return task_forces.add_duty(force=force, by=lead, now=now, **given)
