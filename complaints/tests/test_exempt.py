"""Categories without clocks: praise and questions are taken in and answered, no promise counts."""

import pytest

from complaints.actions import callbacks, escalation, hand_overs, handling, judging, triage
from complaints.factories import CategoryFactory, WorkOrderFactory
from complaints.models import Category, Complaint, Timer
from complaints.tests.clockwork import Desk, again, at, opened_desk, states, verdicts
from csm.kit import clock as database_clock
from csm.tests.api import Caller
from organisation.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def praise(db: None) -> Category:
    return CategoryFactory.create(code="praise", is_exempt=True)


def judge(desk: Desk, complaint: Complaint, category: Category, hour: float) -> None:
    triage.judge_valid(
        complaint=again(complaint), branch=desk.company.branch, handler=desk.handler,
        severity="normal", category=category, by=desk.quality, now=at(hour),
    )  # fmt: skip


def test_taken_in_as_exempt_it_has_no_clock_and_walks_to_its_end(
    desk: Desk, praise: Category
) -> None:
    """Three calls in vain end it as any other; reopened it has no clock either."""
    complaint = desk.complaint("handling", category=praise)
    assert not complaint.timers.exists()
    assert again(complaint).next_due_at is None
    handling.answer(
        complaint=again(complaint), channel="phone", result="谢谢", by=desk.handler, now=at(2)
    )
    for hour in (3, 4, 30):
        callbacks.record(
            complaint=again(complaint), is_reached=False, next_at=at(hour + 1),
            by=desk.quality, now=at(hour),
        )  # fmt: skip
    assert again(complaint).status == "called_back"
    assert handling.missing_to_close(again(complaint)) == []
    handling.close(complaint=again(complaint), by=desk.quality, now=at(31))
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(32))
    assert not Timer.objects.exists()
    Message.objects.all().delete()
    assert escalation.fire_due(now=at(999)).messages == 0


def test_found_exempt_at_the_triage_what_was_kept_stays_and_the_rest_is_void(
    desk: Desk, praise: Category
) -> None:
    complaint = desk.complaint("received")
    handling.apologise(
        complaint=again(complaint), channel="phone", words="x", by=desk.quality, now=at(0.5)
    )
    judge(desk, complaint, praise, 2)
    assert states(complaint) == {
        "apology": "met", "result": "void", "work_order": "void", "callback": "void",
    }  # fmt: skip
    assert verdicts(complaint, 999)["apology"] == "met"
    assert again(complaint).next_due_at is None
    assert escalation.fire_due(now=at(999)).steps == 0


def test_a_returned_order_of_an_exempt_complaint_has_no_rework_clock(
    desk: Desk, praise: Category
) -> None:
    complaint = desk.complaint("handling", category=praise)
    order = WorkOrderFactory.create(
        complaint=again(complaint), filler=desk.handler, now=at(1), until="submitted"
    )
    judging.send_back(order=order, reason="x", sections=["causes"], by=desk.quality, now=at(2))
    assert not Timer.objects.exists()


def test_the_clocks_of_the_others_are_untouched(desk: Desk, praise: Category) -> None:
    counted, exempt = desk.complaint("received"), desk.complaint("received")
    judge(desk, exempt, praise, 1)
    judge(desk, counted, CategoryFactory.create(), 1)
    hand_overs.accept(complaint=again(counted), by=desk.handler, now=at(2))
    assert set(states(counted).values()) == {"running"}


def test_doors_take_in_and_judge_exempt(desk: Desk, praise: Category) -> None:
    caller = Caller(desk.quality)
    body = {"subject": "表扬", "description": "", "channel": "web", "category": "praise"}
    taken_in = caller.post("complaints/", body)
    assert (taken_in.status_code, taken_in.json()["timers"]) == (201, [])
    complaint = desk.complaint("received", now=database_clock.now())
    judged = caller.post(f"complaints/{complaint.number}/triage/", {
        "valid": True, "branch": "WX", "category": "praise", "severity": "low",
    })  # fmt: skip
    assert {row["verdict"] for row in judged.json()["timers"]} == {"void"}
