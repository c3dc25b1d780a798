"""What the demo company knows and learns: questions to experts, a new person, a course."""

from datetime import datetime, timedelta

from django.utils import timezone

from organisation.models import Person, Role
from reports.demo.company import Company
from staff.actions import induction, knowledge, training
from staff.actions.training import Result

# Category, question, details, answer; without an answer it waits.
QUESTIONS = (
    ("damage", "货物受潮后怎样取证？", "客户在签收后第二天来电，说外箱是湿的。",
     ("1. 请客户保留包装并拍照，照片中要看得见运单号。\n2. 当天到场查看，记录湿度和堆放位置。\n"
     "3. 请承运司机书面说明途中天气和苫盖情况。\n4. 照片和记录随工作单一起上传。")),
    ("delay", "大雪封路时怎样告知客户？", "",
     "先道歉，再说清三件事：货在哪里、何时能动、下一次何时来电。说好的来电时间一定要守住。"),
    ("slow-response", "客户情绪激动时怎样开口？", "电话接通后客户一直在说，插不上话。",
     "先听完，不打断；用客户自己的话复述一遍，再为“让您等这么久”道歉，最后才问单号。"),
    ("loss", "丢货时价值争议怎样处理？", "客户没有保价，要求按市场价赔。", ""),
)  # fmt: skip
STEPS = ("熟悉四项承诺及其责任人", "在导师身旁受理三件投诉", "在导师旁听下答复一位客户")


def learn(company: Company, now: datetime) -> None:
    """Everything at the end of the eight weeks; the same each time."""
    handler = company.who("WX", Role.HANDLER)[0]
    first, second = company.who(company.root.code, Role.SERVICE_FUNCTION)[:2]
    for place, (code, title, details, answer) in enumerate(QUESTIONS):
        at = now - timedelta(days=20 - 4 * place)
        asked = knowledge.ask(
            title=title, details=details, category=company.categories.get(code), by=handler, now=at
        )
        if answer:
            later = at + timedelta(hours=5)
            written = knowledge.answer(question=asked, text=answer, by=first, now=later)
            knowledge.publish(answer=written, by=second, now=later + timedelta(hours=3))
    _guide(company, now)
    _train(company, handler, now)


def _guide(company: Company, now: datetime) -> None:
    """A handler at Wuxi in the second month; the first assessment is written."""
    [manager] = company.who("WX", Role.BRANCH_MANAGER)[:1]
    new = company.who("WX", Role.HANDLER)[-1]
    mentor = company.who(company.root.code, Role.MENTOR)[0]
    resources = company.who(company.root.code, Role.HUMAN_RESOURCES)[0]
    began = now - timedelta(days=45)
    plan = induction.plan(
        person=new, branch=company.sites["WX"].branch, mentor=mentor,
        started_on=timezone.localdate(began), steps=STEPS, by=manager, now=began,
    )  # fmt: skip
    induction.confirm(induction=plan, by=resources, now=began + timedelta(hours=4))
    for step in plan.steps.all()[:2]:
        at = began + timedelta(days=20)
        induction.finish_step(induction=plan, step=step.pk, by=mentor, now=at)
    induction.assess(
        induction=plan, days=30, score=4, words="接电话沉稳，复述准确；工作单原因分析还要多练。",
        by=mentor, now=began + timedelta(days=31),
    )  # fmt: skip


def _train(company: Company, handler: Person, now: datetime) -> None:
    """A course about the most frequent category, held at Wuxi, and one that is still to come."""
    keeper = company.who(company.root.code, Role.SERVICE_FUNCTION)[0]
    wuxi, begins = company.sites["WX"].branch, now - timedelta(days=28)
    course = training.create(
        branch=company.root, title="到货延误：先告知，再解释", topic="communication",
        role=Role.HANDLER, level="entry", goals="延误一小时内主动致电，说清货在哪里、何时能动。",
        category=company.categories["delay"], hold_by=timezone.localdate(now),
        by=keeper, now=begins - timedelta(days=7),
    )  # fmt: skip
    people = company.who("WX", Role.HANDLER)
    session = training.plan_session(
        course=course, branch=wuxi, place="无锡二楼会议室", starts_at=begins, minutes=90,
        trainer=keeper, people=people, by=keeper, now=begins - timedelta(days=6),
    )  # fmt: skip
    results = [
        Result(each.pk, attended=True, score=92 - 6 * place) for place, each in enumerate(people)
    ]
    training.record(session=session, results=results, by=keeper, now=begins + timedelta(hours=2))
    training.create(
        branch=company.root, title="情绪激动的客户：听完再说", topic="emotion",
        role=Role.FRONT_DESK, level="advanced", category=company.categories["slow-response"],
        hold_by=timezone.localdate(now) + timedelta(days=21), by=keeper, now=now,
    )  # fmt: skip
