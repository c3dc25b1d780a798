"""Long-term measures: written, promised, proved, dropped (W-07), and their effect (W-08, W-16)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.actions import (
    effects,
    escalation,
    handling,
    judging,
    measure_proof,
    work_orders,
)
from complaints.actions.measures import Given
from complaints.factories import PLAN, WorkOrderFactory, finish_measures, quality_manager
from complaints.models import Complaint, Event, Measure, Timer, WorkOrder
from complaints.tests.clockwork import Desk, again, at, hours, opened_desk, refused, told
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.models import Message, Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)  # two days after the receipt


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def draft(desk: Desk, **given: Any) -> WorkOrder:
    """Of a complaint at hour 0, drafted at hour 1."""
    return WorkOrderFactory.create(
        complaint=desk.complaint(), filler=desk.handler, quality=desk.quality, now=at(1), **given
    )


def submitted(desk: Desk, *, plan: Any = PLAN) -> WorkOrder:
    return draft(desk, until="submitted", plan=plan)


def deadlines(order: WorkOrder) -> dict[int, tuple[str, float | None]]:
    """State and hours until the deadline of each measure, by its number."""
    rows = order.timers.filter(kind="measure").order_by("cycle")
    return {row.cycle: (row.state, hours(row.due_at)) for row in rows}


def test_w07_a_submitted_measure_has_a_deadline_and_done_meets_it(desk: Desk) -> None:
    plan = [
        replace(PLAN[0], due_on=DAY),
        replace(PLAN[1], due_on=DAY, owner=desk.manager),
        replace(PLAN[2], due_on=date(2026, 11, 21)),
    ]
    order = draft(desk, plan=plan)
    assert deadlines(order) == {}
    work_orders.submit(order=order, by=desk.handler, now=at(2))
    # The end of the day in Shanghai; the receipt was at ten there.
    assert deadlines(order) == {1: ("running", 62), 2: ("running", 62), 3: ("running", 86)}
    assert order.timers.get(cycle=2).owner == desk.manager
    assert told("measures_given") == ["manager"], "nobody hears of their own act"
    measure = order.measures.get(number=2)
    measure_proof.finish(measure=measure, proof="已装系统提醒。", by=desk.manager, now=at(30))
    timer = order.timers.get(cycle=2)
    assert (timer.state, timer.met_at, timer.met_evidence) == (
        "met", at(30), f"measure:{measure.pk}",
    )  # fmt: skip
    assert Event.objects.filter(kind="measure_done", data__measure=measure.pk).count() == 1
    with refused(NotOpen):
        measure_proof.finish(measure=measure, proof="x", by=desk.manager, now=at(31))


def test_w07_the_ladder_leads_the_owner_to_the_measure(desk: Desk) -> None:
    order = submitted(desk, plan=[replace(each, due_on=DAY, owner=desk.handler) for each in PLAN])
    Timer.objects.exclude(kind="measure").update(next_fire_at=None)
    finish = order.measures.filter(number__gt=1)
    for measure in finish:
        measure_proof.finish(measure=measure, proof="x", by=desk.handler, now=at(3))
    Message.objects.all().delete()
    assert escalation.fire_due(now=at(61)).steps == 1
    assert escalation.fire_due(now=at(62)).steps == 1
    rows = Message.objects.filter(text="timer_step")
    assert {row.path for row in rows} == {f"/measures/{order.measures.get(number=1).pk}/"}
    assert {row.context["subject"] for row in rows} == {PLAN[0].text}
    assert {row.recipient for row in rows.filter(created_at=at(61))} == {desk.handler}


def test_w07_bad_plans_are_refused_and_change_nothing(desk: Desk) -> None:
    order = draft(desk, plan=PLAN)
    yesterday = replace(PLAN[0], due_on=date(2026, 11, 17))
    for plan, name in (
        ([yesterday], "measure-1-due_on"),
        ([replace(PLAN[0], due_on=date(9999, 12, 31))], "measure-1-due_on"),
        ([replace(PLAN[0], owner=desk.neighbour)], "measure-1-owner"),
        ([replace(PLAN[0], number=3), replace(PLAN[1], number=3)], "measure-3-text"),
    ):
        with refused(Refused, name):
            work_orders.save(order=order, by=desk.handler, now=at(2), plan=plan)
    for plan, names in (
        (list(PLAN[:1]), {"detect", "respond"}),
        ([], {"prevent", "detect", "respond"}),
        ([*PLAN[:2], replace(PLAN[2], text="  ")], {"respond"}),
        ([*PLAN, Given("prevent", "无期限")], {"measure-4-due_on"}),
    ):
        with refused(Refused, *names):
            work_orders.submit(order=order, by=desk.handler, now=at(2), plan=plan)
    late = [replace(each, due_on=DAY) for each in PLAN]
    with refused(Refused, *(f"measure-{number}-due_on" for number in (4, 5, 6))):
        work_orders.submit(
            order=order, by=desk.handler, now=at(99),
            plan=[replace(each, text=each.text + "x") for each in late],
        )  # fmt: skip


def test_w07_owners_work_at_the_branch_below_or_above_it(desk: Desk) -> None:
    order = draft(desk, plan=[replace(PLAN[0], owner=desk.director)])
    assert order.measures.get().owner == desk.director
    work_orders.save(order=order, by=desk.handler, now=at(2), plan=[replace(PLAN[0], number=1)])
    assert order.measures.get().owner == desk.handler, "the order's owner, where nobody is named"


def test_saving_twice_writes_the_same_measures_and_leaving_out_takes_away(desk: Desk) -> None:
    order = draft(desk, plan=PLAN)
    keys = list(order.measures.values_list("pk", flat=True))
    numbered = [replace(each, number=number) for number, each in enumerate(PLAN, 1)]
    for plan in (PLAN, numbered):
        work_orders.save(order=order, by=desk.handler, now=at(2), plan=plan)
        assert list(order.measures.values_list("pk", flat=True)) == keys
    work_orders.save(order=order, by=desk.handler, now=at(2), plan=numbered[1:])
    assert list(order.measures.values_list("number", flat=True)) == [2, 3]
    work_orders.save(order=order, by=desk.handler, now=at(2))
    assert order.measures.count() == 2, "not given: left as they are"


def test_w07_what_was_promised_stays_and_may_get_another_day_while_returned(desk: Desk) -> None:
    order = submitted(desk, plan=[replace(each, due_on=DAY) for each in PLAN])
    first = order.measures.get(number=1)
    measure_proof.finish(measure=first, proof="已完成。", by=desk.handler, now=at(3))
    judging.send_back(
        order=order, reason="日期不实", sections=["measures"], by=desk.quality, now=at(4)
    )
    plan = [
        replace(PLAN[1], number=2, due_on=date(2026, 11, 21)),
        replace(PLAN[2], text="增补"),
    ]
    with refused(Refused, "measure-1-text"):
        work_orders.save(
            order=order, by=desk.handler, now=at(5), plan=[replace(PLAN[0], number=1, text="改")]
        )
    work_orders.submit(order=order, by=desk.handler, now=at(5), plan=[
        *plan[:1], replace(plan[1], due_on=DAY),
    ])  # fmt: skip
    assert list(order.measures.values_list("number", "status")) == [
        (1, "done"), (2, "open"), (3, "open"), (4, "open"),
    ]  # fmt: skip
    assert deadlines(order) == {
        1: ("met", 62), 2: ("running", 86), 3: ("running", 62), 4: ("running", 62),
    }  # fmt: skip


def test_w07_an_order_is_confirmed_when_every_measure_is_done_or_dropped(desk: Desk) -> None:
    order = submitted(desk)
    first, second, third = order.measures.all()
    with refused(Refused, "proof"):
        measure_proof.finish(measure=first, proof=" ", by=desk.handler, now=at(3))
    with refused(Forbidden):
        measure_proof.finish(measure=first, proof="x", by=desk.neighbour, now=at(3))
    for by in (desk.handler, desk.manager):
        with refused(Forbidden):
            measure_proof.drop(measure=first, reason="x", by=by, now=at(3))
    with refused(Refused, "reason"):
        measure_proof.drop(measure=first, reason=" ", by=desk.quality, now=at(3))
    photo = SimpleUploadedFile("现场.txt", b"a list of names")
    measure_proof.finish(measure=first, uploads=[photo], by=desk.handler, now=at(3))
    measure_proof.finish(measure=second, proof="x", by=desk.handler, now=at(3))
    with refused(Refused):
        judging.confirm(order=order, by=desk.quality, now=at(4))
    assert told("measures_finished") == []
    measure_proof.drop(measure=third, reason="与第一项重复", by=desk.specialist, now=at(4))
    assert deadlines(order)[3][0] == "void"
    assert (told("measure_dropped"), told("measures_finished")) == (["handler"], ["quality"])
    judging.confirm(order=order, by=desk.quality, now=at(5))
    assert WorkOrder.objects.get().status == "confirmed"


def test_w08_w16_an_effect_written_with_the_very_first_draft_has_its_reporter(desk: Desk) -> None:
    complaint = desk.complaint()
    order = work_orders.draft(
        complaint=complaint, by=desk.handler, now=at(1), effect_report="已补发"
    )
    assert (order.effect_reported_by, order.effect_reported_at) == (desk.handler, at(1))
    # W-03: until the branch knows better, it happened when the complaint was received.
    assert order.occurred_at == complaint.received_at


def test_w16_who_reports_the_effect_does_not_confirm_it(desk: Desk) -> None:
    """W-08: while the order is submitted, with the customer's word."""
    order = draft(desk)
    given: dict[str, Any] = {"effect_report": "两周未再发", "is_customer_satisfied": True}
    with refused(NotOpen):
        effects.report(order=order, by=desk.handler, now=at(2), **given)
    work_orders.submit(order=order, by=desk.handler, now=at(2))
    finish_measures(order, by=desk.handler, now=at(3))
    with refused(Refused, "effect_report"):
        effects.report(order=order, by=desk.handler, now=at(3), effect_report=" ")
    effects.report(order=order, by=desk.quality, now=at(3), **given)
    order = WorkOrder.objects.get()
    assert (order.effect_reported_by, order.effect_reported_at) == (desk.quality, at(3))
    assert (order.effect_report, order.is_customer_satisfied) == ("两周未再发", True)
    with refused(Forbidden):
        judging.confirm(order=order, by=desk.quality, now=at(4))
    judging.confirm(order=order, by=desk.specialist, now=at(4))


def test_a_reopened_complaint_of_another_branch_takes_open_measures_along(desk: Desk) -> None:
    order = submitted(desk)
    measure_proof.finish(
        measure=order.measures.get(number=1), proof="x", by=desk.handler, now=at(2)
    )
    handling.answer(
        complaint=again(Complaint.objects.get()), channel="phone", result="x",
        by=desk.handler, now=at(3),
    )  # fmt: skip
    Complaint.objects.update(branch=desk.company.sibling, handler=desk.neighbour)
    handling.reopen(complaint=Complaint.objects.get(), reason="x", by=desk.quality, now=at(4))
    owners = dict(order.measures.values_list("number", "owner__name"))
    assert owners == {1: "handler", 2: "neighbour", 3: "neighbour"}
    timers = order.timers.filter(kind="measure", state="running").order_by("cycle")
    assert [(row.owner, row.owner_branch.code) for row in timers] == [(desk.neighbour, "SZ")] * 2


@pytest.mark.django_db(transaction=True)
def test_two_people_finish_at_once(desk: Desk) -> None:
    """One measure has one winner; of the last two, exactly one tells that all are finished."""
    now = clock.now()
    order = WorkOrderFactory.create(
        complaint=desk.complaint(now=now), filler=desk.handler, until="submitted", now=now
    )
    first, second, third = order.measures.all()

    def finish(measure: Measure, by: Person) -> None:
        row = Measure.objects.get(pk=measure.pk)
        measure_proof.finish(measure=row, proof=by.name, by=by, now=now)

    answers = race(lambda: finish(first, desk.handler), lambda: finish(first, desk.manager))
    assert [type(answer) for answer in answers if answer] in ([NotOpen], [Stale])
    first.refresh_from_db()
    assert first.proof == ("handler", "manager")[answers.index(None)]
    race(lambda: finish(second, desk.handler), lambda: finish(third, desk.manager))
    assert not order.measures.exclude(status="done").exists()
    assert told("measures_finished") == ["quality", quality_manager().name]
    assert Event.objects.filter(kind="measure_done").count() == 3


@pytest.mark.parametrize("days", [timedelta(days=1), timedelta(days=400)])
def test_a_measure_may_be_finished_after_its_day(desk: Desk, days: timedelta) -> None:
    order = submitted(desk, plan=[replace(each, due_on=DAY) for each in PLAN])
    late = at(62) + days
    measure_proof.finish(measure=order.measures.get(number=1), proof="x", by=desk.handler, now=late)
    [timer] = Timer.objects.filter(kind="measure", cycle=1).with_verdict(late)
    assert timer.verdict == "breached"  # type: ignore[attr-defined]
