"""The page of one complaint."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import callbacks, escalation, events, hand_overs, handling, notes, triage
from complaints.factories import (
    CategoryFactory,
    ComplaintFactory,
    WorkOrderFactory,
    quality_manager,
)
from complaints.models import Complaint, Event
from complaints.tests.rows import everything, signed_in
from complaints.timeline import WORDS
from csm.kit import clock
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db
POLYGLOT = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(2)>\"'{{ 7 }}"
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="", name="周敏")


@pytest.fixture
def quality(company: Tree) -> Person:
    return quality_manager()


def page(person: Person, complaint: Complaint, **query: str) -> str:
    answer = signed_in(person).get(reverse("complaint", args=(complaint.number,)), query)
    assert answer.status_code == 200
    return answer.content.decode()


def summaries(text: str) -> list[str]:
    """The labels of the moves that the page offers, in its order."""
    return re.findall(r'<summary class="btn[^"]*">([^<]*)</summary>', text)


@pytest.mark.parametrize(
    ("place", "status"),
    [("branch", 200), ("child", 200), ("sibling", 404), ("region", 404), ("headquarters", 404)],
)
def test_b01_scope_of_the_page(place: str, status: int, company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=getattr(company, place), until="handling")
    client = signed_in(handler)
    assert client.get(reverse("complaint", args=(complaint.number,))).status_code == status


def test_b01_an_unknown_number_is_404(handler: Person) -> None:
    client = signed_in(handler)
    for number in ("TS20990101-0001", "x", "%00", "a" * 300, "<script>"):
        assert client.get(f"/complaints/{number}/").status_code == 404


def test_b01_without_a_login_the_page_asks_for_one(client: Any, company: Tree) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    answer = client.get(reverse("complaint", args=(complaint.number,)))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("login"))


def test_c01_what_is_known_of_the_complaint(company: Tree, quality: Person) -> None:
    front = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK, name="顾晓蕾")
    now = clock.now()
    complaint = ComplaintFactory.create(
        branch=company.branch,
        by=front,
        now=now,
        received_at=now - 2 * HOUR,
        waybill="YD6510 8827",
        subject="外包装压损 12 箱",
        description="夜班装卸\n野蛮作业",
        severity="critical",
    )
    text = page(quality, complaint)
    for words in ("外包装压损 12 箱", "夜班装卸<br>野蛮作业", "YD6510 8827", "Wuxi · 顾晓蕾"):
        assert words in text
    assert "logged 2h 00m late" in text
    assert '<span class="mini mini-over">Critical</span>' in text


def test_the_four_clocks_stand_on_the_page_with_deadlines(company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    text = page(quality, complaint)
    assert text.count('class="ck ckp"') == 4
    sticky = text[text.index("sticky-clocks") :]
    assert sticky[: sticky.index("</ol>")].count('class="ck"') == 4
    assert text.count("<span>Due ") == 4


def test_an_earlier_cycle_is_folded_and_what_it_left_open_stays(
    company: Tree, quality: Person
) -> None:
    now = clock.now()
    complaint = ComplaintFactory.create(branch=company.branch, until="answered", now=now)
    handling.reopen(complaint=complaint, reason="仍未送达。", by=quality, now=now)
    text = page(quality, complaint)
    # The four that count; result of cycle 1; order and callback of cycle 2 behind those of cycle 1.
    assert text.count('class="ck ckp"') == 12
    assert "Clocks of cycle 1" in text
    assert "Clocks of cycle 2" in text


def test_b25_the_phone_is_masked_and_each_look_is_written_down(
    company: Tree, handler: Person
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, phone="13800138000")
    complaint = ComplaintFactory.create(branch=company.branch, customer=customer)
    Complaint.objects.filter(pk=complaint.pk).update(
        contact_phone="13800138000", contact_name="王小明", contact_email="zhang.san@a.cn"
    )
    text = page(handler, complaint)
    assert "138****8000" in text
    assert "z***@a.cn" in text
    for secret in ("13800138000", "王小明", "zhang.san"):
        assert secret not in text
    answer = signed_in(handler).post(reverse("complaint-phone", args=(complaint.number,)))
    assert answer.status_code == 200
    assert "13800138000" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    record = AccessRecord.objects.get()
    assert (record.person, record.what, record.reference) == (handler, "phone", complaint.number)
    part = signed_in(handler).post(
        reverse("complaint-phone", args=(complaint.number,)), headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    assert AccessRecord.objects.count() == 2
    assert "13800138000" not in page(handler, complaint)


@pytest.mark.parametrize("place", ["sibling", "region"])
def test_b01_a_foreign_phone_is_404_and_leaves_no_record(
    place: str, company: Tree, handler: Person
) -> None:
    complaint = ComplaintFactory.create(branch=getattr(company, place))
    before = everything()
    answer = signed_in(handler).post(reverse("complaint-phone", args=(complaint.number,)))
    assert answer.status_code == 404
    assert everything() == before


def test_b05_words_of_people_stay_words(company: Tree, handler: Person, quality: Person) -> None:
    complaint = ComplaintFactory.create(
        branch=company.branch,
        subject=POLYGLOT,
        description=POLYGLOT,
        waybill=POLYGLOT[:60],
        until="handling",
        customer=CustomerFactory.create(
            name=POLYGLOT, home_branch=company.branch, contact_name="x"
        ),
        handler=handler,
    )
    now = clock.now()
    handling.apologise(
        complaint=complaint, channel="phone", words=POLYGLOT, by=handler, now=clock.now()
    )
    notes.write(complaint=complaint, text=POLYGLOT, by=handler, now=now)
    triage.propose_invalid(complaint=complaint, reason=POLYGLOT, by=quality, now=now)
    for text in (page(handler, complaint), page(handler, complaint, move=POLYGLOT)):
        assert "<script>alert" not in text
        assert "<img" not in text
        assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6


# What is said of them is tested with the assessments.
ASSESSED = {
    f"assessment_{act}" for act in ("proposed", "decided", "rejected", "appealed", "finished")
} | {"accountability_written"}
# With orders, notices, numbers, recoveries and challenges.
BESIDE = {
    *("customer_added", "customer_not_solved", "link_revoked", "link_renewed"),
    *("promises_marked", "disputed", "dispute_decided", "dispute_withdrawn"),
    *("order_attached", "order_detached"),
    *("notice_published", "notice_withdrawn", "order_annulled"),
    *("recovery_given", "recovery_asked", "recovery_approved", "recovery_declined"),
    *("recovery_cancelled", "challenged", "challenge_answered", "followed", "unfollowed"),
}
# Said in words by `test_clock_rules.py`.
EXCEPTIONS = {
    "triage_undone",
    "answered_with",
    "declined",
    "paused",
    "resumed",
    "waiver_asked",
    "waiver_granted",
    "waiver_declined",
    "merged",
    "merged_here",
    "receipt_corrected",
    "recalculated",
    "urged",
    "restored",
}


def test_every_kind_of_event_is_said_in_words(company: Tree, quality: Person) -> None:
    """One complaint goes through all that can happen; no event is left as a code."""
    now = clock.now()
    past = now - timedelta(days=5)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")
    other = PersonFactory.create(branch=company.sibling, role=Role.HANDLER, email="")
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    complaint = ComplaintFactory.create(branch=company.branch, now=past)
    triage.propose_invalid(complaint=complaint, reason="误打。", by=quality, now=past)
    triage.reject_invalid(complaint=complaint, by=second, now=past)
    triage.judge_valid(
        complaint=complaint,
        branch=company.branch,
        category=CategoryFactory.create(),
        severity="normal",
        by=quality,
        now=past,
    )
    hand_overs.assign(complaint=complaint, handler=handler, by=quality, now=past)
    hand_overs.transfer(
        complaint=complaint,
        branch=company.sibling,
        reason="由苏州承运。",
        by=quality,
        now=past,
        handler=other,
    )
    hand_overs.accept(complaint=complaint, by=other, now=past)
    escalation.fire_due(now=past + timedelta(days=4))
    order = WorkOrderFactory.create(
        complaint=complaint, filler=other, quality=quality, until="returned", now=past + HOUR
    )
    assert order.return_reason
    handling.apologise(complaint=complaint, channel="phone", words="抱歉。", by=other, now=now)
    handling.answer(complaint=complaint, channel="phone", result="好了。", by=other, now=now)
    notes.write(complaint=complaint, text="请看。", by=quality, now=now)
    later = now + HOUR
    for hours in (1, 2, 30):
        callbacks.record(
            complaint=complaint,
            is_reached=False,
            by=quality,
            now=now + hours * HOUR,
            next_at=now + 40 * HOUR,
            words="关机。",
        )
    handling.reopen(complaint=complaint, reason="又来电。", by=quality, now=now)
    handling.answer(complaint=complaint, channel="phone", result="再次解决。", by=other, now=now)
    callbacks.record(
        complaint=complaint, is_reached=True, is_satisfied=True, score=9, by=quality, now=later
    )
    events.log(complaint, "imported", by=None, at=now, source="old")
    written = set(Event.objects.filter(complaint=complaint).values_list("kind", flat=True))
    rare = {"measure_done", "measure_dropped", "effect_reported", "effectiveness_decided"}
    rare |= (
        {"improvement_requested", "attached", "closed", "invalid_confirmed", "order_confirmed"}
        | EXCEPTIONS
        | BESIDE
        | ASSESSED
    )
    assert written >= set(WORDS) - rare
    text = page(quality, complaint, events="all")
    for kind in written:
        assert f"{kind}<" not in text
        assert f"{kind} <" not in text
    for words in (
        "proposed: this is not a complaint",
        "rejected: it is a complaint",
        f"named {handler.name} as handler",
        "transferred it from Wuxi to Suzhou",
        "由苏州承运。",
        "The deadline has passed: Apology",
        "A notice is due: no work order in time",
        "原因不具体。",
        "called the customer: no reply",
        "The callback ends as not reached after 3 attempts.",
        "opened it again: cycle 2",
        "called the customer back: satisfied",
        "score 9 of 10",
        "taken over from another system",
    ):
        assert words in text, words


def test_only_the_newest_events_at_first(company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    for number in range(30):
        notes.write(complaint=complaint, text=f"备注 {number}。", by=quality, now=clock.now())
    first = page(quality, complaint)
    assert "备注 29。" in first
    assert "备注 3。" not in first
    assert '?events=all#events">Show all 31</a>' in first
    whole = page(quality, complaint, events="all")
    assert "备注 3。" in whole
    assert "Show all" not in whole


def test_steps_that_another_spoke_for_are_told_with_all(company: Tree, quality: Person) -> None:
    late = clock.now() - timedelta(hours=30)
    complaint = ComplaintFactory.create(branch=company.branch, received_at=late)
    escalation.fire_due(now=clock.now())
    words = "told together with a later step"
    assert words not in page(quality, complaint)
    assert page(quality, complaint, events="all").count(words) == 5


def _with_history(complaint: Complaint, people: list[Person], now: datetime) -> None:
    for person in people:
        notes.write(complaint=complaint, text=f"@{person.name} 请看。", by=people[0], now=now)


def test_the_page_asks_the_database_as_often_for_a_long_story(
    company: Tree, quality: Person
) -> None:
    short = ComplaintFactory.create(branch=company.branch, until="closed")
    long = ComplaintFactory.create(branch=company.branch, until="closed")
    people = [PersonFactory.create(branch=company.branch) for _place in range(20)]
    _with_history(short, people[:1], clock.now())
    _with_history(long, people, clock.now())
    client = signed_in(quality)
    counts = []
    for complaint in (short, long):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("complaint", args=(complaint.number,)), {"events": "all"})
        counts.append(len(queries))
    assert counts == [22, 22]


def test_the_page_asks_15_times_at_most_with_200_events(company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    now, told = clock.now(), {"handler": complaint.handler_id, "count": 2}
    Event.objects.bulk_create(
        Event(complaint=complaint, kind=kind, at=now, by=quality, cycle=1, data=told)
        for kind in ("handler_named", "urged") * 100
    )
    client, url = signed_in(quality), reverse("complaint", args=(complaint.number,))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= 15


LATE_MOVES = ["Urge", "Ask for a waiver", "Correct the time of receipt", "Reopen"]


@pytest.mark.parametrize(
    ("role", "stage", "labels"),
    [
        (
            Role.QUALITY_MANAGER,
            "received",
            [
                "Judge valid and assign",
                "Record the apology",
                "Urge",
                "Ask for a waiver",
                "Merge",
                "Correct the time of receipt",
                "Propose invalid",
            ],
        ),
        (Role.FRONT_DESK, "received", ["Record the apology", "Urge"]),
        (
            Role.HANDLER,
            "assigned",
            [
                "Record the apology",
                "Accept",
                "Record the result",
                "Urge",
                "Pause",
                "Ask for a waiver",
                "Decline",
            ],
        ),
        (
            Role.BRANCH_MANAGER,
            "handling",
            [
                "Record the apology",
                "Record the result",
                "Name the handler",
                "Transfer to another branch",
                "Urge",
                "Pause",
                "Ask for a waiver",
            ],
        ),
        (Role.HANDLER, "answered", ["Urge", "Ask for a waiver"]),
        (Role.QUALITY_SPECIALIST, "answered", LATE_MOVES),
        # The work order is missing: closing is not offered.
        (Role.QUALITY_MANAGER, "called_back", LATE_MOVES),
        (Role.SERVICE_DIRECTOR, "closed", ["Reopen"]),
        (Role.EXECUTIVE, "handling", []),
        (Role.AUDITOR, "received", []),
    ],
)
def test_only_moves_open_to_this_person_in_this_state(
    role: str, stage: str, labels: list[str], company: Tree
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until=stage)
    person = PersonFactory.create(branch=company.branch, role=role)
    assert summaries(page(person, complaint)) == labels


def test_c16_the_page_says_what_is_missing_to_close(company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="called_back")
    text = page(quality, complaint)
    assert "Still missing before closing: submit the rectification work order." in text
    WorkOrderFactory.create(complaint=complaint, until="submitted")
    text = page(quality, complaint)
    assert "Still missing" not in text
    assert summaries(text)[0] == "Close the complaint"


def test_c03_only_a_second_person_is_asked_to_confirm(company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    triage.propose_invalid(complaint=complaint, reason="误打。", by=quality, now=clock.now())
    other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
    assert summaries(page(quality, complaint)) == []
    assert summaries(page(other, complaint)) == ["Confirm: invalid", "Reject: it is a complaint"]


def test_who_takes_part(company: Tree, quality: Person, handler: Person) -> None:
    front = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK, name="顾晓蕾")
    PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER, name="王平")
    complaint = ComplaintFactory.create(
        branch=company.branch, by=front, handler=handler, until="assigned"
    )
    text = page(quality, complaint)
    parts = text[text.index('id="parts"') :]
    for words in (
        '周敏 <span class="muted">Handler',
        '王平 <span class="muted">Branch manager',
        '顾晓蕾 <span class="muted">First contact, hand-over not accepted yet',
        f'{quality.name} <span class="muted">Issued by',
    ):
        assert words in parts


def test_c30_repeats_of_the_customer_are_counted(company: Tree, quality: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    complaint, *_others = [
        ComplaintFactory.create(branch=company.branch, customer=customer) for _place in range(3)
    ]
    old = clock.now() - timedelta(days=31)
    ComplaintFactory.create(branch=company.branch, customer=customer, received_at=old)
    assert "2 more of this customer in 30 days" in page(quality, complaint)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_reads_in_both_languages(language: str, company: Tree, quality: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="closed")
    client = signed_in(quality)
    client.cookies["django_language"] = language
    answer = client.get(reverse("complaint", args=(complaint.number,)))
    assert answer["Content-Language"] == language


def test_c03_an_invalid_complaint_is_nobodys_to_assign(
    company: Tree, handler: Person, quality: Person
) -> None:
    other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    complaint = ComplaintFactory.create(branch=company.branch, until="received")
    assert "To assign" in page(quality, complaint)
    triage.propose_invalid(complaint=complaint, reason="误打。", by=quality, now=clock.now())
    assert "A second person has to confirm." in page(quality, complaint)
    triage.confirm_invalid(complaint=complaint, by=other, now=clock.now())
    assert "To assign" not in page(quality, complaint)
    rows = signed_in(quality).get(reverse("complaints")).content.decode()
    assert complaint.number in rows
    assert "To assign" not in rows
