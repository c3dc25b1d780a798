"""My work: what is mine, by time left, and what waits for my decision."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import triage
from complaints.factories import CategoryFactory, ComplaintFactory, WorkOrderFactory
from complaints.models import Complaint, WorkOrder
from complaints.tests.rows import signed_in
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


def at(branch: Branch, until: str, **more: Any) -> Complaint:
    return ComplaintFactory.create(branch=branch, until=until, **more)


def get(person: Person) -> str:
    answer = signed_in(person).get(reverse("my-work"))
    assert answer.status_code == 200
    return answer.content.decode()


def listed(person: Person, url: str) -> list[Any]:
    return list(signed_in(person).get(url).context["rows"])


def numbers(text: str) -> list[str]:
    return re.findall(r'<span class="r-meta"><span class="num">([^<]+)</span>', text)


def groups(text: str) -> dict[str, list[str]]:
    """The numbers under each group of the page."""
    parts = re.split(r'<tr role="row" class="group">', text)[1:]
    heads = [re.search(r"<span[^>]*>([^<]+)</span>", part) for part in parts]
    return {head[1]: numbers(part) for head, part in zip(heads, parts, strict=True) if head}


def decisions(text: str) -> list[str]:
    return re.findall(r'<li class="figure"><a class="strong" href="[^"]+">([^<]+)</a>', text)


def test_grouped_by_time_left(company: Tree, handler: Person) -> None:
    """Ended ones are gone; empty groups too."""
    now = clock.now()
    over = at(company.branch, "assigned", handler=handler, received_at=now - 2 * HOUR)
    risk = at(company.branch, "assigned", handler=handler, received_at=now - HOUR * 0.9)
    at(company.branch, "closed", handler=handler)
    later = at(company.branch, "called_back", handler=handler)
    found = groups(get(handler))
    assert found == {"Overdue": [over.number], "At risk": [risk.number], "Later": [later.number]}


def test_the_most_urgent_first(company: Tree, handler: Person) -> None:
    now = clock.now()
    made = [
        at(company.branch, "assigned", handler=handler, received_at=now - hours * HOUR).number
        for hours in (3, 9, 5)
    ]
    assert groups(get(handler)) == {"Overdue": [made[1], made[2], made[0]]}


def test_a_handler_sees_own_and_unowned_of_the_branch(company: Tree, handler: Person) -> None:
    colleague = PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")
    mine = at(company.branch, "handling", handler=handler)
    unowned = at(company.branch, "assigned")
    at(company.branch, "handling", handler=colleague)
    at(company.sibling, "assigned")
    assert set(numbers(get(handler))) == {mine.number, unowned.number}


def test_the_first_contact_keeps_it_until_somebody_accepts(company: Tree) -> None:
    front = PersonFactory.create(branch=company.region, role=Role.FRONT_DESK, email="")
    received = at(company.branch, "received", by=front, intake_branch=company.region)
    assigned = at(company.branch, "assigned", by=front, intake_branch=company.region)
    at(company.branch, "handling", by=front, intake_branch=company.region)
    assert set(numbers(get(front))) == {received.number, assigned.number}


@pytest.mark.parametrize("role", [Role.BRANCH_MANAGER, Role.QUALITY_MANAGER, Role.EXECUTIVE])
def test_whoever_looks_after_a_place_sees_all_that_is_open_there(role: str, company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, role=role)
    wanted = {at(place, "handling").number for place in (company.branch, company.child)}
    at(company.sibling, "handling")
    at(company.region, "handling")
    assert set(numbers(get(person))) == wanted


def test_decisions_of_the_quality_manager(company: Tree, quality: Person) -> None:
    now = clock.now()
    other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    at(company.branch, "received")
    for proposer in (other, quality):
        proposed = at(company.branch, "received")
        triage.propose_invalid(complaint=proposed, reason="误打。", by=proposer, now=now)
    for _place in range(3):
        at(company.branch, "answered")
    WorkOrderFactory.create(branch=company.branch, until="submitted")
    WorkOrderFactory.create(branch=company.branch, until="draft")
    text = get(quality)
    assert 'href="/complaints/?waiting=invalid"' in text
    [shown] = listed(quality, "/complaints/?waiting=invalid")
    assert shown.complaint.invalid_proposed_by == other
    assert decisions(text) == [
        "1 to assign",
        # One's own proposal is a colleague's to confirm.
        "1 invalid, to confirm",
        "1 work order to confirm",
        "3 customers to call back",
    ]
    for url in re.findall(r'<li class="figure"><a class="strong" href="([^"]+)"', text):
        assert signed_in(quality).get(url.replace("&amp;", "&")).status_code == 200


def test_b02_decisions_count_only_the_own_place(company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, role=Role.QUALITY_MANAGER)
    at(company.branch, "received")
    at(company.child, "answered")
    WorkOrderFactory.create(branch=company.child, until="submitted")
    for place in (company.sibling, company.region, company.headquarters):
        at(place, "received")
        at(place, "answered")
        WorkOrderFactory.create(branch=place, until="submitted")
    assert decisions(get(person)) == [
        "1 to assign",
        "0 invalid, to confirm",
        "1 work order to confirm",
        "1 customer to call back",
    ]


@pytest.mark.parametrize("role", [Role.HANDLER, Role.FRONT_DESK, Role.EXECUTIVE])
def test_who_decides_nothing_is_not_asked(role: str, company: Tree) -> None:
    person = PersonFactory.create(branch=company.branch, role=role)
    assert decisions(get(person)) == []


def test_w16_a_returned_order_waits_for_its_owner(company: Tree, handler: Person) -> None:
    colleague = PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER, email="")
    for owner in (handler, colleague):
        complaint = at(company.branch, "handling", handler=owner)
        WorkOrderFactory.create(complaint=complaint, filler=owner, until="returned")
    WorkOrderFactory.create(branch=company.sibling, until="returned")
    assert decisions(get(handler)) == ["1 work order returned", "3 measures to finish"]
    assert decisions(get(manager))[0] == "2 work orders returned"
    url = "/work-orders/?waiting=mending"
    assert f'href="{url}"' in get(handler)
    assert [row.order.owner for row in listed(handler, url)] == [handler]
    assert len(listed(manager, url)) == 2


def test_w16_orders_to_confirm_are_listed_as_they_are_counted(
    company: Tree, quality: Person
) -> None:
    """One's own order is a colleague's to confirm."""
    url = "/work-orders/?waiting=verdict"
    other, own = (WorkOrderFactory.create(branch=company.branch, until="submitted") for _n in "12")
    WorkOrder.objects.filter(pk=own.pk).update(submitted_by=quality, written_by=[quality.pk])
    page = get(quality)
    assert "1 work order to confirm" in page
    assert f'href="{url}"' in page
    assert [row.order for row in listed(quality, url)] == [other]
    text = signed_in(quality).get(url, headers={"accept-language": "en"}).content.decode()
    assert "Waits for us: For me to confirm" in text


def test_nothing_to_do(company: Tree, handler: Person) -> None:
    assert "Nothing waits for you" in get(handler)


def test_a_long_queue_says_that_there_is_more(
    company: Tree, handler: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.views.my_work.MOST_ROWS", 2)
    for _place in range(3):
        at(company.branch, "handling", handler=handler)
    text = get(handler)
    assert len(numbers(text)) == 2
    assert '<span class="count">2+</span>' in text


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("role", "queries"), [(Role.HANDLER, 17), (Role.QUALITY_MANAGER, 26)])
def test_the_page_asks_the_database_as_often_for_20_rows(
    count: int, role: str, queries: int, company: Tree
) -> None:
    place = company.branch if role == Role.HANDLER else company.headquarters
    person = PersonFactory.create(branch=place, role=role, email="")
    for _place in range(count):
        at(company.branch, "handling", handler=person, category=CategoryFactory.create())
    client = signed_in(person)
    with CaptureQueriesContext(connection) as asked:
        assert len(numbers(client.get(reverse("my-work")).content.decode())) == count
    assert len(asked) == queries


def test_a_person_without_postings_sees_an_empty_page(company: Tree) -> None:
    at(company.branch, "handling")
    assert numbers(get(PersonFactory.create(postings=[]))) == []


def test_a_login_is_needed(client: Any) -> None:
    assert client.get(reverse("my-work")).status_code == 302
