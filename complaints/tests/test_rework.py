"""An order sent back has a deadline of its own (`sla.md` rule 4); the verdict of its 48 h stays."""

import pytest

from complaints.actions import escalation, hand_overs, handling, judging, work_orders
from complaints.factories import WorkOrderFactory, finish_measures
from complaints.models import Complaint, Timer, WorkOrder
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
    refused,
    revise,
    told,
    verdicts,
)
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from organisation.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def submitted(desk: Desk, complaint: Complaint, hour: float) -> WorkOrder:
    return WorkOrderFactory.create(
        complaint=again(complaint), filler=desk.handler, quality=desk.quality,
        now=at(hour), until="submitted",
    )  # fmt: skip


def send_back(desk: Desk, order: WorkOrder, hour: float) -> Timer:
    judging.send_back(
        order=order, reason="原因不具体", sections=["causes"], by=desk.quality, now=at(hour)
    )
    return Timer.objects.filter(work_order=order, kind="rework").latest("cycle")


def test_rule_4_sent_back_the_verdict_stays_and_24_h_begin(desk: Desk) -> None:
    complaint = desk.complaint()
    order = submitted(desk, complaint, 47)
    rework = send_back(desk, order, 60)
    assert (rework.kind, rework.cycle, hours(rework.started_at), hours(rework.due_at)) == (
        "rework", 1, 60, 84,
    )  # fmt: skip
    assert [hours(moment) for moment in rework.fire_at] == [78, 84, 108]
    assert (rework.owner, rework.owner_branch.code) == (desk.handler, "WX")
    assert verdicts(complaint, 999)["work_order"] == "met", "though it came back"
    assert again(complaint).next_due_at == at(1), "the rework is no milestone"
    assert kinds(complaint)[-1] == "order_returned"
    assert told("work_order_returned") == ["handler"]
    work_orders.submit(order=order, by=desk.handler, now=at(84))
    rework.refresh_from_db()
    assert (rework.state, hours(rework.met_at), rework.next_fire_at) == ("met", 84, None)
    second = send_back(desk, order, 90)
    assert (second.cycle, hours(second.due_at)) == (2, 114)
    assert clock(complaint, "work_order").met_at == at(47)


def test_rule_4_the_rework_has_a_ladder_of_its_own(desk: Desk) -> None:
    complaint = desk.complaint()
    order = submitted(desk, complaint, 1)
    Timer.objects.filter(complaint=complaint).update(next_fire_at=None)
    send_back(desk, order, 2)
    Message.objects.all().delete()
    heard = {
        20: ["handler", "manager"],
        26: ["manager", "quality"],
        50: ["director"],
    }
    for hour, names in heard.items():
        assert escalation.fire_due(now=at(hour - 0.01)).steps == 0
        assert escalation.fire_due(now=at(hour)).steps == 1
        rows = Message.objects.filter(text="timer_step", created_at=at(hour))
        assert sorted(rows.values_list("recipient__name", flat=True)) == names
        assert {row.path for row in rows} == {f"/work-orders/{order.pk}/"}
        assert {row.context["number"] for row in rows} == {order.number}


def test_rule_4_the_deadline_is_configurable_and_may_be_none(desk: Desk) -> None:
    complaint = desk.complaint()
    order = submitted(desk, complaint, 1)
    revise(targets={"rework": 8 * HOUR})
    assert hours(send_back(desk, order, 2).due_at) == 10


def test_rule_4_the_rework_goes_along_with_a_transfer(desk: Desk) -> None:
    """While it lies ahead; once it has passed it stays where it was."""
    complaint, late = desk.complaint(), desk.complaint()
    for each in (complaint, late):
        send_back(desk, submitted(desk, each, 1), 2)
    for each, hour in ((complaint, 10), (late, 27)):
        hand_overs.transfer(
            complaint=again(each), branch=desk.company.sibling, handler=desk.neighbour,
            reason="x", by=desk.quality, now=at(hour),
        )  # fmt: skip
    rows = Timer.objects.filter(kind="rework").order_by("pk")
    assert [
        (row.owner_branch.code, row.owner, row.verdict_branch.code, hours(row.due_at))
        for row in rows
    ] == [("SZ", desk.neighbour, "SZ", 26), ("SZ", desk.neighbour, "WX", 26)]


def test_rule_5_a_reopened_complaint_returns_its_order_and_the_resubmission_meets_cycle_2(
    desk: Desk,
) -> None:
    complaint = desk.complaint("answered")
    order = submitted(desk, complaint, 1)
    finish_measures(order, by=desk.handler, now=at(2))
    judging.confirm(order=order, by=desk.quality, now=at(2))
    handling.reopen(complaint=again(complaint), reason="客户又来电", by=desk.quality, now=at(60))
    order.refresh_from_db()
    assert (order.status, order.return_reason, order.confirmed_at) == (
        "returned", "客户又来电", None,
    )  # fmt: skip
    assert dues(complaint)["work_order 2"] == 108
    work_orders.submit(order=order, by=desk.handler, now=at(70))
    assert verdicts(complaint, 999)["work_order 2"] == "met"
    assert Timer.objects.get(work_order=order, kind="rework").met_at == at(70)


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    order = submitted(desk, desk.complaint(), 1)
    with refused(Refused, "reason"):
        judging.send_back(order=order, reason=" ", sections=["causes"], by=desk.quality, now=at(2))
    with refused(Forbidden):
        judging.send_back(order=order, reason="x", sections=["causes"], by=desk.handler, now=at(2))
    draft = WorkOrderFactory.create(complaint=desk.complaint(), filler=desk.handler, now=at(1))
    with refused(NotOpen):
        judging.send_back(order=draft, reason="x", sections=["causes"], by=desk.quality, now=at(2))
    send_back(desk, order, 2)
    with refused(NotOpen):
        judging.send_back(order=order, reason="x", sections=["causes"], by=desk.quality, now=at(3))


def test_doors_return_and_submit_again(desk: Desk) -> None:
    now = database_clock.now()
    order = WorkOrderFactory.create(
        complaint=desk.complaint(now=now), filler=desk.handler, now=now, until="submitted"
    )
    url = f"work-orders/{order.pk}"
    returned = Caller(desk.quality).post(
        f"{url}/return/", {"reason": "原因不具体", "sections": ["causes"]}
    )
    assert (returned.status_code, returned.json()["status"]) == (200, "returned")
    rework = Timer.objects.get(work_order=order, kind="rework")
    assert rework.due_at - rework.started_at == 24 * HOUR
    assert Caller(desk.handler).post(f"{url}/submit/", {}).status_code == 200
    rework.refresh_from_db()
    assert rework.state == "met"
