"""What a branch manager hears every morning: what is overdue, what broke, what repeats itself."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import handling, mornings, triage
from complaints.factories import CategoryFactory, ComplaintFactory, quality_manager
from complaints.models import Complaint, Timer
from csm.tests.mailbox import Mailbox
from customers.factories import CustomerFactory
from organisation.actions import absences, calendars, delivery
from organisation.factories import BranchFactory, PersonFactory, Tree, tree
from organisation.models import Branch, Message, Person, Role, SweepRun

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A Thursday; what stands below was received the day before and the day before that.
EIGHT = datetime(2026, 11, 19, 8, tzinfo=SHANGHAI)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(name="孙伟", branch=company.branch, role=Role.BRANCH_MANAGER)


def received(branch: Branch, ago: timedelta, **given: Any) -> Complaint:
    """A complaint that nobody has touched for so long at eight."""
    return ComplaintFactory.create(branch=branch, received_at=EIGHT - ago, now=EIGHT - ago, **given)


def told(text: str = "morning") -> list[tuple[str, str]]:
    rows = Message.objects.filter(text=text, channel="inbox").order_by("recipient__name", "key")
    return list(rows.values_list("recipient__name", "key"))


def told_on(day: str, *branches: Branch, name: str = "孙伟") -> list[tuple[str, str]]:
    return [(name, f"morning:{day}:{branch.pk}") for branch in branches]


def test_the_manager_reads_counts_the_worst_and_what_repeats(
    company: Tree, manager: Person, smtp: Mailbox
) -> None:
    delay = CategoryFactory.create(name="延误", name_en="Delay")
    customer = CustomerFactory.create(name="锦江商贸", home_branch=company.branch)
    rows = [
        received(company.branch, 30 * HOUR + place * HOUR, category=delay, subject=f"迟到\n{place}")
        for place in range(4)
    ]
    rows += [received(company.branch, 2 * HOUR, customer=customer) for _place in range(2)]
    late = received(company.branch, 31 * HOUR, until="handling", handler=manager)
    handling.apologise(complaint=late, channel="phone", words="x", by=manager, now=EIGHT - 2 * HOUR)
    received(company.sibling, 50 * HOUR)
    Message.objects.all().delete()

    # In the inbox and by mail; the sibling has no manager, so the quality manager hears of it.
    assert mornings.tell(now=EIGHT) == 2 + 1
    assert delivery.deliver(now=EIGHT) == 1
    [mail] = smtp.messages
    words = mail.get_content().replace("\r\n", "\n")
    assert mail["Subject"] == "Wuxi this morning: 11 clocks overdue and open"
    assert "Overdue and open: Apology 6 · Result 5\n" in words
    # Yesterday's alone, the late apology among them: what broke after midnight is only overdue.
    assert "Broken since 2026-11-18: Apology 5 · Result 1\n" in words
    listed = re.findall(r"^(TS\S+) · (\w+) · since (\S+ \S+) · (.*)$", words, re.MULTILINE)
    assert len(listed) == 5
    assert listed[0] == (rows[3].number, "Apology", "2026-11-18 00:00", "迟到 3")
    assert f"http://localhost:8000/complaints/{rows[3].number}/\n" in words
    assert "Category Delay · Apology · 4 times\n" in words
    assert "Category Delay · Result · 4 times\n" in words
    assert "Customer 锦江商贸 · Apology · 2 times\n" in words
    assert told()[-1:] == told_on("2026-11-19", company.branch)

    client = Client()
    client.force_login(manager)
    manager.language = "zh-hans"
    manager.save()
    page = client.get(reverse("inbox")).content.decode()
    assert f'<a href="/complaints/{rows[3].number}/">{rows[3].number}</a>' in page
    assert "无锡" in page
    assert "延误" in page
    assert "Delay" not in page


def test_once_each_morning_and_late_after_a_downtime(company: Tree, manager: Person) -> None:
    received(company.branch, 3 * HOUR)
    assert mornings.tell(now=EIGHT - timedelta(seconds=1)) == 0
    assert mornings.tell(now=EIGHT) == 2
    received(company.branch, 2 * HOUR)
    for later in (timedelta(minutes=1), 7 * HOUR):
        assert mornings.tell(now=EIGHT + later) == 0
    # Down for a night and half a day: one message, of that day, and nothing of those before.
    assert mornings.tell(now=EIGHT + 5 * DAY + 6 * HOUR) == 2
    assert told() == [
        *told_on("2026-11-19", company.branch),
        *told_on("2026-11-24", company.branch),
    ]


def test_the_day_s_key_holds_even_if_the_mark_is_lost(company: Tree, manager: Person) -> None:
    received(company.branch, 3 * HOUR)
    assert mornings.tell(now=EIGHT) == 2
    SweepRun.objects.all().delete()
    assert mornings.tell(now=EIGHT + HOUR) == 0


@pytest.mark.parametrize(
    ("day", "is_told", "since"),
    [
        ("2026-11-20", True, "2026-11-19"),
        ("2026-11-21", False, ""),  # Saturday
        ("2026-11-23", True, "2026-11-20"),
        ("2026-10-05", False, ""),  # a holiday on a Monday
        ("2026-10-10", True, "2026-10-09"),  # a make-up Saturday
    ],
)
def test_a16_only_on_work_days(
    company: Tree, manager: Person, day: str, is_told: bool, since: str
) -> None:
    calendar = calendars.create(name="客服中心", timezone="Asia/Shanghai", by=None)
    for on in ("2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07", "2026-10-08"):
        calendars.set_day(
            calendar=calendar, on=date.fromisoformat(on), is_working=False, name="国庆", by=None
        )
    calendars.set_day(
        calendar=calendar, on=date(2026, 10, 10), is_working=True, name="调休", by=None
    )
    eight = datetime.fromisoformat(f"{day}T08:00+08:00")
    ComplaintFactory.create(
        branch=company.branch, received_at=eight - 3 * HOUR, now=eight - 3 * HOUR
    )
    assert mornings.tell(now=eight) == (2 if is_told else 0)
    if is_told:
        assert Message.objects.filter(text="morning")[0].context["since"] == since


def test_nothing_to_say_is_not_said(company: Tree, manager: Person) -> None:
    received(company.branch, HOUR - timedelta(minutes=1))  # not overdue
    history = received(company.branch, 90 * DAY)
    Timer.objects.filter(complaint=history).update(fire_at=[], next_fire_at=None)
    doubtful = received(company.branch, 30 * HOUR)
    triage.propose_invalid(
        complaint=doubtful, reason="重复登记", by=quality_manager(), now=EIGHT - HOUR
    )
    void = received(company.branch, 30 * HOUR)
    Timer.objects.filter(complaint=void).update(state="void", next_fire_at=None)
    assert mornings.tell(now=EIGHT) == 0
    assert told() == []


def test_what_was_mended_yesterday_is_said_once(company: Tree, manager: Person) -> None:
    """Late, and done: news of yesterday, none of today's or of the day before's."""
    row = received(company.branch, 12 * HOUR, until="handling", handler=manager)
    handling.apologise(complaint=row, channel="phone", words="x", by=manager, now=EIGHT - HOUR)
    assert mornings.tell(now=EIGHT) == 2
    message = Message.objects.get(text="morning", channel="inbox")
    assert (message.context["open"], message.context["worst"]) == (0, [])
    assert message.context["fresh_by"] == [{"milestone": "apology", "count": 1}]
    Timer.objects.exclude(kind="apology").update(due_at=EIGHT + 9 * DAY)
    assert mornings.tell(now=EIGHT + 4 * DAY) == 0


def test_who_hears(company: Tree) -> None:
    """The managers there, else upwards, else quality; whoever is away has a deputy."""
    above = PersonFactory.create(name="above", branch=company.region, role=Role.BRANCH_MANAGER)
    own = PersonFactory.create(name="own", branch=company.branch, role=Role.BRANCH_MANAGER)
    deputy = PersonFactory.create(name="deputy", branch=company.branch, role=Role.HANDLER)
    PersonFactory.create(name="quality", branch=company.headquarters, role=Role.QUALITY_MANAGER)
    for branch in (company.branch, company.sibling, company.other_region):
        received(branch, 3 * HOUR)
    today = EIGHT.date()
    absences.announce(
        person=own, deputy=deputy, from_on=today, until_on=today, by=None, now=EIGHT - DAY
    )
    mornings.tell(now=EIGHT)
    day = "2026-11-19"
    assert told() == [
        *told_on(day, company.sibling, name=above.name),
        *told_on(day, company.branch, name="deputy"),
        *told_on(day, company.branch, name="own"),
        *told_on(day, company.other_region, name="quality"),
    ]
    heard = Message.objects.get(recipient=deputy, text="morning", channel="inbox")
    assert heard.context["stands_in_for"] == "own"


def test_many_branches_are_as_few_statements_as_one(company: Tree, manager: Person) -> None:
    counts = []
    for day, more in enumerate((1, 20)):
        for _place in range(more):
            branch = BranchFactory.create(parent=company.region)
            PersonFactory.create(branch=branch, role=Role.BRANCH_MANAGER)
            received(branch, 3 * HOUR)
        with CaptureQueriesContext(connection) as queries:
            messages = mornings.tell(now=EIGHT + day * DAY)
        counts.append((messages, len(queries)))
    assert counts == [(2, counts[0][1]), (42, counts[0][1])]
