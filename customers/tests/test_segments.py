"""Segments: a fixed vocabulary, lists of names, and what is made of them (K-22)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from csm.kit import clock
from csm.kit.errors import Refused
from csm.tests.api import Caller
from customers import segments as reading
from customers.actions import segments
from customers.factories import CustomerFactory
from customers.models import ChurnRisk, Customer, CustomerFacts, Segment, SegmentMember
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys.frames import frame_of
from surveys.models import Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


@pytest.fixture
def now() -> datetime:
    return clock.now()


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_k22_each_word_of_the_vocabulary_finds_its_customers(
    company: Tree, handler: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    gold = CustomerFactory.create(home_branch=company.branch, tier="gold")
    firm = CustomerFactory.create(
        home_branch=company.child, kind="company", grade="1A", account_manager=handler
    )
    left = CustomerFactory.create(home_branch=company.branch, tier="silver")
    Customer.objects.filter(pk=left.pk).update(stage="left")
    CustomerFactory.create(home_branch=company.sibling, tier="gold")
    ChurnRisk.objects.create(
        customer=gold, points=70, level="red", since=now, checked_at=now, hits=[]
    )
    on = today - timedelta(days=10)
    CustomerFacts.objects.filter(customer=firm).update(last_visited_on=on)

    def found(**conditions: Any) -> list[int]:
        row = Segment(branch=company.branch, conditions=reading.checked(conditions))
        rows = reading.customers(row, handler, today=today)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    assert found() == [gold.pk, firm.pk, left.pk]
    assert found(kinds=["company"]) == [firm.pk]
    assert found(tiers=["gold", "silver"]) == [gold.pk, left.pk]
    assert found(grades=["1A"]) == [firm.pk]
    assert found(stages=["left"]) == [left.pk]
    assert found(levels=["red", "orange"]) == [gold.pk]
    assert found(branches=[company.child.code]) == [firm.pk]
    assert found(branches=[company.sibling.code]) == []
    assert found(branches=["') OR 1=1 --", "%", "_"]) == []
    assert found(managers=[handler.pk]) == [firm.pk]
    assert found(visited_days=10) == [firm.pk]
    assert found(not_visited_days=10) == [gold.pk, left.pk]
    assert found(not_visited_days=9, kinds=["company"]) == [firm.pk]
    assert found(tiers=["gold"], stages=["left"]) == []
    for wrong in (
        {"sql": ["1"]},
        {"tiers": ["x"]},
        {"tiers": "gold"},
        {"managers": ["1); DROP"]},
        {"managers": [True]},
        {"visited_days": 0},
        {"visited_days": "1"},
        {"branches": ["a\0"]},
        {"tiers": [["gold"]]},
        {"branches": ["\ud800"]},
        {"branches": ["x" * 81]},
        {"managers": [1] * 501},
        {"\ud800": ["1"]},
    ):
        with pytest.raises(Refused):
            reading.checked(wrong)


def test_k22_a_segment_is_saved_shown_exported_and_asked(
    company: Tree, handler: Person, now: datetime
) -> None:
    gold = CustomerFactory.create(
        home_branch=company.branch, kind="company", tier="", name="金牌百货", email="a@example.com"
    )
    CustomerFactory.create(home_branch=company.branch, kind="company", tier="")
    Customer.objects.filter(pk=gold.pk).update(stage="growth")
    client = signed_in(handler)
    given = {"name": "成长", "branch": company.branch.pk, "stages": ["growth"]}
    new = reverse("segment-new")
    assert client.post(new, given | {"stages": ["x"]}).status_code == 422
    assert client.post(new, given | {"name": ""}).status_code == 422
    assert client.post(new, given | {"branch": company.sibling.pk}).status_code == 422
    assert not Segment.objects.exists()
    assert client.post(new, given).status_code == 302
    assert client.post(new, given).status_code == 422
    row = Segment.objects.get()
    page = client.get(reverse("segment", args=[row.pk])).content.decode()
    assert ("1 customer" in page, "金牌百货" in page) == (True, True)
    assert "<dt>Stages of the life cycle</dt><dd>Growth</dd>" in page
    edit = reverse("segment-edit", args=[row.pk])
    assert client.post(edit, given | {"version": 1, "name": "成长期"}).status_code == 302
    assert client.post(edit, given | {"version": 1}).status_code == 409
    export = reverse("customers-export")
    query = {"form": "csv", "query": f"segment={row.pk}"}
    text = b"".join(client.post(export, query)).decode("utf-8-sig")
    assert (text.count("\n"), "金牌百货" in text) == (2, True)
    none = {"form": "csv", "query": "segment=0 OR 1=1"}
    assert b"".join(client.post(export, none)).decode().count("\n") == 1
    survey = Survey(branch=company.headquarters, method="online", cool_down_days=0)
    assert frame_of(survey, now=now).matching == 2
    survey.frame = {"segments": [str(row.pk)]}
    assert (frame_of(survey, now=now).size, frame_of(survey, now=now).matching) == (1, 1)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    assert signed_in(stranger).get(reverse("segment", args=[row.pk])).status_code == 404
    assert client.post(reverse("segment-remove", args=[row.pk])).status_code == 302
    assert frame_of(survey, now=now).matching == 0


def test_k22_names_are_put_on_a_list_by_hand(company: Tree, handler: Person, now: datetime) -> None:
    row = segments.save(
        name="名单", branch=company.branch, conditions={}, is_list=True, by=handler, now=now
    )
    filtered = segments.save(name="其他", branch=company.branch, conditions={}, by=handler, now=now)
    customer = CustomerFactory.create(home_branch=company.child)
    other = CustomerFactory.create(home_branch=company.sibling)
    client, url = signed_in(handler), reverse("customer-lists", args=[customer.pk])
    assert client.post(url, {"segment": "x"}).status_code == 422
    assert client.post(url, {"segment": filtered.pk}).status_code == 422
    assert [client.post(url, {"segment": row.pk}).status_code for _n in range(2)] == [302, 302]
    assert SegmentMember.objects.get().customer == customer
    with pytest.raises(Refused):
        segments.put(segment=row, customer=other, by=handler, now=now)
    listed = Caller(handler).get(f"segments/{row.pk}/customers/").json()["results"]
    assert [each["id"] for each in listed] == [customer.pk]
    assert client.post(url, {"segment": row.pk, "off": "1"}).status_code == 302
    assert not SegmentMember.objects.exists()
