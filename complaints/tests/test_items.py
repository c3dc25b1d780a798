"""Dissatisfied items: entered, corrected, made orders, set aside (W-10, W-12)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from complaints.actions import escalation, items
from complaints.factories import ItemFactory, fill_order, quality_manager
from complaints.models import DissatisfiedItem, Timer, WorkOrder
from complaints.tests.rows import RACERS, at_once, everything, signed_in
from csm.kit import clock
from csm.kit.errors import Refused
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from customers.models import Customer, Kind
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return quality_manager()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


@pytest.fixture
def customer(company: Tree) -> Customer:
    return CustomerFactory.create(name="仓储部", kind=Kind.INTERNAL, home_branch=company.branch)


def typed(company: Tree, **other: Any) -> dict[str, Any]:
    return {
        "customer": "仓储部",
        "branch": company.branch.pk,
        "score": "6.00",
        "threshold": "7.00",
        "explanation": "",
        "opinion": "异常响应速度较慢",
        "plan": "",
        "planned_on": "2026-11-13",
        **other,
    }


def enter(client: Client, data: dict[str, Any]) -> Any:
    return client.post(reverse("dissatisfied-item-new"), data)


def test_w10_an_item_is_entered_by_page(company: Tree, quality: Person, customer: Customer) -> None:
    page = signed_in(quality).get(reverse("dissatisfied-item-new"), {"customer": customer.pk})
    assert f'value="#{customer.pk}"' in page.content.decode()
    response = enter(signed_in(quality), typed(company))
    item = DissatisfiedItem.objects.get()
    assert response.headers["Location"] == reverse("dissatisfied-item", args=[item.pk])
    assert (item.customer, item.branch, item.score) == (customer, company.branch, Decimal("6.00"))
    assert (item.origin, item.recorded_by, item.status) == ("manual", quality, "open")
    text = signed_in(quality).get(response.headers["Location"]).content.decode()
    assert "异常响应速度较慢" in text
    assert "Internal" in text
    assert "2026-11-13" in text


BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"score": "7.00"}, "explanation", "Say why a score at or above the threshold counts."),
    ({"score": "10.01"}, "score", "less than or equal to 10"),
    ({"score": "-1"}, "score", "greater than or equal to 0"),
    ({"score": "NaN"}, "score", "Enter a number."),
    ({"score": "5.005"}, "score", "no more than 2 decimal places"),
    ({"opinion": "  "}, "opinion", "Enter what the customer said."),
    ({"customer": "Nobody"}, "customer", "No customer whom you can see"),
    ({"customer": "部"}, "customer", "Several customers fit"),
    ({"customer": ""}, "customer", "Enter the customer."),
    ({"branch": "999999"}, "branch", "Select a valid choice"),
    ({"planned_on": "0206-11-13"}, "planned_on", "between the years 2000 and 2100"),
)


@pytest.mark.parametrize(("wrong", "field", "words"), BAD)
def test_w10_bad_input_keeps_what_was_typed_and_changes_nothing(
    company: Tree,
    quality: Person,
    customer: Customer,
    wrong: dict[str, Any],
    field: str,
    words: str,
) -> None:
    CustomerFactory.create(name="运输部", kind=Kind.INTERNAL)
    before = everything()
    response = enter(signed_in(quality), typed(company, **wrong))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.context["form"].errors[field][0]
    assert "异常响应速度较慢" in response.content.decode() or "opinion" in wrong
    assert everything() == before


def test_w10_a_score_above_the_threshold_counts_with_a_reason(
    company: Tree, quality: Person, customer: Customer
) -> None:
    enter(signed_in(quality), typed(company, score="8", explanation="客户口头强烈不满"))
    assert DissatisfiedItem.objects.get().explanation == "客户口头强烈不满"
    item = ItemFactory.create(branch=company.branch)
    for bad in ({"score": 7}, {"score": 11, "explanation": "x"}, {"recorded_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DissatisfiedItem.objects.filter(pk=item.pk).update(**bad)


def test_w12_an_item_becomes_one_order(company: Tree, quality: Person, manager: Person) -> None:
    item = ItemFactory.create(branch=company.branch)
    client = signed_in(quality)
    first = client.post(reverse("dissatisfied-item-order", args=[item.pk]))
    order = WorkOrder.objects.get()
    assert first.headers["Location"] == reverse("work-order", args=[order.pk])
    assert (order.source, order.item, order.customer) == ("item", item, item.customer)
    assert (order.branch, order.owner, order.created_by) == (company.branch, manager, quality)
    assert order.issuing_branch == company.headquarters
    item.refresh_from_db()
    assert item.status == "ordered"
    told = Message.objects.filter(text="work_order_opened", channel="inbox")
    assert [row.recipient for row in told] == [manager]
    before = everything()
    again = client.post(reverse("dissatisfied-item-order", args=[item.pk]))
    assert again.headers["Location"] == first.headers["Location"]
    assert everything() == before
    page = client.get(reverse("work-order", args=[order.pk])).content.decode()
    assert item.opinion in page
    listed = client.get(reverse("dissatisfied-items")).content.decode()
    assert reverse("work-order", args=[order.pk]) in listed


def test_w12_an_annulled_order_leaves_the_item_waiting_for_another(
    company: Tree, quality: Person
) -> None:
    item = ItemFactory.create(branch=company.branch)
    api = Caller(quality)
    first = api.post(f"dissatisfied-items/{item.pk}/work-orders/", {}).json()["id"]
    assert api.post(f"work-orders/{first}/annul/", {"reason": "开错平台"}).status_code == 200
    item.refresh_from_db()
    assert item.status == "open"
    assert Timer.objects.get(work_order=first).state == "void"
    second = api.post(f"dissatisfied-items/{item.pk}/work-orders/", {})
    assert second.status_code == 201
    assert api.get(f"dissatisfied-items/{item.pk}/").json()["order"]["id"] == second.json()["id"]


@pytest.mark.django_db(transaction=True)
def test_w12_two_presses_at_once_make_one_order(company: Tree, quality: Person) -> None:
    item = ItemFactory.create(branch=company.branch)
    url = reverse("dissatisfied-item-order", args=[item.pk])
    answers = at_once([quality], lambda client: client.post(url).status_code)
    assert answers == [302] * RACERS
    assert WorkOrder.objects.filter(item=item).count() == 1
    second = WorkOrder.objects.get()
    second.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)


def test_an_opened_order_has_48_hours_that_no_statistics_count(
    company: Tree, quality: Person, manager: Person
) -> None:
    item = ItemFactory.create(branch=company.branch)
    Caller(quality).post(f"dissatisfied-items/{item.pk}/work-orders/", {})
    order, timer = WorkOrder.objects.get(), Timer.objects.get()
    assert (timer.kind, timer.work_order, timer.owner) == ("rework", order, manager)
    assert (timer.due_at - timer.started_at).total_seconds() == 48 * 3600
    assert not Timer.objects.milestones().exists()
    Timer.objects.update(next_fire_at=timer.due_at)
    escalation.fire_due(now=timer.due_at)
    spoken = Message.objects.filter(text="timer_step", channel="inbox", recipient=manager).get()
    assert spoken.context["subject"] == item.opinion
    assert spoken.context["number"] == ""
    fill_order(order, by=manager, now=clock.now())
    answer = Caller(manager).post(f"work-orders/{order.pk}/submit/", {})
    assert answer.status_code == 200, answer.json()
    timer.refresh_from_db()
    assert (timer.state, timer.met_evidence) == ("met", f"order:{order.pk}")


def test_an_item_is_corrected_until_it_has_an_order(company: Tree, quality: Person) -> None:
    item = ItemFactory.create(branch=company.branch)
    client, url = signed_in(quality), reverse("dissatisfied-item-edit", args=[item.pk])
    assert item.opinion in client.get(url).content.decode()
    data = typed(company, customer=f"#{item.customer_id}", score="4.5", version=1)
    assert client.post(url, data).status_code == 302
    item.refresh_from_db()
    assert (item.score, item.version) == (Decimal("4.50"), 2)
    late = client.post(url, data | {"opinion": "迟到的改动"})
    assert late.status_code == 409
    assert "迟到的改动" in late.content.decode()
    assert "What stands now" in late.content.decode()
    item.refresh_from_db()
    assert item.opinion == "异常响应速度较慢"
    client.post(reverse("dissatisfied-item-order", args=[item.pk]))
    before = everything()
    assert client.post(url, data | {"version": "3"}).status_code == 409
    assert everything() == before


def test_an_item_is_set_aside_with_a_reason_and_taken_up_again(
    company: Tree, quality: Person
) -> None:
    item = ItemFactory.create(branch=company.branch)
    client, url = signed_in(quality), reverse("dissatisfied-item-set-aside", args=[item.pk])
    before = everything()
    assert client.post(url, {"reason": " "}).status_code == 422
    assert everything() == before
    assert client.post(url, {"reason": "重复录入"}).status_code == 302
    item.refresh_from_db()
    assert (item.status, item.set_aside_reason, item.set_aside_by) == (
        "set_aside", "重复录入", quality,
    )  # fmt: skip
    before = everything()
    order = client.post(reverse("dissatisfied-item-order", args=[item.pk]))
    assert order.status_code == 409
    assert everything() == before
    assert client.post(reverse("dissatisfied-item-take-up", args=[item.pk])).status_code == 302
    item.refresh_from_db()
    assert (item.status, item.set_aside_reason) == ("open", "")


def test_my_work_tells_quality_of_items_without_an_order(company: Tree, quality: Person) -> None:
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    words = "2 dissatisfied items without an order"
    item, *_others = [ItemFactory.create(branch=company.branch) for _ in range(3)]
    signed_in(quality).post(reverse("dissatisfied-item-order", args=[item.pk]))
    page = signed_in(quality).get("/").content.decode()
    assert words in page
    assert f"{reverse('dissatisfied-items')}?status=open" in page
    assert "without an order" not in signed_in(handler).get("/").content.decode()


def test_what_a_survey_brings_needs_no_person_and_no_words(company: Tree) -> None:
    item = items.record(
        customer=CustomerFactory.create(), branch=company.branch, score=Decimal(3), by=None,
        now=clock.now(), origin="survey",
    )  # fmt: skip
    assert (item.recorded_by, item.opinion) == (None, "")
    with pytest.raises(Refused):
        items.record(
            customer=item.customer, branch=company.branch, score=Decimal(9), by=None,
            now=clock.now(), origin="survey",
        )  # fmt: skip


def test_w10_items_through_the_api(company: Tree, quality: Person, customer: Customer) -> None:
    api = Caller(quality)
    given = {
        "customer": customer.pk,
        "branch": "WX",
        "score": "6.00",
        "opinion": "异常响应速度较慢",
        "planned_on": "2026-11-13",
    }
    made = api.post("dissatisfied-items/", given)
    assert made.status_code == 201, made.json()
    item = made.json()
    assert (item["score"], item["threshold"], item["order"]) == ("6.00", "7.00", None)
    before = everything()
    body = refused(api.post("dissatisfied-items/", given | {"score": "8"}), 400, "refused")
    assert list(body["fields"]) == ["explanation"]
    for wrong, field in (
        ({"score": "12"}, "score"),
        ({"customer": 10**12}, "customer"),
        ({"branch": "XX"}, "branch"),
        ({"recorded_by": 1}, "recorded_by"),
    ):
        body = refused(api.post("dissatisfied-items/", given | wrong), 400, "invalid")
        assert field in body["fields"]
    assert everything() == before
    url = f"dissatisfied-items/{item['id']}/"
    assert api.patch(url, {"plan": "专人值守", "version": 1}).json()["plan"] == "专人值守"
    refused(api.patch(url, {"plan": "x", "version": 1}), 409, "stale")
    aside = api.post(f"{url}set-aside/", {"reason": "重复"})
    assert aside.json()["status"] == "set_aside"
    body = refused(api.patch(url, {"plan": "y"}), 409, "not_open")
    assert body["allowed"] == ["take-up"]
    assert api.post(f"{url}take-up/", {}).json()["status"] == "open"
    opened = api.post(f"{url}work-orders/", {})
    assert opened.status_code == 201
    assert (opened.json()["source"], opened.json()["score"]) == ("item", "6.00")
    assert api.post(f"{url}work-orders/", {}).status_code == 200
    assert api.get(url).json()["order"]["id"] == opened.json()["id"]
    assert [row["id"] for row in api.get("dissatisfied-items/").json()["results"]] == [item["id"]]


def test_who_only_handles_neither_enters_nor_opens(company: Tree) -> None:
    item = ItemFactory.create(branch=company.branch)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    client, before = signed_in(handler), everything()
    assert client.get(reverse("dissatisfied-item", args=[item.pk])).status_code == 200
    assert enter(client, typed(company)).status_code == 403
    assert client.post(reverse("dissatisfied-item-order", args=[item.pk])).status_code == 403
    assert everything() == before


def test_s06_a_pain_point_told_in_a_talk_is_entered_and_found(
    company: Tree, quality: Person, customer: Customer
) -> None:
    Customer.objects.filter(pk=customer.pk).update(kind=Kind.PERSON, tier="diamond")
    client = signed_in(quality)
    assert enter(client, typed(company, origin="talk")).status_code == 302
    assert enter(client, typed(company, origin="survey")).status_code == 422
    assert enter(client, typed(company)).status_code == 302
    assert sorted(DissatisfiedItem.objects.values_list("origin", flat=True)) == ["manual", "talk"]
    page = client.get(reverse("dissatisfied-items"), {"origin": "talk", "tier": "diamond"})
    assert page.content.decode().count('class="r-subject"') == 1
    given = {"customer": customer.pk, "branch": company.branch.code, "score": "3", "opinion": "慢"}
    made = Caller(quality).post("dissatisfied-items/", given | {"origin": "talk"})
    assert (made.status_code, made.json()["origin"]) == (201, "talk")
    with pytest.raises(IntegrityError), transaction.atomic():
        DissatisfiedItem.objects.filter(origin="talk").update(customer=None)
