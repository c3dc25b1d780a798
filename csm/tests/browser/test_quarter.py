"""The last quarter of 2026, replayed through the doors: thirteen reports, a contest, a star.

Golden Week lies in its first week. Every moment is stated: the clock of the database is set to it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.factories import ComplaintFactory
from complaints.models import CallbackAttempt
from csm.kit import clock
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.quarter import (
    DAY,
    HOUR,
    RIGHT,
    WEEK,
    WRONG,
    Quarter,
    gathered,
    shanghai,
)
from csm.tests.browser.test_every_page import faults
from csm.tests.mailbox import Mailbox
from csm.tests.stated import stated_clock
from organisation.actions import calendars
from staff import factories as staff
from staff import star_factories
from staff.models import (
    AskedPerson,
    Contest,
    FundQuarter,
    InnovationAward,
    MicroReport,
    Plan,
    PointAccount,
    PointEntry,
    PointRule,
    PointRuleRevision,
    Redemption,
    Reward,
    SourceKind,
    StarBallot,
    StarElection,
    Swap,
    TeamMember,
    Turn,
)

BEGUN, ENDED = shanghai(date(2026, 9, 30)), shanghai(date(2027, 1, 4))
MONDAYS = [date(2026, 10, 5) + n * WEEK for n in range(13)]
LATE, FORGOTTEN = 8, 5
RULES = (("callback", 5), ("thanks", 10), ("innovation", 30), ("star", 50))


@pytest.fixture
def quarter(
    company: Company, smtp: Mailbox, settings: Any, transactional_db: None
) -> Iterator[Quarter]:
    settings.QUIET_FROM = settings.QUIET_UNTIL = None
    PointRuleRevision.objects.all().delete()
    PointRule.objects.all().delete()
    calendar = calendars.create(name="中国", timezone="Asia/Shanghai", by=None)
    calendars.load_year(calendar=calendar, year=2026, by=None)
    with stated_clock() as stated:
        yield gathered(company, stated, smtp)


def test_t01_t04_t05_t06_t11_f21_a_quarter_from_golden_week_to_the_star(
    quarter: Quarter, sign_in: SignIn, browser: Browser, live_server: LiveServer
) -> None:
    def phone(*, script: bool) -> Page:
        return browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            viewport=PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
        ).new_page()

    begin(quarter)
    turns = swap_golden_week(quarter)
    between: dict[int, Callable[[Quarter], None]] = {
        1: satisfy,
        2: open_contest,
        3: reopen,
        4: hand_plans_in,
        7: judge,
        9: announce,
        10: redeem,
        12: put_up,
    }
    done: list[int] = []
    for week, turn in enumerate(turns):
        live_through(quarter, week, turn, done)
        if turn.branch.code == "WX" and not AskedPerson.objects.exists():
            check_awareness(quarter, turn, phone(script=False))
        if week in between:
            between[week](quarter)
        told = quarter.sweep(shanghai(turn.monday + 4 * DAY))
        missing = [f"meeting_missing: {quarter.people['manager SZ'].name}"]
        assert [each for each in told if "meeting" in each] == missing * (week == FORGOTTEN)
        if week == FORGOTTEN:
            quarter.meet(MicroReport.objects.get(turn=turn), ["SZ"], turn.monday)
    reports = MicroReport.objects.order_by("turn__monday")
    assert [row.number for row in reports] == [f"微报【2026】{n:03d}号" for n in range(1, 14)]
    assert [row.turn.monday for row in reports if row.is_late] == [MONDAYS[LATE]]
    quarter.clock.at(shanghai(date(2026, 12, 31)))
    assert "12 of 13" in quarter.reads("second", "/staff/micro-reports/")
    elect(quarter, phone, sign_in)
    settle(quarter)


def begin(quarter: Quarter) -> None:
    """Rules of points, the budget of the fund, and every week planned ahead."""
    quarter.clock.at(BEGUN)
    for code, points in RULES:
        quarter.does(
            "resources", "/staff/rules/new/", code=code, trigger=code, name=code, points=points,
            cap_period="quarter", is_on="on",
        )  # fmt: skip
    quarter.does("resources", "/staff/fund/budget/?period=2026-Q4", amount="2400")
    quarter.sweep(BEGUN)


def swap_golden_week(quarter: Quarter) -> list[Turn]:
    """It begins on its first day of work; two branches change weeks when the other agrees."""
    planned = list(Turn.objects.filter(monday__lte=MONDAYS[-1]).select_related("branch"))
    assert [row.monday for row in planned] == MONDAYS
    moments = [shanghai(date(2026, 10, 8), 8), *(shanghai(day, 8) for day in MONDAYS[1:])]
    assert [row.publish_at for row in planned] == moments
    golden, second, third, *_others = planned
    assert len({golden.branch, second.branch, third.branch}) == 3
    asks, agrees = (f"manager {row.branch.code}" for row in (golden, second))
    url = f"/staff/micro-reports/rotation/{golden.pk}/swap/"
    quarter.does(asks, url, week=second.pk, reason="国庆值班")
    assert list(Turn.objects.filter(monday__lte=MONDAYS[-1])) == planned
    quarter.does(agrees, f"/staff/micro-reports/swaps/{Swap.objects.get().pk}/", is_agreed="1")
    turns = list(Turn.objects.filter(monday__lte=MONDAYS[-1]).select_related("branch"))
    assert [row.pk for row in turns[:3]] == [second.pk, golden.pk, third.pk]
    assert [(row.monday, row.publish_at) for row in turns] == list(
        zip(MONDAYS, moments, strict=True)
    )
    return turns


def live_through(quarter: Quarter, week: int, turn: Turn, done: list[int]) -> None:
    """From the writing to the morning meetings; each manager's list says what is left to do."""
    managers = {branch: f"manager {branch.code}" for branch in _branches(quarter)}
    room, eve = "/staff/micro-reports/", turn.publish_at - 2 * DAY + 2 * HOUR
    quarter.clock.at(eve)
    for branch, manager in managers.items():
        assert quarter.agenda(manager, room) == quarter.expected(branch, _day(eve), done)
    report = quarter.write(turn)
    done.append(turn.pk)
    assert quarter.agenda(managers[turn.branch], room) == quarter.expected(
        turn.branch, _day(eve), done
    )
    if week != LATE:
        quarter.approve(report)
    quarter.sweep(turn.publish_at - timedelta(minutes=1))
    assert not MicroReport.objects.filter(pk=report.pk, status="published").exists()
    told = quarter.sweep(turn.publish_at)
    late = [f"micro_report_late: {quarter.people[who].name}"
            for who in (managers[turn.branch], "quality")]  # fmt: skip
    assert [each for each in told if "report_late" in each] == sorted(late) * (week == LATE)
    if week == LATE:
        quarter.clock.at(turn.publish_at + HOUR)
        quarter.approve(report)
        quarter.sweep(turn.publish_at + HOUR)
    assert report.title in quarter.reads("second", room)
    read = "Read the micro-report in the morning meeting, and record it"
    for branch, manager in managers.items():
        asked = [each for each in quarter.agenda(manager, room) if each.startswith(read)]
        assert asked == [f"{read} {branch.name_en}"]
    codes = [branch.code for branch in managers if week != FORGOTTEN or branch.code != "SZ"]
    quarter.meet(report, codes, _day(turn.publish_at))
    left = [each for each in quarter.agenda("manager SZ", room) if each.startswith(read)]
    assert left == [f"{read} Suzhou"] * (week == FORGOTTEN)


def check_awareness(quarter: Quarter, turn: Turn, phone: Page) -> None:
    """Twenty are drawn: one answers by the link of the letter, three do not know the story."""
    report = MicroReport.objects.get(turn=turn)
    url = f"/staff/micro-reports/{report.pk}/awareness/"
    quarter.clock.at(turn.publish_at + 3 * HOUR)
    quarter.does("quality", url, per_branch=7)
    quarter.sweep(turn.publish_at + 4 * HOUR)
    [letter] = [mail for mail in quarter.smtp.messages if mail["To"] == "guest@example.com"]
    phone.goto(link_in(letter.get_content(), "aware"))
    for answer in RIGHT.values():
        phone.get_by_label(answer).check()
    phone.locator("main form button").click()
    expect(phone.locator("h1")).to_have_text("谢谢您")
    phone.context.close()
    rows = list(AskedPerson.objects.filter(answered_at=None).select_related("person"))
    assert len(rows) == 19
    for n, row in enumerate(rows):
        if n < 10:
            said = WRONG if n < 2 else RIGHT
            quarter.posts(row.person, f"/staff/awareness/{row.pk}/", **said)
        else:
            heard = dict.fromkeys(RIGHT, str(n != 10))
            quarter.does("quality", f"/staff/awareness/{row.pk}/", **heard)
    total = quarter.api("second", f"micro-reports/{report.pk}/awareness/")["total"]
    # F-18: 17 of 20 are 85.00 % (63.96 to 94.76).
    figures = [round(100 * total[name], 2) for name in ("value", "low", "high")]
    assert (total["k"], total["n"], figures) == (17, 20, [85.00, 63.96, 94.76])


def satisfy(quarter: Quarter) -> None:
    """Two customers are satisfied at the callback; one thanks by name with the best score."""
    for _each in range(2):
        made = ComplaintFactory.create(
            branch=quarter.company.tree.branch, handler=quarter.people["handler WX"],
            quality=quarter.people["quality"], until="answered", now=clock.now(),
        )  # fmt: skip
        quarter.does(
            "second", f"/callbacks/{made.number}/", reached="yes", satisfied="yes", score="10",
            words="处理很快",
        )  # fmt: skip
    call = CallbackAttempt.objects.latest("pk")
    thanked = quarter.people["handler WX"].pk
    quarter.does(
        "quality", f"/staff/thanks/callbacks/{call.pk}/", person=thanked, words="多亏了周敏"
    )
    quarter.sweep(clock.now())
    assert ledger(quarter, "handler WX") == [("callback", 5), ("callback", 5), ("thanks", 10)]


def reopen(quarter: Quarter) -> None:
    """The one who thanked complains again: the call is taken back, and so are the thanks."""
    number = CallbackAttempt.objects.latest("pk").complaint.number
    quarter.does("quality", f"/complaints/{number}/reopen/", reason="货又晚了")
    quarter.sweep(clock.now())
    quarter.sweep(clock.now())
    assert ledger(quarter, "handler WX")[3:] == [("callback", -5), ("thanks", -10)]
    assert balance(quarter, "handler WX") == 5


def open_contest(quarter: Quarter) -> None:
    said = {
        "period": "2026-Q4", "plans_due_on": "2026-11-06", "feedback_due_on": "2026-11-27",
        "review_due_on": "2026-12-04", "team_awards": 1, "team_prize": "奖金 2000 元",
        "team_prize_cost": "2000", "personal_prize": "奖金 500 元", "personal_prize_cost": "500",
        "fewest_reviewers": 3, "name-0": "客户价值", "weight-0": 60, "name-1": "创新",
        "weight-1": 40,
    }  # fmt: skip
    quarter.does("resources", "/staff/contest/new/", **said)
    assert quarter.agenda("manager SZ", "/staff/contest/") == [
        "Submit the plan for the contest Suzhou"
    ]


def hand_plans_in(quarter: Quarter) -> None:
    """Wuxi and Suzhou in time; Xinwu hands nothing in."""
    contest = Contest.objects.get()
    for branch in _branches(quarter):
        if branch.code == "WX1":
            continue
        who, title = f"handler {branch.code}", f"{branch.name}：到货前一小时来电"
        team = [quarter.people[who].pk, quarter.people[f"manager {branch.code}"].pk]
        quarter.does(
            who, "/staff/contest/plans/new/", contest=contest.pk, branch=branch.pk,
            kind="activity", title=title,
        )  # fmt: skip
        plan = Plan.objects.latest("pk")
        url = f"/staff/contest/plans/{plan.pk}/"
        quarter.does(
            who, f"{url}edit/", title=title, **staff.LONG, budget="800",
            team=team[: 2 if branch.code == "WX" else 1],
        )  # fmt: skip
        quarter.does(who, f"{url}submit/")
        quarter.does("resources", f"{url}accept/")
        quarter.does(who, f"{url}report/", text="六周后来电减少三成", is_final="on")
    assert quarter.agenda("manager SZ", "/staff/contest/") == []


def judge(quarter: Quarter) -> None:
    """Three reviewers, who see neither branch nor names; Wuxi is the better one."""
    keys = [f"points-{row.pk}" for row in Contest.objects.get().criteria.all()]
    for n in range(3):
        for plan in Plan.objects.select_related("branch"):
            url, who = f"/staff/contest/reviews/{plan.pk}/", f"judge {n}"
            assert plan.branch.name not in quarter.reads(who, url).replace("无锡到达仓", "")
            quarter.does(who, url, **dict.fromkeys(keys, 9 if plan.branch.code == "WX" else 7))


def announce(quarter: Quarter) -> None:
    """Refused until the fund reaches for both prizes; then handed over, honoured, promoted."""
    contest = Contest.objects.get()
    url = f"/staff/contest/{contest.pk}/results/"
    member = TeamMember.objects.get(text__plan__branch=quarter.company.tree.sibling)
    said = {"personal": [member.pk], "reason": "一个人想出来的"}
    words = quarter.is_refused("resources", url, **said)
    assert "¥2,400 left of it, ¥2,500 asked for" in words
    assert not InnovationAward.objects.exists()
    quarter.does("resources", "/staff/fund/budget/?period=2026-Q4", amount="3000")
    quarter.does("resources", url, **said)
    for award in InnovationAward.objects.select_related("plan__branch"):
        one, code = f"/staff/contest/awards/{award.pk}/", award.plan.branch.code
        today = _day(clock.now()).isoformat()
        winner = quarter.people[f"handler {code}"].pk
        quarter.does("resources", f"{one}hand-over/", handed_to=winner, handed_on=today)
        quarter.does(f"manager {code}", f"{one}ceremony/", held_on=today, note="早会上颁奖")
    best = Plan.objects.get(branch__code="WX")
    quarter.does(
        "resources", f"/staff/contest/plans/{best.pk}/promote/", title="到货前一小时来电",
        words="调度来电", method="培训",
    )  # fmt: skip
    assert "到货前一小时来电 Wuxi" in quarter.reads("handler WX1", "/staff/practices/")
    rows = {row["branch"]: row for row in quarter.api("second", "contests/timeliness/")}
    assert {name: (row["on_time"], row["due"]) for name, row in rows.items()} == {
        "Wuxi": (1, 1), "Xinwu": (0, 1), "Suzhou": (1, 1)
    }  # fmt: skip
    assert ledger(quarter, "manager WX") == [("innovation", 30)]


def redeem(quarter: Quarter) -> None:
    """Thirty of thirty-five points for a cup, which the fund pays."""
    quarter.does(
        "resources", "/staff/rewards/new/", name="保温杯", points=30, cost="80", pieces=1,
        is_active="on",
    )  # fmt: skip
    url = f"/staff/rewards/{Reward.objects.get().pk}/redeem/"
    quarter.does("handler WX", url, price=30, nonce=1)
    assert "Nothing is left" in quarter.is_refused("manager WX", url, price=30, nonce=2)
    one = f"/staff/redemptions/{Redemption.objects.get().pk}/"
    quarter.does("resources", f"{one}approve/")
    quarter.does("manager WX", f"{one}hand-over/")
    assert (balance(quarter, "handler WX"), left("2026-Q4")) == (5, 420)


def put_up(quarter: Quarter) -> None:
    """An election of the region: customers of the quarter, and three people with their stories."""
    places, now = quarter.company.tree, clock.now()
    quarter.does(
        "resources", "/staff/stars/new/", quarter="2026-Q4", branch=places.region.pk,
        last_on="2027-01-17", prize="奖金 500 元", prize_cost="500",
    )  # fmt: skip
    url = f"/staff/stars/{StarElection.objects.get().pk}/candidates/new/"
    for place, customers in ((places.branch, 16), (places.child, 4), (places.sibling, 11)):
        made = [
            star_factories.served(place, email=f"{place.code.lower()}-{n}@example.com", now=now)
            for n in range(customers)
        ]
        quarter.does(
            f"manager {place.code}", url, branch=place.pk, complaint=made[0].number,
            candidate=quarter.people[f"handler {place.code}"].pk, story=f"{place.name}的故事",
        )  # fmt: skip


def elect(quarter: Quarter, phone: Callable[..., Page], sign_in: SignIn) -> None:
    """Letters, votes, the count; decided by another, once the fund reaches for the prize."""
    quarter.clock.at(ENDED)
    election = StarElection.objects.get()
    url = f"/staff/stars/{election.pk}/"
    quarter.does("resources", f"{url}open/", version=election.version)
    quarter.smtp.messages.clear()
    quarter.sweep(ENDED)
    quarter.sweep(ENDED)
    mails = [(str(mail["To"]), mail.get_content()) for mail in quarter.smtp.messages]
    links = {to: link_in(words, "vote") for to, words in mails if "/vote/" in words}
    assert len(links) == StarBallot.objects.count() == 31
    for to, script in (("wx-0@example.com", True), ("wx-1@example.com", False)):
        vote(phone(script=script), links.pop(to), "周敏", script=script)
    chosen = {row.branch.code: row.pk for row in election.candidates.select_related("branch")}
    # Wuxi 2 + 12 of 16, and none of Xinwu's four; Suzhou 3 of 11; Xinwu 4 of 4.
    yes = {"wx": 12, "wx1": 4, "sz": 3}
    for to, link in links.items():
        code = to.partition("-")[0]
        yes[code] -= 1
        choice = chosen[code.upper()] if yes[code] >= 0 else "none"
        assert Client().post(link, {"choice": choice}).status_code == 303
    over = shanghai(date(2027, 1, 18))
    quarter.clock.at(over)
    assert Client().post(next(iter(links.values())), {"choice": "none"}).status_code == 410
    quarter.sweep(over)
    assert quarter.agenda("director", "/staff/stars/") == [
        "Decide on the service star of Quarter 4, 2026 Jiangsu"
    ]
    star = chosen["WX"]
    assert "¥0 left of it, ¥500 asked for" in quarter.is_refused(
        "director", f"{url}decide/", star=star
    )
    assert (StarElection.objects.get().status, balance(quarter, "handler WX")) == ("counted", 5)
    quarter.does("resources", "/staff/fund/budget/?period=2027-Q1", amount="500")
    page = sign_in("director", locale="zh-CN")
    page.goto(url)
    expect(page.locator("main")).to_contain_text("14 / 20")
    assert faults(page) == []
    page.get_by_role("button", name="公布结果").click()
    expect(page.locator("#star-title")).to_contain_text("周敏")
    rows = election.candidates.order_by("pk")
    assert [(row.votes, row.answered, row.barrier) for row in rows] == [
        (14, 20, ""), (4, 4, "few"), (3, 11, "lower")
    ]  # fmt: skip
    quarter.does("resources", f"{url}prize/", given_on="2027-01-18")
    assert left("2027-Q1") == 0


def vote(page: Page, link: str, name: str, *, script: bool) -> None:
    """As a customer does it on a phone."""
    page.goto(link)
    expect(page.locator("main")).to_contain_text("无锡的故事")
    if script:
        assert faults(page) == []
    page.get_by_label(name).check()
    page.get_by_role("button", name="投票").click()
    expect(page.locator("h1")).to_have_text("感谢您的投票")
    page.context.close()


def settle(quarter: Quarter) -> None:
    """Whatever was earned, taken back and spent: a balance is the sum of its lines."""
    quarter.sweep(shanghai(date(2027, 1, 19)))
    assert ledger(quarter, "handler WX")[5:] == [
        ("innovation", 30), ("redemption", -30), ("star", 50)
    ]  # fmt: skip
    assert ledger(quarter, "handler SZ") == [("innovation", 30)]
    sums = dict(PointEntry.objects.values_list("person").annotate(Sum("points")).order_by())
    kept = dict(PointAccount.objects.values_list("person", "balance"))
    assert {pk: kept.get(pk) for pk in sums} == sums
    assert balance(quarter, "handler WX") == 55
    assert "55" in quarter.reads("handler WX", "/staff/points/")
    board = quarter.reads("second", "/staff/board/?period=2026-Q4")
    assert board.index("周敏") < board.index(quarter.people["handler SZ"].name)
    reverses = PointEntry.objects.exclude(reverses=None)
    assert {row.source_kind for row in reverses} == {SourceKind.CALLBACK, SourceKind.THANKS}


def ledger(quarter: Quarter, who: str) -> list[tuple[str, int]]:
    rows = PointEntry.objects.filter(person=quarter.people[who]).order_by("at", "source_kind")
    return list(rows.values_list("source_kind", "points"))


def balance(quarter: Quarter, who: str) -> int:
    return PointAccount.objects.get(person=quarter.people[who]).balance


def left(period: str) -> int:
    """Of the award fund."""
    return int(FundQuarter.objects.get(period=period).remaining)


def link_in(words: str, purpose: str) -> str:
    found = re.search(rf"https?://[^/\s]+(/{purpose}/[^\s]+)", words)
    assert found, words
    return found.group(1)


def _branches(quarter: Quarter) -> list[Any]:
    places = quarter.company.tree
    return [places.branch, places.child, places.sibling]


def _day(moment: datetime) -> date:
    """In Shanghai."""
    return (moment + 8 * HOUR).date()
