"""The notice (通报) from draft to acknowledgement (C-11, R-03): who sees it, who may, when."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import escalation, notices, opinions, policies
from complaints.models import Complaint, Event, Notice, NoticeCopy, NoticeStatus, Opinion, Timer
from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.access import visible
from organisation.factories import BranchFactory, PersonFactory
from organisation.models import Branch, Counter, Message, Person, Role
from organisation.texts import render

pytestmark = pytest.mark.django_db
TEXT = "货到三日无人联系客户。各平台当日自查。"


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def drafted(desk: Desk, *branches: Branch, **more: Any) -> Notice:
    """By the headquarters, for Wuxi unless other branches are named."""
    given: dict[str, Any] = {"title": "关于到货不通知的通报", "text": TEXT, "by": desk.quality}
    return notices.draft(
        issuing_branch=desk.company.headquarters,
        addressees=branches or [desk.company.branch],
        **given | {"now": at(0)} | more,
    )


def consulting(desk: Desk, *branches: Branch, hours: float = 48) -> Notice:
    notice = drafted(desk)
    asked = list(branches) or [desk.company.sibling]
    opinions.consult(notice=notice, branches=asked, due_at=at(hours), by=desk.quality, now=at(0))
    return notice


def published(desk: Desk, *branches: Branch, **more: Any) -> Notice:
    notice = drafted(desk, *branches, **more)
    notices.publish(notice=notice, by=desk.quality, now=at(1))
    return notice


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def kinds(notice: Notice) -> list[str]:
    return list(Event.objects.filter(notice=notice).order_by("pk").values_list("kind", flat=True))


def clocks(notice: Notice) -> list[tuple[str, int, str, str]]:
    rows = notice.timers.order_by("kind", "cycle")
    return list(rows.values_list("kind", "cycle", "owner_branch__code", "state"))


def seen_by(people: Iterable[Person], notice: Notice) -> list[str]:
    return [p.name for p in people if visible(Notice, p).filter(pk=notice.pk).exists()]


def test_c11_r03_from_draft_over_opinions_to_acknowledgement(desk: Desk) -> None:
    company = desk.company
    complaint = desk.complaint()
    notice = drafted(desk, company.branch, company.sibling, complaint=complaint)
    opinions.consult(
        notice=notice,
        branches=[company.branch, company.sibling],
        due_at=at(10),
        by=desk.quality,
        now=at(0),
    )
    assert told("opinion_asked") == ["manager", "neighbour_manager"]
    assert clocks(notice) == [("opinion", 1, "WX", "running"), ("opinion", 2, "SZ", "running")]

    opinions.give(notice=notice, text="情况属实。", by=desk.handler, now=at(9))
    assert told("opinion_given") == ["quality"]
    with refused(Refused):
        notices.publish(notice=notice, by=desk.quality, now=at(10))  # Suzhou may still answer
    notices.publish(notice=notice, by=desk.quality, now=at(10.01))
    assert (notice.status, notice.number, notice.sequence) == ("published", "通字【2026】001号", 1)
    assert (notice.published_at, notice.numbered_at) == (at(10.01), at(10.01))
    assert told("notice_published") == ["manager", "neighbour_manager"]
    given = Opinion.objects.order_by("branch__path").values_list("branch__code", "text")
    assert dict(given) == {"WX": "情况属实。", "SZ": ""}, "silence is no opinion"
    assert clocks(notice) == [
        ("acknowledgement", 1, "WX", "running"),
        ("acknowledgement", 2, "SZ", "running"),
        ("opinion", 1, "WX", "met"),
        ("opinion", 2, "SZ", "void"),
    ]
    assert "notice_published" in complaint.events.values_list("kind", flat=True)

    opinions.acknowledge(notice=notice, by=desk.manager, now=at(12))
    copies = NoticeCopy.objects.values_list("branch__code", "acknowledged_by__name")
    assert dict(copies) == {"WX": "manager", "SZ": None}
    assert clocks(notice)[:2] == [
        ("acknowledgement", 1, "WX", "met"),
        ("acknowledgement", 2, "SZ", "running"),
    ]
    assert kinds(notice) == [
        *("notice_drafted", "notice_consulted", "opinion_given"),
        *("notice_published", "notice_acknowledged"),
    ]


def test_r03_numbers_follow_each_other_and_drafts_burn_none(desk: Desk) -> None:
    first, second, third = (drafted(desk) for _each in range(3))
    for notice in (third, first):
        notices.publish(notice=notice, by=desk.quality, now=at(1))
    notices.withdraw(notice=second, reason="重复。", by=desk.quality, now=at(1))
    numbers = Notice.objects.order_by("pk").values_list("sequence", "status")
    assert list(numbers) == [(2, "published"), (None, "withdrawn"), (1, "published")]


def test_b01_nobody_but_the_issuing_and_the_asked_units_sees_a_draft(desk: Desk) -> None:
    """A branch that is only named sees it when it is published; who is above sees both."""
    people = [desk.handler, desk.manager, desk.neighbour, desk.quality, desk.executive]
    draft = drafted(desk)
    assert seen_by(people, draft) == ["quality", "executive"]
    asked = consulting(desk, desk.company.sibling)
    assert seen_by(people, asked) == ["neighbour", "quality", "executive"]
    out = published(desk)
    assert seen_by(people, out) == ["handler", "manager", "quality", "executive"]
    notices.withdraw(notice=draft, reason="重复。", by=desk.quality, now=at(2))
    assert seen_by(people, draft) == ["quality", "executive"]
    notices.withdraw(notice=out, reason="有误。", by=desk.quality, now=at(2))
    assert seen_by(people, out) == ["handler", "manager", "quality", "executive"]


def test_c11_a_notice_is_published_whole_or_not(desk: Desk) -> None:
    empty = drafted(desk, text=" ")
    with refused(Refused, "text"):
        notices.publish(notice=empty, by=desk.quality, now=at(1))
    with refused(Refused, "text"):
        opinions.consult(notice=empty, branches=[desk.company.sibling], by=desk.quality, now=at(1))
    nobody = drafted(desk)
    nobody.addressees.clear()
    with refused(Refused, "addressees"):
        notices.publish(notice=nobody, by=desk.quality, now=at(1))
    for person in (desk.handler, desk.manager, desk.specialist, desk.executive):
        with refused(Forbidden):
            notices.publish(notice=drafted_earlier(), by=person, now=at(1))


def drafted_earlier() -> Notice:
    return Notice.objects.exclude(text=" ").get()


def test_c11_an_opinion_comes_once_in_time_and_from_the_unit(desk: Desk) -> None:
    notice = consulting(desk, desk.company.branch, hours=10)
    for person in (desk.neighbour, desk.quality, desk.executive):
        with refused(Forbidden):
            opinions.give(notice=notice, text="同意。", by=person, now=at(1))
    with refused(Refused, "text"):
        opinions.give(notice=notice, text="  ", by=desk.handler, now=at(1))
    with refused(NotOpen):
        opinions.give(notice=notice, text="迟了。", by=desk.handler, now=at(10.001))
    opinions.give(notice=notice, text="同意。", by=desk.handler, now=at(10))
    with refused(NotOpen):
        opinions.give(notice=notice, text="改主意了。", by=desk.manager, now=at(10))
    assert Opinion.objects.get().given_by == desk.handler


def test_c11_further_units_are_asked_while_others_answer_each_once(desk: Desk) -> None:
    company = desk.company
    notice = consulting(desk, company.branch, hours=10)
    ask = partial(opinions.consult, notice=notice, by=desk.quality)
    with refused(Refused, "branches"):
        ask(branches=[company.branch, company.sibling], due_at=at(20), now=at(1))
    with refused(Forbidden):
        opinions.consult(notice=notice, branches=[company.sibling], by=desk.handler, now=at(1))
    assert (Opinion.objects.count(), again(notice).version) == (1, notice.version)
    ask(branches=[company.sibling], due_at=at(20), now=at(1))
    asked = Opinion.objects.values_list("branch__code", "asked_at", "due_at")
    assert set(asked) == {("WX", at(0), at(10)), ("SZ", at(1), at(20))}
    assert again(notice).consulted_at == at(0)
    assert clocks(notice) == [("opinion", 1, "WX", "running"), ("opinion", 2, "SZ", "running")]
    opinions.give(notice=notice, text="同意。", by=desk.handler, now=at(2))
    with refused(Refused):
        notices.publish(notice=notice, by=desk.quality, now=at(19))  # Suzhou may still answer
    opinions.give(notice=notice, text="无异议。", by=desk.neighbour, now=at(19))
    notices.publish(notice=notice, by=desk.quality, now=at(19))
    with refused(NotOpen):
        ask(branches=[company.child], now=at(20))


@pytest.mark.parametrize("hours", [-1, 0, 24 * 61])
def test_c11_opinions_are_asked_for_until_a_sensible_time(desk: Desk, hours: float) -> None:
    notice = drafted(desk)
    ask = partial(opinions.consult, notice=notice, by=desk.quality, now=at(0))
    with refused(Refused, "due_at"):
        ask(branches=[desk.company.sibling], due_at=at(hours))
    with refused(Refused, "branches"):
        ask(branches=[])
    with refused(Refused, "branches"):
        ask(branches=[desk.company.headquarters])


def test_c11_without_a_named_time_the_policy_says_until_when(desk: Desk) -> None:
    notice = drafted(desk)
    opinions.consult(notice=notice, branches=[desk.company.sibling], by=desk.quality, now=at(0))
    assert Opinion.objects.get().due_at == Timer.objects.get(notice=notice).due_at == at(48)


def test_r03_a_correction_names_what_it_corrects_and_both_stay(desk: Desk) -> None:
    original = published(desk)
    correction = notices.correct(notice=original, by=desk.quality, now=at(2))
    assert notices.correct(notice=again(original), by=desk.quality, now=at(2)) == correction
    assert (correction.corrects, correction.status) == (original, "draft")
    assert list(correction.addressees.all()) == [desk.company.branch]
    notices.save(
        notice=correction,
        title="更正",
        text=TEXT,
        addressees=[desk.company.branch, desk.company.sibling],
        by=desk.quality,
        now=at(3),
    )
    notices.publish(notice=correction, by=desk.quality, now=at(3))
    original = again(original)
    assert (original.number, original.status, original.text) == (
        "通字【2026】001号", "published", TEXT,
    )  # fmt: skip
    assert correction.number == "通字【2026】002号"
    assert notices.correct(notice=original, by=desk.quality, now=at(4)) != correction


def test_r03_a_withdrawn_notice_keeps_its_number_and_asks_nothing_more(desk: Desk) -> None:
    notice = published(desk, desk.company.branch, desk.company.sibling)
    opinions.acknowledge(notice=notice, by=desk.handler, now=at(2))
    with refused(Refused, "reason"):
        notices.withdraw(notice=notice, reason=" ", by=desk.quality, now=at(3))
    notices.withdraw(notice=notice, reason="事实有误。", by=desk.quality, now=at(3))
    assert (notice.status, notice.number) == ("withdrawn", "通字【2026】001号")
    assert [state for _kind, _cycle, _code, state in clocks(notice)] == ["met", "void"]
    assert told("notice_withdrawn") == ["manager", "neighbour_manager"]
    with refused(NotOpen):
        opinions.acknowledge(notice=notice, by=desk.neighbour, now=at(4))
    for act in (notices.publish, notices.correct):
        with refused(NotOpen):
            act(notice=notice, by=desk.quality, now=at(4))


def test_c11_an_acknowledgement_is_the_branchs_own(desk: Desk) -> None:
    notice = published(desk)
    for person in (desk.quality, desk.neighbour, desk.executive):
        with refused(Forbidden):
            opinions.acknowledge(notice=notice, by=person, now=at(2))
    opinions.acknowledge(notice=notice, by=desk.handler, now=at(2))
    with refused(NotOpen):
        opinions.acknowledge(notice=notice, by=desk.manager, now=at(3))


def test_c11_what_was_read_earlier_is_stale(desk: Desk) -> None:
    notice = drafted(desk)
    old = again(notice)
    given: dict[str, Any] = {"title": "新", "text": TEXT, "addressees": [desk.company.branch]}
    notices.save(notice=notice, by=desk.quality, now=at(1), version=1, **given)
    for act in (
        partial(notices.publish),
        partial(notices.save, **given),
        partial(notices.withdraw, reason="旧的。"),
        partial(opinions.consult, branches=[desk.company.sibling]),
    ):
        with refused(Stale):
            act(notice=old, by=desk.quality, now=at(1))
        with refused(Stale):
            act(notice=again(notice), by=desk.quality, now=at(1), version=1)


def test_c11_the_deadlines_of_a_notice_have_their_ladders(desk: Desk) -> None:
    """Reminders lead to the notice, and say what is to be done; what is done is not reminded of."""
    asked = consulting(desk, desk.company.branch)
    notice = published(desk, desk.company.branch, desk.company.sibling)
    opinions.acknowledge(notice=notice, by=desk.neighbour, now=at(2))
    escalation.fire_due(now=at(30))
    reminded = Message.objects.filter(text="timer_step").order_by("path")
    assert [row.path for row in reminded] == [f"/notices/{asked.pk}/"]
    assert render(reminded[0]).title.startswith("Opinion due")
    escalation.fire_due(now=at(74))
    late = Message.objects.filter(text="timer_step", path=f"/notices/{notice.pk}/")
    assert sorted(row.recipient.name for row in late) == ["manager", "quality"]
    assert render(late[0]).title.startswith("Acknowledgement overdue since")
    assert str(notice.number) in render(late[0]).body


def test_500_branches_are_reached_in_one_statement(desk: Desk) -> None:
    """As many statements for 500 branches as for one; each manager is told once (R-03)."""
    few = drafted(desk, desk.company.branch)
    # What a process reads once is read.
    policies.rule_for(None)
    with CaptureQueriesContext(connection) as of_one:
        notices.publish(notice=few, by=desk.quality, now=at(1))
    branches = [BranchFactory.create(parent=desk.company.region) for _each in range(5)]
    Branch.objects.bulk_create(
        Branch(
            code=f"M{place}",
            name=f"分部{place}",
            level="branch",
            parent=branches[place % 5],
            path=f"{branches[place % 5].path}{10_000 + place}/",
            pk=10_000 + place,
        )
        for place in range(495)
    )
    manager = PersonFactory.create(
        name="five",
        email="",
        postings=[(branch, Role.BRANCH_MANAGER) for branch in branches],
    )
    many = drafted(desk, *Branch.objects.filter(path__startswith=desk.company.region.path,
                                                level="branch").order_by("pk")[3:503])  # fmt: skip
    assert many.addressees.count() == 500
    with CaptureQueriesContext(connection) as of_many:
        notices.publish(notice=many, by=desk.quality, now=at(1))
    written = [q["sql"] for q in of_many if "INSERT INTO organisation_message" in q["sql"]]
    assert (len(written), len(of_many)) == (1, len(of_one))
    assert many.copies.count() == many.timers.count() == 500
    assert Message.objects.filter(recipient=manager, text="notice_published").count() == 1


# What people do at the same moment.


@pytest.mark.django_db(transaction=True)
def test_r03_two_who_publish_at_once_take_one_number(desk: Desk) -> None:
    notice = drafted(desk)
    second = PersonFactory.create(
        branch=desk.company.headquarters, role=Role.QUALITY_MANAGER, email=""
    )
    done = race(*(
        partial(notices.publish, notice=again(notice), by=person, now=at(1))
        for person in (desk.quality, second)
    ))  # fmt: skip
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Stale"]
    assert again(notice).sequence == Counter.objects.get(name="notice:2026").value == 1
    assert NoticeCopy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r03_six_published_at_once_leave_no_gap(desk: Desk) -> None:
    drafts = [drafted(desk) for _each in range(6)]
    race(*(partial(notices.publish, notice=each, by=desk.quality, now=at(1)) for each in drafts))
    numbers = Notice.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_c11_a_unit_that_two_ask_at_once_is_asked_once(desk: Desk) -> None:
    notice = consulting(desk, desk.company.branch)
    ask = partial(opinions.consult, branches=[desk.company.sibling], by=desk.quality, now=at(1))
    done = race(*(partial(ask, notice=again(notice)) for _each in range(2)))
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Stale"]
    assert [row[1:3] for row in clocks(notice)] == [(1, "WX"), (2, "SZ")]


@pytest.mark.django_db(transaction=True)
def test_c11_two_opinions_of_one_unit_at_once_are_one(desk: Desk) -> None:
    notice = consulting(desk, desk.company.branch)
    done = race(*(
        partial(opinions.give, notice=again(notice), text=person.name, by=person, now=at(1))
        for person in (desk.handler, desk.manager)
    ))  # fmt: skip
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "NotOpen"]
    assert Event.objects.filter(kind="opinion_given").count() == 1
    assert Opinion.objects.get().text in ("handler", "manager")


@pytest.mark.django_db(transaction=True)
def test_c11_acknowledged_and_withdrawn_at_once_is_one_after_the_other(desk: Desk) -> None:
    notice = published(desk)
    done = race(
        partial(opinions.acknowledge, notice=again(notice), by=desk.handler, now=at(2)),
        partial(
            notices.withdraw, notice=again(notice), reason="有误。", by=desk.quality, now=at(2)
        ),
    )
    assert done[1] is None
    assert again(notice).status == NoticeStatus.WITHDRAWN
    was_first = done[0] is None
    assert NoticeCopy.objects.get().acknowledged_at == (at(2) if was_first else None)
    assert [row[3] for row in clocks(notice)] == ["met" if was_first else "void"]
    assert Complaint.objects.count() == 0
