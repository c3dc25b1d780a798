"""Waiving a clock (`sla.md` rule 10): by somebody else, counted apart, never "met"."""

import pytest

from complaints.actions import handling, offers, triage, waivers, work_orders
from complaints.factories import CategoryFactory
from complaints.models import Complaint, Waiver
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    clock,
    hours,
    kinds,
    opened_desk,
    refused,
    states,
    told,
    verdicts,
)
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def ask(
    desk: Desk,
    complaint: Complaint,
    hour: float,
    milestone: str = "result",
    by: Person | None = None,
) -> Complaint:
    waivers.ask(
        complaint=again(complaint), milestone=milestone, code="force_majeure", words="暴雪封路",
        by=by or desk.handler, now=at(hour),
    )  # fmt: skip
    return again(complaint)


def answer(desk: Desk, complaint: Complaint, hour: float) -> Complaint:
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.handler, now=at(hour)
    )
    return again(complaint)


def test_rule_10_a_waived_breach_is_counted_apart_and_never_becomes_met(desk: Desk) -> None:
    complaint = ask(desk, desk.complaint(), 25)
    assert told("waiver_asked") == ["director", "quality"]
    assert verdicts(complaint, 25)["result"] == "breached", "asking alone changes nothing"
    assert complaint.next_due_at == at(1)
    waivers.grant(complaint=complaint, by=desk.director, now=at(26))
    timer = clock(complaint, "result")
    assert (timer.state, timer.waived_at, timer.waived_by, timer.waiver_code) == (
        "waived", at(26), desk.director, "force_majeure",
    )  # fmt: skip
    assert (hours(timer.due_at), timer.met_at, timer.next_fire_at) == (24, None, None)
    complaint = answer(desk, complaint, 30)
    assert verdicts(complaint, 999)["result"] == "waived"
    assert clock(complaint, "result").met_at is None
    assert told("waiver_granted") == ["handler"]
    waiver = Waiver.objects.get()
    assert (waiver.status, waiver.asked_by, waiver.decided_by, waiver.decided_at) == (
        "granted", desk.handler, desk.director, at(26),
    )  # fmt: skip
    asked = complaint.events.get(kind="waiver_asked")
    assert asked.data == {"waiver": waiver.pk, "milestone": "result"}
    assert kinds(complaint)[-3:] == ["waiver_asked", "waiver_granted", "answered"]


def test_rule_10_kept_late_may_still_be_waived_and_kept_in_time_may_not(desk: Desk) -> None:
    late, early = answer(desk, desk.complaint(), 25), answer(desk, desk.complaint(), 24)
    waivers.grant(complaint=ask(desk, late, 26), by=desk.quality, now=at(27))
    assert verdicts(late, 99)["result"] == "waived"
    assert clock(late, "result").met_at == at(25)
    with refused(Refused, "milestone"):
        ask(desk, early, 26)


def test_rule_10_a_declined_waiver_leaves_the_clock_as_it_was(desk: Desk) -> None:
    complaint = ask(desk, desk.complaint(), 3)
    with refused(Refused, "reason"):
        waivers.decline(complaint=again(complaint), reason=" ", by=desk.quality, now=at(4))
    waivers.decline(complaint=complaint, reason="可以改道", by=desk.quality, now=at(4))
    assert set(states(complaint).values()) == {"running"}
    assert Waiver.objects.get().answer == "可以改道"
    assert told("waiver_declined") == ["handler"]
    complaint = ask(desk, complaint, 5)
    assert complaint.waiver_asked_by == desk.handler


def test_rule_10_neither_the_owner_nor_the_asker_grants(desk: Desk) -> None:
    """Whose clock it is: the handler's, the order's owner's, the callback's quality manager's."""
    complaint = ask(desk, desk.complaint(), 3, by=desk.specialist)
    with refused(Forbidden):
        waivers.grant(complaint=again(complaint), by=desk.specialist, now=at(4))
    with refused(Forbidden):
        waivers.decline(complaint=again(complaint), reason="x", by=desk.specialist, now=at(4))
    for person in (desk.handler, desk.manager, desk.executive, desk.neighbour):
        with refused(Forbidden):
            waivers.grant(complaint=again(complaint), by=person, now=at(4))
    owner = PersonFactory.create(
        postings=[(desk.company.branch, Role.HANDLER), (desk.company.branch, Role.QUALITY_MANAGER)]
    )
    own = ask(desk, desk.complaint(handler=owner), 3)
    with refused(Forbidden) as refusal:
        waivers.grant(complaint=again(own), by=owner, now=at(4))
    assert "your own clock" in refusal.value.message
    assert "grant-waiver" not in offers.open_to(again(own), owner)
    callback = ask(desk, desk.complaint(), 3, "callback")
    with refused(Forbidden):
        waivers.grant(complaint=again(callback), by=desk.quality, now=at(4))
    order = desk.complaint("assigned", handler=None)
    work_orders.draft(complaint=again(order), by=owner, now=at(2))
    order = ask(desk, order, 3, "work_order", by=desk.specialist)
    with refused(Forbidden):
        waivers.grant(complaint=again(order), by=owner, now=at(4))


def test_rule_10_what_was_kept_or_voided_meanwhile_is_not_waived(desk: Desk) -> None:
    kept = answer(desk, ask(desk, desk.complaint(), 3), 5)
    with refused(Refused):
        waivers.grant(complaint=again(kept), by=desk.director, now=at(6))
    assert verdicts(kept, 99)["result"] == "met"
    waivers.decline(complaint=again(kept), reason="已完成", by=desk.director, now=at(7))
    exempt = ask(desk, desk.complaint("received"), 3, by=desk.specialist)
    triage.judge_valid(
        complaint=again(exempt), branch=desk.company.branch, severity="normal",
        category=CategoryFactory.create(is_exempt=True), by=desk.quality, now=at(4),
    )  # fmt: skip
    with refused(Refused):
        waivers.grant(complaint=again(exempt), by=desk.director, now=at(6))
    assert states(exempt)["result"] == "void"


def test_rule_10_a_waived_callback_lets_the_complaint_go_on(desk: Desk) -> None:
    complaint = answer(desk, ask(desk, desk.complaint(), 3, "callback"), 5)
    waivers.grant(complaint=again(complaint), by=desk.director, now=at(6))
    complaint = again(complaint)
    assert (complaint.status, complaint.called_back_at) == ("called_back", None)


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    complaint = desk.complaint()
    with refused(Refused, "words"):
        waivers.ask(
            complaint=again(complaint), milestone="result", code="authority", words=" ",
            by=desk.handler, now=at(3),
        )  # fmt: skip
    with refused(Forbidden):
        ask(desk, complaint, 3, by=desk.neighbour)
    with refused(NotOpen):
        waivers.grant(complaint=again(complaint), by=desk.quality, now=at(3))
    complaint = ask(desk, complaint, 3)
    with refused(NotOpen):
        ask(desk, complaint, 4, "callback")
    with refused(Stale):
        waivers.grant(
            complaint=again(complaint), by=desk.director, now=at(4), version=complaint.version - 1
        )


def test_doors_ask_and_grant(desk: Desk) -> None:
    complaint = desk.complaint(now=database_clock.now())
    url = f"complaints/{complaint.number}"
    body = {"milestone": "result", "code": "customer_wish", "words": "客户要求改期"}
    asked = Caller(desk.handler).post(f"{url}/ask-waiver/", body)
    assert asked.status_code == 200
    assert "grant-waiver" not in asked.json()["allowed"]
    granted = Caller(desk.director).post(f"{url}/grant-waiver/", {})
    assert granted.status_code == 200
    verdict = {row["milestone"]: row["verdict"] for row in granted.json()["timers"]}
    assert verdict == {
        "apology": "running", "result": "waived", "work_order": "running", "callback": "running",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_deciding_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint = ask(desk, desk.complaint(), 3)
    one, other = again(complaint), again(complaint)
    answers = race(
        lambda: waivers.grant(complaint=one, by=desk.director, now=at(4)),
        lambda: waivers.decline(complaint=other, reason="x", by=desk.general, now=at(4)),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    waiver = Waiver.objects.get()
    assert waiver.status == ("granted" if answers[0] is None else "declined")
    assert states(complaint)["result"] == ("waived" if answers[0] is None else "running")
    assert kinds(complaint).count("waiver_granted") + kinds(complaint).count("waiver_declined") == 1
