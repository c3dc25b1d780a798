"""Nobody who wrote in an order judges it, whoever submits it in the end (W-16)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from complaints.actions import accountability, effects, judging, measure_proof, work_orders
from complaints.actions.accountability import Line
from complaints.factories import SECTIONS, WorkOrderFactory, finish_measures
from complaints.models import OrderStatus, WorkOrder
from complaints.tests.clockwork import Desk, at, opened_desk, refused
from complaints.tests.rows import signed_in
from complaints.work import orders_to_confirm
from csm.kit.errors import Forbidden
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def colleague(desk: Desk) -> Person:
    """Another of the issuing unit."""
    return PersonFactory.create(branch=desk.company.headquarters, role=Role.QUALITY_MANAGER)


def again(order: WorkOrder) -> WorkOrder:
    return WorkOrder.objects.get(pk=order.pk)


def drafted(desk: Desk) -> WorkOrder:
    return WorkOrderFactory.create(complaint=desk.complaint(), filler=desk.handler, now=at(1))


def submit(order: WorkOrder, by: Person) -> None:
    work_orders.submit(order=again(order), by=by, now=at(2))


def wrote_sections(order: WorkOrder, desk: Desk) -> None:
    work_orders.save(order=order, by=desk.quality, now=at(1), **SECTIONS)
    submit(order, desk.handler)


def attached_evidence(order: WorkOrder, desk: Desk) -> None:
    upload = SimpleUploadedFile("list.txt", b"what was found")
    work_orders.attach(order=order, uploads=[upload], by=desk.quality, now=at(1))
    submit(order, desk.handler)


def named_who_answers(order: WorkOrder, desk: Desk) -> None:
    line = Line("person", desk.handler.pk, None, "x")
    accountability.write(of=order, lines=[line], by=desk.quality, now=at(1))
    submit(order, desk.handler)


def submitted_before(order: WorkOrder, desk: Desk) -> None:
    """A colleague returned it, and somebody of the branch submitted the same again."""
    submit(order, desk.quality)
    judge = PersonFactory.create(branch=desk.company.headquarters, role=Role.QUALITY_MANAGER)
    given: dict[str, Any] = {"reason": "x", "sections": ["causes"], "by": judge, "now": at(2)}
    judging.send_back(order=again(order), **given)
    submit(order, desk.handler)


def proved_a_measure(order: WorkOrder, desk: Desk) -> None:
    submit(order, desk.handler)
    measure = order.measures.first()
    assert measure is not None
    measure_proof.finish(measure=measure, proof="Done.", by=desk.quality, now=at(2))


def reported_first(order: WorkOrder, desk: Desk) -> None:
    """The branch then reported in the same words."""
    submit(order, desk.handler)
    for by in (desk.quality, desk.handler):
        effects.report(order=again(order), effect_report="Better.", by=by, now=at(2))


@pytest.mark.parametrize(
    "write",
    [
        wrote_sections,
        attached_evidence,
        named_who_answers,
        submitted_before,
        proved_a_measure,
        reported_first,
    ],
)
def test_w16_whoever_wrote_in_an_order_cannot_judge_it(
    write: Callable[[WorkOrder, Desk], None], desk: Desk, colleague: Person
) -> None:
    order = drafted(desk)
    write(order, desk)
    finish_measures(again(order), by=desk.handler, now=at(2))
    order, before = again(order), WorkOrder.objects.filter(pk=order.pk).values().get()

    given: dict[str, Any] = {"by": desk.quality, "now": at(3)}
    with refused(Forbidden):
        judging.confirm(order=order, **given)
    with refused(Forbidden):
        judging.send_back(order=order, reason="x", sections=["causes"], **given)
    page = signed_in(desk.quality).get(f"/work-orders/{order.pk}/").content.decode()
    assert "confirm/" not in page
    allowed = Caller(desk.quality).get(f"work-orders/{order.pk}/").json()["allowed"]
    assert not {"confirm", "return"} & set(allowed)
    assert not orders_to_confirm(desk.quality).exists()
    judged = {"status": OrderStatus.CONFIRMED, "confirmed_by": desk.quality, "confirmed_at": at(3)}
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(**judged)
    assert WorkOrder.objects.filter(pk=order.pk).values().get() == before

    assert orders_to_confirm(colleague).get() == order
    judging.confirm(order=order, by=colleague, now=at(3))
    assert again(order).confirmed_by == colleague


def test_w16_who_only_begins_an_order_may_judge_it(desk: Desk) -> None:
    complaint = desk.complaint()
    order = work_orders.draft(complaint=complaint, by=desk.quality, now=at(1))
    work_orders.save(order=order, by=desk.handler, now=at(1), **SECTIONS)
    submit(order, desk.handler)
    finish_measures(again(order), by=desk.handler, now=at(2))
    judging.confirm(order=again(order), by=desk.quality, now=at(3))
    assert again(order).written_by == [desk.handler.pk]
