"""What spreads from a confirmed order: measures to other branches, a QC topic, a course (T-10)."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from complaints.actions import improvements, lessons
from complaints.actions.lessons import Answer
from complaints.models import Lesson, LessonStatus, MeasureStatus, WorkOrder
from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.plans import HOUR
from reports.demo.stage import Stage

# Of a hundred confirmed orders, those of which others learn; and of a hundred branches those that
# answer within some days.
WORTH_IT, ANSWERING = 5, 75
PROOFS = ("已写入本分公司交接班清单，照片存档。", "已在早会宣贯并抽查三个班次。")
REASONS = ("本分公司没有夜班，不适用。", "本地仓库由供应商管理，无法照搬。", "已有同类措施在执行。")


@dataclass(frozen=True)
class Asked:
    """A topic or a course; `is_running`: it has been taken on."""

    kind: str
    title: str
    reason: str
    is_running: bool


def worth_it(order: WorkOrder) -> list[int]:
    """The numbers of the measures that the confirmer offers: of most orders none, else a few."""
    chance = _chance(order, "worth")
    done = order.measures.filter(status=MeasureStatus.DONE)
    numbers = list(done.order_by("number").values_list("number", flat=True))
    if chance.randrange(100) >= WORTH_IT:
        return []
    return sorted(chance.sample(numbers, min(len(numbers), chance.choice((1, 2, 3)))))


def stage_answers(order: WorkOrder, company: Company, stage: Stage, now: datetime) -> None:
    """Some branches answer within some days, the others not yet."""
    rows = Lesson.objects.filter(measure__order=order).order_by("branch__code")
    for code in rows.values_list("branch__code", flat=True).distinct():
        chance = _chance(order, code)
        managers = company.who(code, Role.BRANCH_MANAGER)
        if managers and chance.randrange(100) < ANSWERING:
            act = partial(_answer, order, code, managers[0], chance)
            stage.at(now + chance.uniform(5, 150) * HOUR, act)


def _answer(order: WorkOrder, code: str, by: Person, chance: random.Random, now: datetime) -> None:
    """Both ways: mostly taken up, now and then declined."""
    mine = Lesson.objects.filter(measure__order=order, branch__code=code)
    rows = mine.filter(status=LessonStatus.OFFERED).select_related("branch").order_by("pk")
    answers = [_said(row, timezone.localdate(now), chance) for row in rows]
    if answers:
        lessons.answer(lesson=answers[0].lesson, answers=answers, by=by, now=now)


def _said(row: Lesson, today: date, chance: random.Random) -> Answer:
    if chance.random() < 0.3:
        return Answer(row, is_adopted=False, given={"reason": chance.choice(REASONS)})
    since = today - timedelta(days=chance.randrange(3))
    given = {"adopted_on": since, "proof": chance.choice(PROOFS)}
    return Answer(row, is_adopted=True, given=given)


def ask(order: WorkOrder, asked: Asked, company: Company, *, by: Person, now: datetime) -> None:
    """The branch asks for it; the service function may take it on, with the asker as its owner."""
    made = improvements.request(
        order=order, kind=asked.kind, title=asked.title, reason=asked.reason, by=by, now=now
    )
    if asked.is_running:
        function = company.who(company.root.code, Role.SERVICE_FUNCTION)[0]
        improvements.start(improvement=made, owner=by, by=function, now=now + HOUR)


def _chance(order: WorkOrder, words: str) -> random.Random:
    """The same for the same order, whatever else happens."""
    return random.Random(f"{order.number} {words} lessons")  # noqa: S311  demo data
