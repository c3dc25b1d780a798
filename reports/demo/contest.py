"""The contest of the demo company: an earlier one with its winners, and a running one."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from csm.kit import periods
from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.incentives_points import budget
from staff.actions import (
    contest_awards,
    contest_judging,
    contest_plans,
    contest_reports,
    contests,
)
from staff.actions.contests import Weighed
from staff.models import Contest, Plan

DAY = timedelta(days=1)
CRITERIA = (
    Weighed("客户价值", "Value to customers", 30),
    Weighed("创新程度", "Novelty", 20),
    Weighed("执行效果", "Effect", 30),
    Weighed("可推广性", "Fit for others", 20),
)
# Title, problem, benchmark, measures, budget, expected effect, what came of it.
PLANS = (
    ("送货前一小时短信提醒", "客户常因不知道到货时间而无人收货。", "京东物流：到货前推送预计时间",
     "司机出发前一小时由调度发送短信；每周抽查十单。", 1200, "二次配送率由 8% 降到 4%",
     "执行六周，二次配送率降到 4.6%，客户来电减少三成。"),
    ("异常货物拍照即报", "运输途中的问题不能及时反馈，客户最后才知道。", "顺丰：异常件全程可视",
     "发现异常即拍照上传，客服 30 分钟内告知客户。", 800, "告知时间由 6 小时缩到 1 小时",
     "平均告知时间 48 分钟，相关投诉减少一半。"),
    ("月底发货对账日", "月底仓库发货出现差异，客户对账困难。", "海尔：日清日结",
     "每月 25 日与客户共同盘点，差异当日说清。", 500, "对账差异投诉归零",
     "两个月没有对账投诉，客户主动要求保留。"),
    ("玻璃货物专用周转架", "玻璃制品客户破损率高，通用包装不适用。", "福耀玻璃：可循环周转架",
     "员工自制周转架，试用两条线路。", 3000, "破损率由 1.2% 降到 0.3%",
     "试用线路破损率 0.2%。"),
)  # fmt: skip
MARKS = ((9, 8, 9, 9), (8, 7, 8, 9), (8, 6, 7, 8), (9, 9, 8, 6))


def hold(company: Company, end: datetime) -> None:
    """Who marks are the reviewers at the headquarters."""
    [runner] = [person for person in company.accounts if person.username == "quality"]
    codes = [code for code in company.sites if company.who(code, Role.HANDLER)][: len(PLANS)]
    judges = company.who(company.root.code, Role.REVIEWER)
    _past(company, codes, runner, judges, end - 120 * DAY)
    _running(company, codes, runner, end - 20 * DAY)


def _past(
    company: Company, codes: list[str], runner: Person, judges: list[Person], now: datetime
) -> None:
    contest = _open(now, 10)
    for place, code in enumerate(codes):
        plan = _plan(company, contest, code, place, "reported", runner, now + 5 * DAY)
        for shift, judge in enumerate(judges):
            points = zip(contest.criteria.all(), MARKS[place], strict=True)
            given = {row.pk: max(1, mark - shift * (place % 2)) for row, mark in points}
            contest_judging.judge(plan=plan, points=given, words="", by=judge, now=now + 25 * DAY)
    special = Plan.objects.filter(contest=contest, kind="special").first()
    personal = list(special.newest.members.select_related("person", "text")) if special else []
    budget(now + 32 * DAY)
    awards = contests.announce(
        contest=contest,
        personal=personal[:1],
        reason="自己动手解决了客户的特殊需求" if personal else "",
        by=runner,
        now=now + 32 * DAY,
    )
    day = timezone.localdate(now + 36 * DAY)
    for award in awards:
        winner = award.shares.select_related("person")[0].person
        later: dict[str, Any] = {"award": award, "now": now + 37 * DAY}
        contest_awards.hand_over(handed_on=day, handed_to=winner, by=runner, **later)
        contest_awards.hold_ceremony(held_on=day, note="早会上颁奖，全员参加。", by=winner, **later)
    contest_awards.promote(
        plan=Plan.objects.get(pk=awards[0].plan_id),
        title=PLANS[0][0],
        words="送货前一小时发短信，告知预计到达时间与司机电话。",
        method="纳入接触岗位标准，各平台培训一次。",
        by=runner,
        now=now + 40 * DAY,
    )


def _running(company: Company, codes: list[str], runner: Person, now: datetime) -> None:
    """One plan in each phase; the last one was returned."""
    contest = _open(now, 25)
    stages = ("reported", "running", "submitted", "submitted")
    for place, (code, stage) in enumerate(zip(codes, stages, strict=False)):
        plan = _plan(company, contest, code, (place + 1) % len(PLANS), stage, runner, now + 6 * DAY)
        if place == len(PLANS) - 1:
            contest_plans.give_back(
                plan=plan,
                reason="预期效果没有数字，无法检验。",
                again_by=contest.plans_due_on + 2 * DAY,
                by=runner,
                now=now + 9 * DAY,
            )


def _open(now: datetime, days: int) -> Contest:
    zone = timezone.get_default_timezone()
    today = timezone.localdate(now)
    return contests.open_contest(
        period=periods.at(now, kind="quarter", zone=zone).key,
        plans_due_on=today + days * DAY,
        feedback_due_on=today + (days + 10) * DAY,
        review_due_on=today + (days + 20) * DAY,
        criteria=CRITERIA,
        team_prize="团队奖金 2,000 元",
        personal_prize="个人奖金 500 元",
        team_prize_cost=Decimal(2000),
        personal_prize_cost=Decimal(500),
        fewest_reviewers=2,
        by=None,
        now=now,
    )


def _plan(
    company: Company,
    contest: Contest,
    code: str,
    place: int,
    stage: str,
    runner: Person,
    now: datetime,
) -> Plan:
    """Written by the first handler of a branch, whose colleagues are the team."""
    title, problem, benchmark, measures, budget, effect, outcome = PLANS[place]
    team = company.who(code, Role.HANDLER)[:3]
    by = team[0]
    kind = "special" if place == len(PLANS) - 1 else "activity"
    plan = contest_plans.begin(
        contest=contest, branch=company.sites[code].branch, kind=kind, title=title, by=by, now=now
    )
    contest_plans.save(
        plan=plan, title=title, problem=problem, benchmark=benchmark, measures=measures,
        budget=Decimal(budget), effect=effect, team=team, by=by, now=now,
    )  # fmt: skip
    contest_plans.submit(plan=plan, by=by, now=now)
    if stage != "submitted":
        contest_plans.accept(plan=plan, by=runner, now=now + DAY)
        contest_reports.report(
            plan=plan, text=outcome, is_final=stage == "reported", by=by, now=now + 7 * DAY
        )
    return Plan.objects.select_related("contest", "branch").get(pk=plan.pk)
