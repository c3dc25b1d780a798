"""What the demonstration company rewards: points since its first day, thanks, rewards, a fund."""

from datetime import datetime, timedelta
from decimal import Decimal

from complaints.models import CallbackAttempt
from organisation.models import Role
from reports.demo.company import Company
from staff.actions import earning, fund, point_rules, points, redemptions, rewards, thanks
from staff.models import PointAccount, PointRuleRevision, Reward, Trigger

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
RULE = ("name", "name_en", "points", "cap", "cap_period", "needs_evidence", "cites", "is_on")
BUDGET = Decimal(20_000)
# Name, English name, words, points, cost, pieces.
REWARDS = (
    ("保温杯", "Thermos cup", "500 毫升，可刻姓名", 15, 60, 40),
    ("图书卡 100 元", "Book card, ¥100", "", 25, 100, 20),
    ("降噪耳机", "Noise-cancelling headphones", "热线同事最爱", 60, 399, 5),
    ("带薪休假半天", "Half a day off", "与平台经理约定日期", 40, 0, 30),
)
WORDS = (
    "周末还专程把货送到门口，态度特别好。",
    "一个电话就把事情讲清楚了，还主动跟进到底。",
    "多亏了她，生产线没有停。",
    "处理得很快，赔付也说得明白。",
)
REASON = "大雪天主动联系客户改约，货物完好送达"
THANKED, GIVEN = 12, 4


def begin(start: datetime) -> None:
    """The rules that a company begins with hold from its first day on."""
    for row in list(PointRuleRevision.objects.newest().select_related("rule")):
        said = {name: getattr(row, name) for name in RULE}
        code, trigger = row.rule.code, row.rule.trigger
        point_rules.delete(rule=row.rule, by=None, now=start)
        point_rules.create(code=code, trigger=trigger, by=None, now=start, **said)


def draw(company: Company, start: datetime, end: datetime) -> None:
    """Thanks, what all of it earned week by week, and what was turned into rewards."""
    _thank(company, end)
    now = start
    while now < end:
        now = min(now + WEEK, end)
        earning.settle(now=now)
    _give(company, end)
    for name, name_en, words, price, cost, pieces in REWARDS:
        rewards.create(
            name=name, name_en=name_en, words=words, points=price, cost=Decimal(cost),
            pieces=pieces, by=None,
        )  # fmt: skip
    budget(end)
    _redeem(company, end)


def budget(now: datetime) -> None:
    """Of the quarter then running."""
    fund.set_budget(period=fund.quarter_at(now).key, amount=BUDGET, by=None, now=now)


def _thank(company: Company, end: datetime) -> None:
    """At callbacks, noted by the quality manager a moment later."""
    by = company.who(company.root.code, Role.QUALITY_MANAGER)[0]
    calls = CallbackAttempt.objects.filter(is_satisfied=True, score__gte=9, at__lt=end - HOUR)
    rows = calls.exclude(by=None).select_related("complaint__handler", "complaint__branch")
    for place, call in enumerate(rows.order_by("-at")[:THANKED]):
        handler = call.complaint.handler
        is_near = handler and handler.postings.filter(branch=call.complaint.branch).exists()
        if handler is not None and is_near and handler.pk not in (by.pk, call.by_id):
            thanks.of_callback(
                callback=call, person=handler, words=WORDS[place % len(WORDS)], by=by,
                now=call.at + HOUR,
            )  # fmt: skip


def _give(company: Company, end: datetime) -> None:
    """Managers of some branches, to their first handler."""
    revision = PointRuleRevision.objects.newest().get(rule__trigger=Trigger.BY_HAND)
    for nonce, site in enumerate(list(company.sites.values())[:GIVEN], start=1):
        code = site.branch.code
        [manager], handlers = (
            company.who(code, role) for role in (Role.BRANCH_MANAGER, Role.HANDLER)
        )
        points.give(
            person=handlers[0], branch=site.branch, revision=revision, reason=REASON, nonce=nonce,
            by=manager, now=end,
        )  # fmt: skip


def _redeem(company: Company, end: datetime) -> None:
    """The three with most points: one waits, one is approved, one has it."""
    [resources] = company.who(company.root.code, Role.HUMAN_RESOURCES)
    cup = Reward.objects.order_by("points")[0]
    best = PointAccount.objects.filter(balance__gte=cup.points).order_by("-balance", "person")
    for place, account in enumerate(best.select_related("person").exclude(person=resources)[:3]):
        made = redemptions.ask(reward=cup, nonce=1, by=account.person, now=end)
        if place:
            redemptions.approve(redemption=made, by=resources, now=end)
        if place > 1:
            redemptions.hand_over(redemption=made, by=resources, now=end)
