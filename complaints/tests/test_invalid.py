"""Not a real complaint (`sla.md` rule 7): void by a second person, restored as due as before."""

import pytest

from complaints.actions import (
    escalation,
    handling,
    judging,
    pauses,
    triage,
    waivers,
)
from complaints.factories import CategoryFactory, WorkOrderFactory
from complaints.models import Complaint, Pause, Timer
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    clock,
    dues,
    hours,
    kinds,
    opened_desk,
    refused,
    states,
    told,
    verdicts,
)
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from csm.tests.race import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def doubt(desk: Desk, complaint: Complaint, hour: float) -> None:
    triage.propose_invalid(complaint=again(complaint), reason="广告", by=desk.quality, now=at(hour))


def void(desk: Desk, complaint: Complaint, hour: float) -> None:
    doubt(desk, complaint, hour)
    triage.confirm_invalid(complaint=again(complaint), by=desk.specialist, now=at(hour))


def restore(desk: Desk, complaint: Complaint, hour: float) -> None:
    triage.restore(
        complaint=again(complaint), reason="客户寄来照片", by=desk.specialist, now=at(hour)
    )


def test_rule_7_void_by_a_second_person_and_restored_with_the_old_due_times(desk: Desk) -> None:
    complaint = desk.complaint()
    handling.apologise(
        complaint=again(complaint), channel="phone", words="抱歉", by=desk.handler, now=at(0.5)
    )
    waivers.ask(
        complaint=again(complaint), milestone="callback", code="authority", words="x",
        by=desk.handler, now=at(1),
    )  # fmt: skip
    waivers.grant(complaint=again(complaint), by=desk.director, now=at(1))
    before = dues(complaint)
    void(desk, complaint, 3)
    complaint = again(complaint)
    assert (complaint.status, complaint.next_due_at) == ("invalid", None)
    assert set(verdicts(complaint, 999).values()) == {"void"}
    assert escalation.fire_due(now=at(30)).steps == 0
    restore(desk, complaint, 30)
    complaint = again(complaint)
    assert (complaint.status, dues(complaint)) == ("handling", before)
    assert complaint.next_due_at == at(24)
    assert verdicts(complaint, 30) == {
        "apology": "met", "result": "breached", "work_order": "running", "callback": "waived",
    }  # fmt: skip
    # What was passed meanwhile speaks once.
    assert hours(clock(complaint, "result").next_fire_at) == 12
    assert escalation.fire_due(now=at(30)).steps == 1
    assert kinds(complaint)[-6:-3] == ["invalid_proposed", "invalid_confirmed", "restored"]
    assert told("complaint_restored") == ["handler", "quality"]
    note = complaint.notes.get()
    assert (note.text, complaint.events.get(kind="restored").data) == (
        "客户寄来照片", {"note": note.pk},
    )  # fmt: skip


def test_rule_7_who_waited_for_the_customer_waits_no_more(desk: Desk) -> None:
    complaint = desk.complaint()
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(3))
    void(desk, complaint, 5)
    assert (again(complaint).paused_at, hours(Pause.objects.get().ended_at)) == (None, 5)
    restore(desk, complaint, 10)
    assert dues(complaint) == {"apology": 1, "result": 26, "work_order": 50, "callback": 74}
    assert set(states(complaint).values()) == {"running"}


def test_rule_7_a_pause_that_ends_while_in_doubt_wakes_nobody(desk: Desk) -> None:
    complaint = desk.complaint()
    escalation.fire_due(now=at(2))
    pauses.pause(complaint=again(complaint), reason="x", until=at(4), by=desk.handler, now=at(3))
    doubt(desk, complaint, 3)
    assert escalation.fire_due(now=at(30)).steps == 0
    assert dues(complaint)["result"] == 25
    triage.reject_invalid(complaint=again(complaint), by=desk.specialist, now=at(30))
    # The apology, overdue since; the result; the order is not due for a reminder.
    assert escalation.fire_due(now=at(30)).steps == 2


def test_rule_7_the_rework_of_an_invalid_complaint_wakes_nobody_either(desk: Desk) -> None:
    complaint = desk.complaint()
    order = WorkOrderFactory.create(
        complaint=again(complaint), filler=desk.handler, now=at(1), until="submitted"
    )
    judging.send_back(order=order, reason="不完整", sections=["causes"], by=desk.quality, now=at(2))
    rework = Timer.objects.get(work_order=order, kind="rework")
    doubt(desk, complaint, 3)
    rework.refresh_from_db()
    assert (rework.state, rework.next_fire_at) == ("running", None)
    triage.confirm_invalid(complaint=again(complaint), by=desk.specialist, now=at(3))
    rework.refresh_from_db()
    assert (rework.state, rework.next_fire_at) == ("void", None)
    restore(desk, complaint, 10)
    rework.refresh_from_db()
    assert (rework.state, hours(rework.due_at), hours(rework.next_fire_at)) == ("running", 26, 20)


def test_rule_7_what_has_no_clocks_by_its_category_gets_none_by_a_reversal(desk: Desk) -> None:
    complaint = desk.complaint("assigned", category=CategoryFactory.create())
    other = desk.complaint("received")
    triage.judge_valid(
        complaint=again(other), branch=desk.company.branch, severity="normal",
        category=CategoryFactory.create(is_exempt=True), by=desk.quality, now=at(1),
    )  # fmt: skip
    for each in (complaint, other):
        void(desk, each, 2)
        restore(desk, each, 3)
    assert set(states(complaint).values()) == {"running"}
    assert set(states(other).values()) == {"void"}


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    complaint = desk.complaint()
    with refused(Refused, "reason"):
        triage.propose_invalid(complaint=again(complaint), reason=" ", by=desk.quality, now=at(1))
    doubt(desk, complaint, 1)
    for act in (triage.confirm_invalid, triage.reject_invalid):
        with refused(Forbidden):
            act(complaint=again(complaint), by=desk.quality, now=at(2))
        with refused(Forbidden):
            act(complaint=again(complaint), by=desk.handler, now=at(2))
    with refused(NotOpen):
        restore(desk, complaint, 2)
    triage.confirm_invalid(complaint=again(complaint), by=desk.specialist, now=at(2))
    with refused(NotOpen):
        doubt(desk, complaint, 3)
    with refused(Forbidden):
        triage.restore(complaint=again(complaint), reason="x", by=desk.handler, now=at(3))
    with refused(Refused, "reason"):
        triage.restore(complaint=again(complaint), reason="", by=desk.quality, now=at(3))


def test_doors_void_and_restore(desk: Desk) -> None:
    complaint = desk.complaint(now=database_clock.now())
    url = f"complaints/{complaint.number}"
    before = dues(complaint)
    one, other = Caller(desk.quality), Caller(desk.specialist)
    assert one.post(f"{url}/propose-invalid/", {"reason": "广告"}).status_code == 200
    assert one.post(f"{url}/confirm-invalid/", {}).status_code == 403
    voided = other.post(f"{url}/confirm-invalid/", {}).json()
    assert {row["verdict"] for row in voided["timers"]} == {"void"}
    restored = one.post(f"{url}/restore/", {"reason": "是投诉"}).json()
    assert (restored["status"], {row["state"] for row in restored["timers"]}) == (
        "handling", {"running"},
    )  # fmt: skip
    assert dues(complaint) == before


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_rejected_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint = desk.complaint()
    doubt(desk, complaint, 1)
    one, other = again(complaint), again(complaint)
    answers = race(
        lambda: triage.confirm_invalid(complaint=one, by=desk.specialist, now=at(2)),
        lambda: triage.reject_invalid(complaint=other, by=desk.specialist, now=at(2)),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    expected = ("invalid", {"void"}) if answers[0] is None else ("handling", {"running"})
    assert (again(complaint).status, set(states(complaint).values())) == expected
