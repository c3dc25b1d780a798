"""Visits to customers and receptions, written down as touchpoints (T-24)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from complaints.tests.clockwork import Desk, opened_desk
from csm.kit import clock
from csm.tests.api import Caller
from customers.factories import CustomerFactory
from customers.models import Visit
from organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def test_t24_a_visit_is_written_down_and_stands_in_what_happened(desk: Desk) -> None:
    customer = CustomerFactory.create(home_branch=desk.company.branch)
    today = timezone.localdate(clock.now())
    url = f"/customers/{customer.pk}/visits/"
    given = {"kind": "visit", "on": f"{today}", "who": "Wang, Li", "words": "旺季要多两辆车"}
    browser = client(desk.handler)
    for field, wrong in (
        ("on", f"{today + timedelta(days=1)}"),
        ("on", f"{today - timedelta(days=400)}"),
        ("who", " "),
        ("words", ""),
    ):
        answer = browser.post(url, given | {field: wrong})
        assert (answer.status_code, 'value="Wang' in answer.content.decode()) == (
            422,
            field != "who",
        )
    assert not Visit.objects.exists()
    assert browser.post(url, given).status_code == 302
    assert browser.post(url, given | {"kind": "reception"}).status_code == 302
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert page.count("旺季要多两辆车") == 2
    assert page.count(f'href="{url}"') == 3
    assert browser.get(url).content.decode().count("旺季要多两辆车") == 2
    assert client(desk.neighbour).get(url).status_code == 404
    assert client(desk.executive).post(url, given).status_code == 403


def test_t24_the_api_notes_and_lists(desk: Desk) -> None:
    customer = CustomerFactory.create(home_branch=desk.company.branch)
    caller, url = Caller(desk.handler), f"customers/{customer.pk}/visits/"
    today = timezone.localdate(clock.now())
    given = {"kind": "reception", "on": f"{today}", "who": "Wang", "words": "Content"}
    assert caller.post(url, given | {"kind": "party"}).status_code == 400
    assert caller.post(url, given).status_code == 201
    assert [row["words"] for row in caller.get(url).json()["results"]] == ["Content"]
    assert Caller(desk.neighbour).get(url).status_code == 404
