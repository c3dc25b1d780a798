"""When it was received (`sla.md` rule 2): logged late with the lag shown, corrected on record."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.actions import escalation, hand_overs, handling, pauses, receipts
from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from complaints.tests.clockwork import (
    HOUR,
    Desk,
    again,
    at,
    clock,
    dues,
    hours,
    kinds,
    opened_desk,
    owners,
    refused,
    states,
    verdicts,
)
from complaints.tests.rows import signed_in
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from customers.factories import CustomerFactory
from customers.models import CustomerFacts
from organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def correct(
    desk: Desk, complaint: Complaint, received: float, hour: float, by: Person | None = None
) -> None:
    receipts.correct(
        complaint=again(complaint), received_at=at(received), reason="录音为准",
        by=by or desk.quality, now=at(hour),
    )  # fmt: skip


def test_rule_2_logged_late_it_is_born_overdue_and_speaks_at_once(desk: Desk) -> None:
    complaint = ComplaintFactory.create(
        branch=desk.company.branch, received_at=at(-5), now=at(0), by=desk.quality
    )
    assert dues(complaint) == {"apology": -4, "result": 19, "work_order": 43, "callback": 67}
    assert verdicts(complaint, 0)["apology"] == "breached"
    assert complaint.was_logged_late
    assert escalation.fire_due(now=at(0)).steps == 1
    [spoken] = complaint.events.filter(kind="step_fired")
    # An hour overdue: the service director hears; at three hours the general manager, too.
    assert spoken.data["hours"] == 3
    assert complaint.events.filter(kind="step_superseded").count() == 3


def test_rule_2_the_lag_is_shown_on_the_page_and_in_the_api(desk: Desk) -> None:
    now = database_clock.now()
    late = ComplaintFactory.create(
        branch=desk.company.branch, received_at=now - 5 * HOUR, now=now, by=desk.quality
    )
    page = signed_in(desk.quality).get(reverse("complaint", args=(late.number,)))
    assert "5h 00m" in page.content.decode()
    caller = Caller(desk.quality)
    shown = caller.get(f"complaints/{late.number}/").json()
    assert shown["logged_late"] is True
    soon = ComplaintFactory.create(
        branch=desk.company.branch, received_at=now - timedelta(minutes=15), now=now
    )
    assert caller.get(f"complaints/{soon.number}/").json()["logged_late"] is False


def test_rule_2_a_correction_counts_the_first_cycle_anew_and_stays_on_record(desk: Desk) -> None:
    customer = CustomerFactory.create(home_branch=desk.company.branch)
    complaint = desk.complaint(customer=customer)
    escalation.fire_due(now=at(0.8))
    correct(desk, complaint, -2, 0.9)
    complaint = again(complaint)
    assert complaint.received_at == at(-2)
    assert dues(complaint) == {"apology": -1, "result": 22, "work_order": 46, "callback": 70}
    assert {row.started_at for row in complaint.timers.all()} == {at(-2)}
    assert complaint.next_due_at == at(-1)
    note = complaint.notes.get()
    assert (note.text, note.by) == ("录音为准", desk.quality)
    event = complaint.events.get(kind="receipt_corrected")
    assert event.by == desk.quality
    assert (event.data["before"], event.data["after"], event.data["note"]) == (
        at(0).isoformat(), at(-2).isoformat(), note.pk,
    )  # fmt: skip
    assert {
        (one["due_before"], one["due_after"])
        for one in event.data["clocks"]
        if one["timer"] == clock(complaint, "result").pk
    } == {(at(24).isoformat(), at(22).isoformat())}
    assert CustomerFacts.objects.get(customer=customer).last_complaint_at == at(-2)
    # The reminder was told before and is not told again; what is passed by now speaks once.
    assert escalation.fire_due(now=at(1)).steps == 1
    apology = complaint.events.filter(timer__kind="apology", step__isnull=False).order_by(
        "step__position"
    )
    assert list(apology.values_list("kind", "step__position")) == [
        ("step_fired", 0), ("step_superseded", 1), ("step_fired", 2),
    ]  # fmt: skip


def test_rule_2_a_correction_leaves_a_later_cycle_and_moves_verdicts_with_the_facts(
    desk: Desk,
) -> None:
    """Transferred at 23 h; due at 24 h it was Suzhou's, due at 22 h it is Wuxi's."""
    complaint = desk.complaint()
    hand_overs.transfer(
        complaint=again(complaint), branch=desk.company.sibling, reason="x", by=desk.quality,
        now=at(23),
    )  # fmt: skip
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.neighbour, now=at(23.5)
    )
    assert (owners(complaint)["result"], verdicts(complaint, 30)["result"]) == ("SZ", "met")
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(30))
    correct(desk, complaint, -2, 31)
    assert (owners(complaint)["result"], verdicts(complaint, 31)["result"]) == ("WX", "breached")
    assert dues(complaint)["result 2"] == 54


def test_rule_2_a_pause_that_turns_out_to_be_after_the_breach_does_not_hold(desk: Desk) -> None:
    """Rule 6: never after the breach, also when only a correction shows it."""
    complaint = desk.complaint(received_at=at(0), hour=20)
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(21))
    correct(desk, complaint, -4, 22)
    result = clock(complaint, "result")
    assert (result.state, hours(result.due_at), result.paused_seconds) == ("running", 20, 0)
    assert states(complaint)["work_order"] == "paused"
    assert escalation.fire_due(now=at(22)).steps == 2, "apology and result"
    pauses.resume(complaint=again(complaint), by=desk.handler, now=at(23))
    assert dues(complaint) == {"apology": -3, "result": 20, "work_order": 46, "callback": 70}
    result.refresh_from_db()
    assert (result.state, result.paused_seconds) == ("running", 0)


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    """Not after the entry, nor after what has happened; not the same; a reason; not by anybody."""
    complaint = desk.complaint(received_at=at(-3), hour=0)
    handling.apologise(
        complaint=again(complaint), channel="phone", words="x", by=desk.handler, at=at(-2),
        now=at(1),
    )  # fmt: skip
    for received in (-3, -1.9, 0.1, 1e6):
        with refused(Refused, "received_at"):
            correct(desk, complaint, received, 2)
    with refused(Refused, "reason"):
        receipts.correct(
            complaint=again(complaint), received_at=at(-4), reason=" ", by=desk.quality, now=at(2)
        )
    for person in (desk.handler, desk.manager, desk.executive):
        with refused(Forbidden):
            correct(desk, complaint, -4, 2, by=person)
    with refused(Stale):
        receipts.correct(
            complaint=again(complaint), received_at=at(-4), reason="x", by=desk.quality, now=at(2),
            version=1,
        )  # fmt: skip
    closed = desk.complaint("closed")
    with refused(NotOpen):
        correct(desk, closed, -1, 2)
    assert "correct_receipt" not in kinds(complaint)


def test_doors_correct_the_receipt(desk: Desk) -> None:
    now = database_clock.now()
    complaint = desk.complaint(now=now)
    url = f"complaints/{complaint.number}/correct-receipt/"
    earlier = (now - HOUR).isoformat()
    body = {"received_at": earlier, "reason": "录音为准"}
    assert Caller(desk.handler).post(url, body).status_code == 403
    answer = Caller(desk.quality).post(url, body)
    assert answer.status_code == 200
    [apology] = [row for row in answer.json()["timers"] if row["milestone"] == "apology"]
    assert clock(complaint, "apology").due_at == now
    assert apology["verdict"] == "breached"
