"""Merging, duplicates, corrections and all data of a customer through the API (K-17, PIPL 45)."""

import pytest

from csm.tests.api import Caller, refused
from customers.actions import customers
from customers.factories import CustomerFactory
from customers.models import Correction, Customer, ToldApart
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def caller(quality: Person) -> Caller:
    return Caller(quality)


@pytest.fixture
def pair(company: Tree) -> tuple[Customer, Customer]:
    first, second = (
        CustomerFactory.create(name="无锡百货", phone="13800138000", home_branch=company.branch)
        for _n in range(2)
    )
    return first, second


def test_k17_likely_pairs_are_listed_told_apart_or_merged(
    caller: Caller, pair: tuple[Customer, Customer]
) -> None:
    first, second = pair
    (found,) = caller.get("customer-duplicates/").json()["results"]
    assert (found["first"]["id"], found["second"]["id"]) == (first.pk, second.pk)
    assert len(found["reasons"]) == 1
    body = {"first": first.pk, "second": second.pk}
    assert caller.post("customer-duplicates/apart/", body).status_code == 204
    assert ToldApart.objects.count() == 1
    assert caller.get("customer-duplicates/").json()["results"] == []
    merge = f"customers/{second.pk}/merge/"
    refused(caller.post(merge, {"into": second.pk}), 400, "refused")
    refused(caller.post(merge, {"into": first.pk, "version": 9}), 409, "stale")
    refused(caller.post(merge, {"into": 10**9}), 404, "not_found")
    refused(caller.post(merge, {}), 400, "invalid")
    assert Customer.objects.filter(merged_into=None).count() == 2
    done = caller.post(merge, {"into": first.pk, "version": second.version})
    assert (done.status_code, done.json()["into"]) == (200, first.pk)
    second.refresh_from_db()
    assert second.merged_into == first
    rows = caller.get(f"customers/{first.pk}/corrections/").json()["results"]
    assert [row["field"] for row in rows] == ["merged"]


def test_k17_who_may_not_merge_changes_nothing(
    company: Tree, pair: tuple[Customer, Customer]
) -> None:
    first, second = pair
    desk = Caller(PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK))
    for path in (f"customers/{second.pk}/merge/", "customer-duplicates/apart/"):
        refused(desk.post(path, {"into": first.pk}), 403, "forbidden")
    refused(desk.get("customer-duplicates/"), 403, "forbidden")
    refused(desk.post(f"customers/{first.pk}/data/", {"reason": "request"}), 403, "forbidden")
    assert (ToldApart.objects.count(), Correction.objects.count()) == (0, 0)
    assert not AccessRecord.objects.filter(what="person-data").exists()


def test_corrections_are_paged_the_newest_first(
    caller: Caller, quality: Person, pair: tuple[Customer, Customer]
) -> None:
    customer = pair[0]
    for note in ("a", "b"):
        customers.change(customer=customer, by=quality, now=customer.created_at, note=note)
    found = caller.get(f"customers/{customer.pk}/corrections/?page_size=1").json()
    (row,) = found["results"]
    assert (row["field"], row["became"], row["by"]["id"]) == ("note", "b", quality.pk)
    assert found["next"]


def test_all_data_for_a_reason_that_stays_on_record(
    caller: Caller, pair: tuple[Customer, Customer]
) -> None:
    path = f"customers/{pair[0].pk}/data/"
    refused(caller.post(path, {"reason": "curious"}), 400, "invalid")
    refused(caller.post(path, {}), 400, "invalid")
    assert not AccessRecord.objects.filter(what="person-data").exists()
    found = caller.post(path, {"reason": "request"}).json()
    assert found["customers.Customer"][0]["name"] == "无锡百货"
    assert found["customers.ContactPoint"][0]["value"] == "13800138000"
    assert AccessRecord.objects.get(what="person-data").reference == f"customer:{pair[0].pk}"
