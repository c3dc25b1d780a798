"""Signs beside the ranking: counted with the cases they are of, and never a verdict (U-15)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import callbacks, handling, receipts, triage
from complaints.models import Complaint
from complaints.tests.clockwork import Desk, again, at, opened_desk
from organisation.models import Person, Posting, Role
from reports import standings, watch
from reports.tests.test_ranking_page import signed_in

pytestmark = pytest.mark.django_db
WEEK = "/rankings/watch/?period=2026-W47"


@pytest.fixture
def desk() -> Desk:
    """Five complaints at Wuxi, each with a sign or none, and a quiet one at Suzhou."""
    found = opened_desk()
    flip(found)
    moved(found)
    own_call(found)
    at_the_last_moment(found)
    found.complaint()
    found.complaint(branch=found.company.sibling, handler=found.neighbour)
    return found


def flip(desk: Desk) -> Complaint:
    row = desk.complaint()
    triage.propose_invalid(complaint=again(row), reason="试拨。", by=desk.quality, now=at(1))
    triage.confirm_invalid(complaint=again(row), by=desk.specialist, now=at(2))
    return row


def moved(desk: Desk) -> Complaint:
    row = desk.complaint("assigned")
    receipts.correct(
        complaint=again(row), received_at=at(-3), reason="电话单。", by=desk.quality, now=at(1)
    )
    return row


def own_call(desk: Desk) -> Complaint:
    """The region's caller works at the branch, too."""
    row = desk.complaint("answered")
    Posting.objects.create(
        person=desk.manager, branch=desk.company.branch, role=Role.QUALITY_MANAGER
    )
    callbacks.record(
        complaint=again(row), is_reached=True, is_satisfied=True, by=desk.manager, now=at(3)
    )
    return row


def at_the_last_moment(desk: Desk) -> Complaint:
    row = desk.complaint()
    handling.answer(
        complaint=again(row), channel="phone", result="好了。", by=desk.handler, now=at(23.5)
    )
    handling.reopen(complaint=again(row), reason="没有好。", by=desk.quality, now=at(30))
    return row


def counts(desk: Desk) -> dict[str, tuple[int, int]]:
    found = watch.counted(standings.period_of("2026-W47"))
    [mine] = [each for each in found if each.branch == desk.company.branch.pk]
    return {each.sign: (each.number, each.n) for each in mine.counts}


def test_each_sign_is_counted_with_the_cases_that_it_is_of(desk: Desk) -> None:
    assert counts(desk) == {
        "flips": (1, 5), "receipts": (1, 5), "callbacks": (1, 1), "deadlines": (1, 2),
    }  # fmt: skip


def test_what_only_looks_like_a_sign_is_none(desk: Desk) -> None:
    """Invalid at once, an hour early and opened again, called back by who issued it."""
    row = desk.complaint("received")
    triage.propose_invalid(complaint=again(row), reason="试拨。", by=desk.quality, now=at(1))
    triage.confirm_invalid(complaint=again(row), by=desk.specialist, now=at(2))
    early = desk.complaint()
    handling.answer(
        complaint=again(early), channel="phone", result="好了。", by=desk.handler, now=at(22.5)
    )
    handling.reopen(complaint=again(early), reason="没有好。", by=desk.quality, now=at(30))
    desk.complaint("called_back")
    # What was not judged yet belongs to the headquarters.
    assert counts(desk) == {
        "flips": (1, 7), "receipts": (1, 7), "callbacks": (1, 2), "deadlines": (1, 4),
    }  # fmt: skip


def test_u15_a_number_opens_its_complaints_without_an_accusation(desk: Desk) -> None:
    text = signed_in(desk.executive).get(WEEK).content.decode()
    assert "they do not say that anybody did wrong" in text
    links = re.findall(r'<a href="(\?[^"]*sign=[^"]+)">1<span', text)
    assert len(links) == 4
    for link in links:
        found = signed_in(desk.executive).get("/rankings/watch/" + link.replace("&amp;", "&"))
        assert "1 of 1 visible to you" in found.content.decode()
    assert "1 other branch received complaints and has no sign." in text
    zh = signed_in(desk.executive, "zh-hans").get(WEEK).content.decode()
    assert "并不表示有人做错了" in zh


def test_b02_a_stranger_sees_the_number_and_no_complaint(desk: Desk) -> None:
    subject = Complaint.objects.filter(branch=desk.company.branch)[0].subject
    path = f"{WEEK}&branch=WX&sign=flips"
    text = signed_in(desk.neighbour).get(path).content.decode()
    assert "0 of 1 visible to you" in text
    assert subject not in text
    assert "1 of 1 visible to you" in signed_in(desk.handler).get(path).content.decode()


@pytest.mark.parametrize(
    "wrong", ["branch=WX&sign=x", "branch=NOBODY&sign=flips", "sign=flips", "period=2026-W99"]
)
def test_an_unknown_sign_branch_or_period_is_not_found(desk: Desk, wrong: str) -> None:
    assert signed_in(desk.executive).get(f"/rankings/watch/?{wrong}").status_code == 404


def test_days_without_a_sign_say_so(desk: Desk) -> None:
    text = signed_in(desk.executive).get("/rankings/watch/?period=2026-W30").content.decode()
    assert "No sign in these days" in text


def asked(person: Person) -> int:
    client = signed_in(person)
    client.get(WEEK)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{WEEK}&branch=WX&sign=flips")
    return len(queries)


def test_the_page_asks_the_same_for_1_complaint_and_for_20(desk: Desk) -> None:
    before = asked(desk.executive)
    for _each in range(19):
        flip(desk)
    assert asked(desk.executive) == before
    assert counts(desk)["flips"] == (20, 24)
    assert timedelta(hours=1) == watch.JUST_BEFORE
