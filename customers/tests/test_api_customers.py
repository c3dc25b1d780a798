"""Customers through the API (K-01, B-25)."""

from typing import Any

import pytest

from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def caller(company: Tree) -> Caller:
    return Caller(PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK))


def names(caller: Caller, query: str = "") -> list[str]:
    answer = caller.get(f"customers/?{query}")
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["results"]]


def test_found_by_name_phone_and_last_four_digits(company: Tree, caller: Caller) -> None:
    CustomerFactory.create(name="无锡百货", home_branch=company.branch, phone="13800138000")
    CustomerFactory.create(name="新吴医药", home_branch=company.child, phone="13900139111")
    CustomerFactory.create(name="苏州百货", home_branch=company.sibling, phone="13700138000")

    assert names(caller) == ["新吴医药", "无锡百货"]
    assert names(caller, "search=百货") == ["无锡百货"]
    assert names(caller, "kind=company") == []
    assert AccessRecord.objects.count() == 0
    assert names(caller, "search=13800138000") == ["无锡百货"]
    assert names(caller, "search=9111") == ["新吴医药"]
    assert [row.reference for row in AccessRecord.objects.order_by("pk")] == [
        "138****8000",
        "****",
    ]


def test_b25_a_card_shows_contacts_masked(company: Tree, caller: Caller) -> None:
    customer = CustomerFactory.create(
        name="无锡百货",
        home_branch=company.branch,
        contact_name="王小明",
        phone="13800138000",
        email="wang@example.com",
    )

    body = caller.get(f"customers/{customer.pk}/").json()

    assert body["home_branch"]["code"] == "WX"
    assert body["facts"]["complaints"] == 0
    assert body["contacts"] == [
        {
            "id": customer.contacts.get().pk,
            "name": "王**",
            "title": "",
            "best_time": "",
            "is_primary": True,
            "points": [
                {"kind": "phone", "value": "138****8000"},
                {"kind": "email", "value": "w***@example.com"},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("place", "status"), [("branch", 200), ("child", 200), ("sibling", 404), ("region", 404)]
)
def test_b01_own_child_sibling_parent(
    company: Tree, caller: Caller, place: str, status: int
) -> None:
    customer = CustomerFactory.create(home_branch=getattr(company, place))

    assert caller.get(f"customers/{customer.pk}/").status_code == status
    assert names(caller) == ([customer.name] if status == 200 else [])


def test_bad_questions_are_400_and_unknown_customers_404(caller: Caller) -> None:
    for query in ("kind=robot", "search=" + "x" * 81, "search=%00", "page_size=0"):
        refused(caller.get(f"customers/?{query}"), 400, "invalid")
    for pk in ("0", "9" * 40, "x"):
        refused(caller.get(f"customers/{pk}/"), 404, "not_found")


def test_who_sees_no_customers_is_403(company: Tree) -> None:
    reviewer = Caller(PersonFactory.create(branch=company.branch, role=Role.REVIEWER))

    refused(reviewer.get("customers/"), 403, "forbidden")


def test_the_list_takes_the_same_queries_for_1_row_and_for_20(
    company: Tree, caller: Caller, django_assert_num_queries: Any
) -> None:
    CustomerFactory.create(home_branch=company.branch)
    # token, moment, postings, branches, customers
    with django_assert_num_queries(5):
        assert len(names(caller)) == 1

    CustomerFactory.create_batch(19, home_branch=company.branch)

    with django_assert_num_queries(5):
        assert len(names(caller)) == 20
