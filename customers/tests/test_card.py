"""All about one customer on one page, and beside the telephone (K-26, K-28)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.factories import ComplaintFactory
from csm.kit import clock
from customers.actions import account_files, competitors, ladders, timeline
from customers.actions import customers as actions
from customers.actions.customers import Caller
from customers.factories import CustomerFactory
from customers.models import ChurnRisk, Customer, Handover
from customers.tests.test_customers import signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


def happened(customer: Customer, kind: str, number: int) -> None:
    for n in range(number):
        timeline.record(
            customer=customer,
            at=clock.now() - timedelta(hours=n),
            kind=kind,
            title=f"{kind} {n}",
            branch=customer.home_branch,
            url_name="customer-visits",
            reference=f"{customer.pk}/{kind}{n}",
        )


@pytest.mark.parametrize("count", [1, 20])
def test_k26_the_page_asks_fifteen_times_however_much_there_is(
    company: Tree, manager: Person, django_assert_max_num_queries: Any, count: int
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, account_manager=manager)
    now = clock.now()
    for n in range(count):
        caller = Caller(name=f"联系人{n}", phone=f"1390000{n:04d}")
        actions.add_contact(customer=customer, caller=caller, by=None, now=now)
        competitors.note(
            customer=customer, competitor="顺达", words="便宜", seen_on=now.date(), by=manager,
            now=now,
        )  # fmt: skip
        Handover.objects.create(customer=customer, to=manager, at=now)
        ComplaintFactory.create(customer=customer, branch=company.branch)
        seen = [row.value for row in ladders.current(customer).values()]
        value = "client" if seen == ["partner"] else "partner"
        ladders.place(
            customer=customer, ladder="relation", value=value, reason="x", by=manager, now=now,
            seen="".join(seen),
        )  # fmt: skip
    happened(customer, "customer_visit", count)
    client = signed_in(manager)
    page = reverse("customer", args=[customer.pk])
    client.get(page)
    with django_assert_max_num_queries(15):
        assert client.get(page).status_code == 200
    with django_assert_max_num_queries(11):
        part = client.get(reverse("customer-complaints", args=[customer.pk])).content.decode()
    assert part.count('href="/complaints/TS') == min(count, 10)


def test_k28_one_timeline_by_kind_and_page_by_page(company: Tree, manager: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    happened(customer, "customer_visit", 51)
    happened(customer, "survey_answered", 2)
    happened(customer, "retention", 1)
    client, url = signed_in(manager), reverse("customer-timeline", args=[customer.pk])
    assert len(client.get(url).context["entries"]) == 50
    visits = client.get(url, {"kind": "visits"})
    assert len(visits.context["entries"]) == 50
    second = client.get(visits.context["next"])
    assert [entry.link for entry in second.context["entries"]] == ["customer_visit 50"]
    assert "kind=visits" in second.context["previous"]
    for kind, number in (("surveys", 2), ("others", 1), ("complaints", 0), ("nonsense", 50)):
        found = client.get(url, {"kind": kind})
        assert len(found.context["entries"]) == number, kind
    assert "Nothing of this kind" in client.get(url, {"kind": "callbacks"}).content.decode()
    part = client.get(url, {"kind": "surveys"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="card" id="timeline"')
    card = client.get(reverse("customer", args=[customer.pk]))
    assert len(card.context["entries"]) == 20
    assert card.context["next"].startswith(url)


def test_k26_a_glance_opens_beside_the_intake_form(company: Tree, manager: Person) -> None:
    customer = CustomerFactory.create(
        home_branch=company.branch, phone="13800138000", account_manager=manager
    )
    Customer.objects.filter(pk=customer.pk).update(stage="decline", quadrant="silent")
    now = clock.now()
    ChurnRisk.objects.create(customer=customer, points=60, level="red", since=now, checked_at=now)
    client = signed_in(manager)
    glance = reverse("customer-glance", args=[customer.pk])
    found = client.post(reverse("complaint-new-customers"), {"contact_phone": "13800138000"})
    assert f'hx-get="{glance}"' in found.content.decode()
    assert 'hx-trigger="change, load"' in found.content.decode()
    part = client.get(glance, headers={"HX-Request": "true"}).content.decode()
    for words in (customer.name, "Decline", "Silent protester", "Red", manager.name, "Ask why"):
        assert words in part
    assert "<html" not in part
    assert "13800138000" not in part


def test_the_list_is_narrowed_by_tier_stage_quadrant_and_warning(
    company: Tree, manager: Person, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    gold = CustomerFactory.create(home_branch=company.branch, name="甲")
    firm = CustomerFactory.create(home_branch=company.branch, name="乙", kind="company", grade="3A")
    Customer.objects.filter(pk=gold.pk).update(stage="growth", quadrant="loyal")
    ChurnRisk.objects.create(customer=firm, points=45, level="orange", since=now, checked_at=now)
    client = signed_in(manager)
    for asked, rows in (
        ({"standing": "gold"}, [gold]),
        ({"standing": "3A"}, [firm]),
        ({"stage": "growth"}, [gold]),
        ({"quadrant": "loyal"}, [gold]),
        ({"quadrant": "unknown"}, [firm]),
        ({"warning": "any"}, [firm]),
        ({"warning": "orange", "standing": "3A"}, [firm]),
        ({"warning": "red"}, []),
        ({"warning": "pink", "stage": "'; --"}, [firm, gold]),
    ):
        answer = client.get(reverse("customers"), asked)
        assert answer.context["found"].rows == sorted(rows, key=lambda row: row.name), asked
    empty = client.get(reverse("customers"), {"warning": "red", "stage": "growth"})
    assert "Growth · Red" in empty.content.decode()
    with django_assert_num_queries(6):
        client.get(reverse("customers"), {"warning": "any"})


def test_k26_a_card_that_another_branch_must_not_see_has_no_parts(
    company: Tree, manager: Person
) -> None:
    neighbour = PersonFactory.create(branch=company.sibling, role=Role.BRANCH_MANAGER)
    customer = CustomerFactory.create(home_branch=company.branch)
    account_files.write(
        customer=customer, seen=None, secrecy="internal", dates=[], needs="CANARY", by=manager,
        now=clock.now(),
    )  # fmt: skip
    client = signed_in(neighbour)
    for name in ("glance", "timeline", "complaints", "ladders", "file", "file-edit", "competitors"):
        answer = client.get(reverse(f"customer-{name}", args=[customer.pk]))
        assert answer.status_code == 404, name
