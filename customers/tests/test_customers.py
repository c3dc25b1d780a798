"""Customers through their pages (K-01, K-02, O-03, O-07)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import ComplaintFactory
from csm.kit import clock
from customers.actions import customers as actions
from customers.factories import CustomerFactory
from customers.models import ContactPoint, Customer, CustomerFacts, Grade, Kind, Tier
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def card(company: Tree, **changed: Any) -> dict[str, Any]:
    return {
        "name": "徐州矿山装备",
        "kind": "company",
        "tier": "",
        "grade": "4A",
        "home_branch": company.branch.pk,
        "account_manager": "",
        "note": "",
    } | changed


def stored(customer: Customer) -> tuple[Any, ...]:
    return tuple(Customer.objects.filter(pk=customer.pk).values_list()[0])


def test_a_customer_is_added_with_a_contact_and_facts(company: Tree, desk: Person) -> None:
    contact = {"contact_name": "刘建军", "title": "仓储主管", "phone": "+86 138 0013 8000"}
    contact |= {"email": "liu@example.com", "best_time": "14:00–17:00"}
    response = signed_in(desk).post(reverse("customer-new"), card(company) | contact)
    customer = Customer.objects.get()
    assert response["Location"] == f"/customers/{customer.pk}/"
    assert (customer.grade, customer.tier, customer.version) == (Grade.A4, "", 1)
    made = customer.contacts.get()
    assert (made.name, made.title, made.best_time, made.is_primary) == (
        "刘建军", "仓储主管", "14:00–17:00", True,
    )  # fmt: skip
    phone, email = made.points.order_by("kind", "pk").reverse()
    assert (phone.value, len(phone.key), len(phone.last_four_key)) == (contact["phone"], 22, 22)
    assert email.value == "liu@example.com"
    assert CustomerFacts.objects.get(customer=customer).complaints == 0


@pytest.mark.parametrize(("kind", "tier", "grade", "field"), [
    ("person", "gold", "", None), ("person", "", "", None), ("person", "", "1A", "grade"),
    ("company", "", "5B", None), ("company", "", "", None), ("company", "gold", "", "tier"),
    ("internal", "", "", None), ("internal", "basic", "", "tier"), ("internal", "", "1A", "grade"),
])  # fmt: skip
def test_k01_k02_o07_a_tier_is_a_persons_and_a_grade_a_companys(
    company: Tree, desk: Person, kind: str, tier: str, grade: str, field: str | None
) -> None:
    given = card(company, kind=kind, tier=tier, grade=grade)
    response = signed_in(desk).post(reverse("customer-new"), given)
    assert response.status_code == (302 if field is None else 422)
    assert Customer.objects.count() == (1 if field is None else 0)
    if field:
        assert set(response.context["form"].errors) == {field}
        assert "徐州矿山装备" in response.content.decode()


def test_o03_every_kind_tier_and_grade_can_be_kept() -> None:
    assert len(Tier) == 4
    assert len(Grade) == 10
    assert set(Kind) == {"person", "company", "internal"}


@pytest.mark.parametrize(
    "search", ["矿山", "13800138000", "138 0013 8000", "+86 13800138000", "8000"]
)
def test_customers_are_found_by_name_phone_and_last_four(
    company: Tree, desk: Person, search: str
) -> None:
    wanted = CustomerFactory.create(
        name="徐州矿山装备", home_branch=company.branch, phone="+86 138-0013-8000"
    )
    CustomerFactory.create(name="别人", home_branch=company.branch, phone="13900139000")
    response = signed_in(desk).get(reverse("customers"), {"search": search})
    assert response.context["found"].rows == [wanted]


@pytest.mark.parametrize(
    "search", ["%", "_", "\\", "\0", "'; --", "x" * 500, "１３８", "138001380001"]
)
def test_b14_odd_searches_find_nothing_and_break_nothing(
    company: Tree, desk: Person, search: str
) -> None:
    CustomerFactory.create(name="客户", home_branch=company.branch, phone="13800138000")
    response = signed_in(desk).get(reverse("customers"), {"search": search})
    assert response.status_code == 200
    assert response.context["found"].rows == [] or search == "\0"


def test_b25_looking_for_a_phone_number_and_showing_one_stay_on_record(
    company: Tree, desk: Person
) -> None:
    customer = CustomerFactory.create(
        home_branch=company.branch, phone="13800138000", contact_name="刘建军"
    )
    client = signed_in(desk)
    page = client.get(reverse("customer", args=[customer.pk])).content.decode()
    assert "138****8000" in page
    assert "刘**" in page
    assert "13800138000" not in page
    assert not AccessRecord.objects.exists()
    contact = customer.contacts.get()
    url = reverse("customer-contact-reveal", args=[customer.pk, contact.pk])
    assert client.get(url).status_code == 405
    for bad in ({}, {"reason": "fun"}, {"reason": "handling"}, {"reason": "other", "words": " "}):
        refused = client.post(url, bad)
        assert refused.status_code == 422
        assert "13800138000" not in refused.content.decode()
    assert not AccessRecord.objects.exists()
    said = {"reason": "other", "words": "Lost parcel"}
    assert "13800138000" in client.post(url, said).content.decode()
    client.get(reverse("customers"), {"search": "13800138000"})
    client.get(reverse("customers"), {"search": "刘"})
    records = list(
        AccessRecord.objects.order_by("pk").values_list("what", "reference", "reason", "words")
    )
    assert records == [
        ("contact", f"customer:{customer.pk}", "other", "Lost parcel"),
        ("phone-search", "138****8000", "handling", ""),
    ]
    other = CustomerFactory.create(home_branch=company.branch)
    foreign = reverse("customer-contact-reveal", args=[other.pk, contact.pk])
    assert client.post(foreign, said).status_code == 404


def test_the_card_shows_facts_and_what_happened(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    common = {"customer": customer, "branch": company.branch}
    done = ComplaintFactory.create(subject="送货迟到", until="called_back", **common)
    ComplaintFactory.create(subject="单据遗失", **common)
    elsewhere = ComplaintFactory.create(
        subject="别处的事", customer=customer, branch=company.sibling, until="assigned"
    )
    response = signed_in(desk).get(reverse("customer", args=[customer.pk]))
    facts = response.context["facts"]
    assert (facts.complaints, facts.open_complaints, facts.last_callback_score) == (3, 3, 9)
    titles = sorted(entry.link for entry in response.context["entries"])
    assert titles == ["单据遗失", "送货迟到", "送货迟到"]
    assert elsewhere.subject not in response.content.decode()
    links = {entry.url for entry in response.context["entries"]}
    assert f"/complaints/{done.number}/" in links


def test_a_card_is_changed_once_per_version(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(
        home_branch=company.branch, kind="company", grade="1B", name="旧名"
    )
    url = reverse("customer-edit", args=[customer.pk])
    client = signed_in(desk)
    assert client.post(url, card(company, version=1, name="新名")).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("新名", 2)
    before = stored(customer)
    assert client.post(url, card(company, version=1, name="更旧")).status_code == 409
    assert stored(customer) == before


def test_b04_a_card_sets_nothing_else(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, kind="company", name="旧名")
    url = reverse("customer-edit", args=[customer.pk])
    evil = {"id": 1, "created_at": "2000-01-01", "facts": "x", "version": 1, "complaints": 9}
    created = customer.created_at
    assert signed_in(desk).post(url, card(company, **evil)).status_code == 302
    customer.refresh_from_db()
    assert (customer.created_at, customer.version) == (created, 2)
    assert customer.facts.complaints == 0


@pytest.mark.parametrize(("changed", "field"), [
    ({"name": ""}, "name"), ({"name": "x" * 121}, "name"), ({"kind": "alien"}, "kind"),
    ({"grade": "9Z"}, "grade"), ({"home_branch": ""}, "home_branch"),
    ({"account_manager": "0"}, "account_manager"), ({"note": "x" * 2001}, "note"),
])  # fmt: skip
def test_a_card_that_cannot_be_is_refused(
    company: Tree, desk: Person, changed: dict[str, str], field: str
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, kind="company")
    before = stored(customer)
    client = signed_in(desk)
    for url in (reverse("customer-new"), reverse("customer-edit", args=[customer.pk])):
        response = client.post(url, card(company, **changed))
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
    assert stored(customer) == before
    assert Customer.objects.count() == 1


def test_a_customer_is_not_moved_out_of_reach(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, kind="company")
    before = stored(customer)
    client = signed_in(desk)
    given = card(company, home_branch=company.sibling.pk)
    url = reverse("customer-edit", args=[customer.pk])
    assert client.post(url, given).status_code == 422
    assert client.post(reverse("customer-new"), given).status_code == 422
    assert stored(customer) == before
    assert Customer.objects.count() == 1


def test_a_contact_is_added_and_the_first_stays_the_main_one(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    url = reverse("customer-contact-new", args=[customer.pk])
    client = signed_in(desk)
    given = {"contact_name": "王五", "phone": "0510-82345678"}
    assert client.post(url, given).status_code == 302
    assert [row.is_primary for row in customer.contacts.all()] == [True, False]
    assert ContactPoint.objects.ending("5678").count() == 1
    for bad in ({}, {"contact_name": "无号码"}, {"email": "nobody"}):
        response = client.post(url, bad)
        assert response.status_code == 422
    assert customer.contacts.count() == 2


@pytest.mark.parametrize(("place", "is_seen"), [
    ("branch", True), ("child", True), ("sibling", False), ("region", False),
])  # fmt: skip
def test_a_customer_is_seen_at_the_home_branch_and_above(
    company: Tree, desk: Person, place: str, is_seen: bool
) -> None:
    customer = CustomerFactory.create(home_branch=getattr(company, place), name="CANARY")
    contact = customer.contacts.get()
    client = signed_in(desk)
    expected = 200 if is_seen else 404
    for name in ("customer", "customer-edit"):
        assert client.get(reverse(name, args=[customer.pk])).status_code == expected
    reveal = reverse("customer-contact-reveal", args=[customer.pk, contact.pk])
    assert client.post(reveal, {"reason": "call"}).status_code == expected
    added = client.post(
        reverse("customer-contact-new", args=[customer.pk]), {"phone": "13900139000"}
    )
    assert added.status_code == (302 if is_seen else 404)
    for given in ({}, {"search": "CANARY"}, {"kind": "person"}):
        text = client.get(reverse("customers"), given).content.decode()
        assert ("CANARY</a>" in text) == is_seen


def test_an_account_manager_sees_the_account_wherever_it_is(company: Tree) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.ACCOUNT_MANAGER)
    customer = actions.create(
        name="大客户",
        home_branch=company.sibling,
        by=None,
        now=clock.now(),
        account_manager=manager,
    )
    client = signed_in(manager)
    assert client.get(reverse("customer", args=[customer.pk])).status_code == 200
    # Seen, but not to be changed: the rights are those of the home branch.
    assert client.get(reverse("customer-edit", args=[customer.pk])).status_code == 403


def test_readers_change_nothing(company: Tree) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, kind="company")
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    reviewer = PersonFactory.create(branch=company.headquarters, role=Role.REVIEWER)
    before = stored(customer)
    client = signed_in(executive)
    assert client.get(reverse("customers")).status_code == 200
    answers = [
        client.get(reverse("customer-new")),
        client.post(reverse("customer-new"), card(company)),
        client.post(reverse("customer-edit", args=[customer.pk]), card(company)),
        client.post(reverse("customer-contact-new", args=[customer.pk]), {"phone": "1"}),
        signed_in(reviewer).get(reverse("customers")),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert stored(customer) == before
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_customer_as_for_twenty(
    company: Tree, desk: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _place in range(count):
        CustomerFactory.create(home_branch=company.branch)
    client = signed_in(desk)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("customers")).context["found"].rows) == count
