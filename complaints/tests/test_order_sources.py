"""Orders from findings, by hand, and for several complaints (W-12)."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from complaints.actions import (
    hand_overs,
    handling,
    judging,
    merging,
    order_complaints,
    work_orders,
)
from complaints.factories import (
    ComplaintFactory,
    ItemFactory,
    WorkOrderFactory,
    bring_order,
    fill_order,
    finish_measures,
    quality_manager,
)
from complaints.models import Complaint, OrderComplaint, Timer, WorkOrder
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.kit.errors import Refused, Stale
from csm.tests.api import Caller, refused
from csm.tests.race import race, waiting
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return quality_manager()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


def opened_for_item(company: Tree, quality: Person) -> WorkOrder:
    item = ItemFactory.create(branch=company.branch)
    signed_in(quality).post(reverse("dissatisfied-item-order", args=[item.pk]))
    return WorkOrder.objects.get(item=item)


def complaint_of(company: Tree, **given: Any) -> Complaint:
    return ComplaintFactory.create(branch=company.branch, until="handling", **given)


def test_w12_an_audit_finding_becomes_an_order(company: Tree, quality: Person) -> None:
    client, url = signed_in(quality), reverse("work-order-open-finding")
    data = {
        "branch": company.branch.pk,
        "customer": "",
        "occasion": "首问责任未落实",
        "found_on": "2026-11-12",
        "found_by": "稽核组 王凯",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.source, order.occasion, order.found_by) == (
        "finding", "首问责任未落实", "稽核组 王凯",
    )  # fmt: skip
    page = client.get(reverse("work-order", args=[order.pk])).content.decode()
    assert "首问责任未落实" in page
    assert "2026-11-12" in page
    before = everything()
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    for wrong in (
        {"occasion": " "}, {"found_on": tomorrow}, {"found_by": ""}, {"branch": "0"},
    ):  # fmt: skip
        answer = client.post(url, data | wrong)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(wrong)
    assert everything() == before


def test_w12_an_order_opened_by_hand(company: Tree, quality: Person) -> None:
    url = reverse("work-order-open")
    data = {"branch": company.branch.pk, "customer": "", "occasion": "专项检查"}
    assert signed_in(quality).post(url, data).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.source, order.occasion, order.customer) == ("hand", "专项检查", None)
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    before = everything()
    assert signed_in(manager).post(url, data).status_code == 403
    assert everything() == before


def test_w12_findings_and_orders_by_hand_through_the_api(company: Tree, quality: Person) -> None:
    api = Caller(quality)
    given = {"source": "finding", "branch": "WX", "occasion": "首问责任未落实"}
    before = everything()
    body = refused(api.post("work-orders/", given), 400, "invalid")
    assert set(body["fields"]) == {"found_on", "found_by"}
    refused(api.post("work-orders/", given | {"source": "complaint"}), 400, "invalid")
    assert everything() == before
    whole = given | {"found_on": "2026-11-12", "found_by": "王凯"}
    made = api.post("work-orders/", whole).json()
    assert (made["source"], made["found_on"], made["complaints"]) == ("finding", "2026-11-12", [])
    refused(api.post("work-orders/", whole | {"source": "hand"}), 400, "invalid")
    by_hand = api.post("work-orders/", {"source": "hand", "branch": "WX", "occasion": "检查"})
    assert by_hand.status_code == 201
    assert WorkOrder.objects.count() == 2


def test_the_database_keeps_every_source_whole(company: Tree, quality: Person) -> None:
    order = opened_for_item(company, quality)
    for wrong in (
        {"source": "hand"}, {"item": None}, {"source": "finding", "item": None, "occasion": "x"},
        {"found_by": "x"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkOrder.objects.filter(pk=order.pk).update(**wrong)


def test_w12_one_submission_stops_the_clock_of_each_complaint(
    company: Tree, quality: Person, handler: Person
) -> None:
    order = opened_for_item(company, quality)
    first, second = complaint_of(company), complaint_of(company)
    client, url = signed_in(handler), reverse("work-order-complaints", args=[order.pk])
    offered = client.get(url).context["offered"]
    assert set(offered) == {first, second}
    assert (
        client.post(url, {"complaint": first.number, "version": order.version}).status_code == 302
    )
    api = Caller(handler)
    added = api.post(f"work-orders/{order.pk}/complaints/", {"complaint": second.number})
    assert [row["number"] for row in added.json()["complaints"]] == [first.number, second.number]
    fill_order(order, by=handler, now=clock.now())
    assert api.post(f"work-orders/{order.pk}/submit/", {}).status_code == 200
    clocks = Timer.objects.filter(kind="work_order").order_by("pk")
    assert [(row.state, row.met_evidence) for row in clocks] == [("met", f"order:{order.pk}")] * 2
    assert Timer.objects.get(kind="rework").state == "met"
    kinds = [*first.events.values_list("kind", flat=True)]
    assert {"order_attached", "order_submitted"} <= set(kinds)
    page = client.get(reverse("complaint", args=[first.number])).content.decode()
    assert "added it to a rectification work order" in page


def test_a_complaint_that_cannot_be_added_is_refused(
    company: Tree, quality: Person, handler: Person
) -> None:
    order = opened_for_item(company, quality)
    elsewhere = ComplaintFactory.create(branch=company.child, until="handling")
    busy = WorkOrderFactory.create(branch=company.branch).links.get().complaint
    served = complaint_of(company)
    order_complaints.add(order=order, complaint=served, by=handler, now=clock.now())
    new = ComplaintFactory.create(branch=company.branch)
    client, url = signed_in(handler), reverse("work-order-complaints", args=[order.pk])
    before = everything()
    for number, words in (
        (elsewhere.number, "another branch"),
        (busy.number, "has an order already"),
        (served.number, "serves this complaint already"),
        ("TS20000101-0001", "no complaint of this number"),
        ("", "Enter the number"),
    ):
        answer = client.post(url, {"complaint": number})
        assert answer.status_code == 422
        assert words in answer.context["form"].errors["complaint"][0]
        assert words in answer.content.decode()
    assert client.post(url, {"complaint": new.number}).status_code == 409
    assert client.post(url, {"complaint": served.number, "version": 99}).status_code == 409
    assert everything() == before


def test_a_complaint_is_taken_out_while_nothing_hangs_on_it(
    company: Tree, quality: Person, handler: Person
) -> None:
    order = opened_for_item(company, quality)
    one, two = complaint_of(company), complaint_of(company)
    for complaint in (one, two):
        order_complaints.add(order=order, complaint=complaint, by=handler, now=clock.now())
    url = reverse("work-order-complaint-remove", args=[order.pk])
    assert signed_in(handler).post(url, {"complaint": one.number}).status_code == 302
    assert [link.complaint for link in order.links.all()] == [two]
    page = signed_in(handler).get(reverse("complaint", args=[one.number])).content.decode()
    assert "took it out of the rectification work order" in page
    fill_order(order, by=handler, now=clock.now())
    bring_order(order, until="returned", filler=handler, quality=quality, now=clock.now())
    own = WorkOrderFactory.create(branch=company.branch)
    before = everything()
    answer = signed_in(handler).post(url, {"complaint": two.number})
    assert "was submitted for this complaint" in answer.content.decode()
    origin = own.links.get().complaint
    call = Caller(handler).delete(f"work-orders/{own.pk}/complaints/{origin.number}/")
    assert "came from this complaint" in refused(call, 400, "refused")["message"]
    assert everything() == before
    signed_in(handler).post(
        reverse("work-order-complaints", args=[own.pk]), {"complaint": one.number}
    )
    Caller(handler).delete(f"work-orders/{own.pk}/complaints/{origin.number}/")
    assert [link.complaint for link in own.links.all()] == [one]


@pytest.mark.django_db(transaction=True)
def test_a_complaint_gets_one_order_when_two_want_it_at_once(
    company: Tree, quality: Person, handler: Person
) -> None:
    orders = [opened_for_item(company, quality) for _ in range(3)]
    complaint = complaint_of(company)

    def add(order: WorkOrder) -> int:
        url = reverse("work-order-complaints", args=[order.pk])
        return signed_in(handler).post(url, {"complaint": complaint.number}).status_code

    answers = race(*(partial(add, order) for order in orders))
    assert Counter(map(str, answers)) == {"302": 1, "422": 2}
    assert OrderComplaint.objects.filter(complaint=complaint).count() == 1


def test_an_order_of_its_own_stays_when_a_complaint_goes_elsewhere(
    company: Tree, quality: Person, handler: Person
) -> None:
    order = opened_for_item(company, quality)
    complaint, other = complaint_of(company), complaint_of(company)
    for one in (complaint, other):
        order_complaints.add(order=order, complaint=one, by=handler, now=clock.now())
    hand_overs.transfer(
        complaint=complaint, branch=company.sibling, reason="x", by=quality, now=clock.now()
    )
    order.refresh_from_db()
    assert order.branch == company.branch
    assert [link.complaint for link in order.links.all()] == [other]
    fill_order(order, by=handler, now=clock.now())
    bring_order(order, until="submitted", filler=handler, quality=quality, now=clock.now())
    other.refresh_from_db()
    hand_overs.transfer(
        complaint=other, branch=company.sibling, reason="x", by=quality, now=clock.now()
    )
    handling.answer(complaint=other, channel="phone", result="x", by=quality, now=clock.now())
    handling.reopen(complaint=other, reason="x", by=quality, now=clock.now())
    order.refresh_from_db()
    assert (order.branch, order.status) == (company.branch, "submitted")
    assert not order.links.exists()
    finish_measures(order, by=handler, now=clock.now())
    judging.confirm(order=order, by=quality, now=clock.now())


def test_a_merge_annuls_no_order_that_has_another_reason(
    company: Tree, quality: Person, handler: Person
) -> None:
    order = opened_for_item(company, quality)
    duplicate = complaint_of(company)
    order_complaints.add(order=order, complaint=duplicate, by=handler, now=clock.now())
    survivor = WorkOrderFactory.create(branch=company.branch).links.get().complaint
    duplicate.refresh_from_db()
    survivor.refresh_from_db()
    merging.merge(complaint=duplicate, into=survivor, by=quality, now=clock.now())
    order.refresh_from_db()
    assert order.status == "draft"
    assert Timer.objects.get(work_order=order).state == "running"


def test_nothing_can_be_added_to_a_submitted_order(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch, until="submitted")
    complaint = complaint_of(company)
    before = everything()
    with pytest.raises(Refused):
        order_complaints.add(order=order, complaint=complaint, by=handler, now=clock.now())
    url = reverse("work-order-complaints", args=[order.pk])
    assert signed_in(handler).post(url, {"complaint": complaint.number}).status_code == 409
    assert everything() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["add", "remove"])
def test_c09_a_complaint_comes_or_goes_while_the_order_is_submitted(
    act: str, company: Tree, quality: Person, handler: Person
) -> None:
    """The submission stops the clocks of just those complaints that the order serves."""
    order, complaint = opened_for_item(company, quality), complaint_of(company)
    fill_order(order, by=handler, now=clock.now())
    given: dict[str, Any] = {"complaint": complaint, "by": handler}
    if act == "remove":
        order_complaints.add(order=order, now=clock.now(), **given)

    def change() -> None:
        found = WorkOrder.objects.get(pk=order.pk)
        getattr(order_complaints, act)(order=found, now=clock.now(), **given)

    def submit() -> None:
        found = WorkOrder.objects.get(pk=order.pk)
        work_orders.submit(order=found, by=handler, now=clock.now())

    # Each in turn is the quicker one: it has done all, and has not committed yet.
    with transaction.atomic():
        change()
        slower = waiting(submit)
    with pytest.raises(Stale):
        slower.result()
    assert not is_stopped(complaint)
    with transaction.atomic():
        submit()
        slower = waiting(change)
    with pytest.raises(Refused):
        slower.result()
    is_served = order.links.filter(complaint=complaint).exists()
    assert (is_served, is_stopped(complaint)) == (act == "add", act == "add")


def is_stopped(complaint: Complaint) -> bool:
    return Timer.objects.get(complaint=complaint, kind="work_order").state == "met"
