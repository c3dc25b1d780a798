"""Notes of talks with people who were not drawn (S-01, S-06)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import DissatisfiedItem
from csm.kit import clock
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.models import Invitation, Response, Survey

pytestmark = pytest.mark.django_db
SHEET: dict[str, Any] = {"q-total": "4", "why-total": "等太久"}


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def person(places: Tree) -> Person:
    return PersonFactory.create(branch=places.branch, role=Role.QUALITY_MANAGER)


@pytest.fixture
def group(places: Tree) -> Survey:
    return factories.survey(places.headquarters, now=clock.now(), method="group")


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_s06_a_core_customer_who_was_not_drawn_is_interviewed(
    places: Tree, person: Person, group: Survey
) -> None:
    survey = factories.survey(
        places.headquarters, now=clock.now(), method="interview", edition=group.edition
    )
    factories.invitation(survey, places.branch, clock.now())
    customer = CustomerFactory.create(
        name="捷达", tier="diamond", kind="person", home_branch=places.branch
    )
    foreign = CustomerFactory.create(name="远方", home_branch=places.sibling)
    client, url = signed_in(person), reverse("survey-talk", args=[survey.pk])
    assert url in client.get(reverse("survey", args=[survey.pk])).content.decode()
    for wrong, words in (("", "Enter the customer."), ("远方", "No customer whom you can see")):
        answer = client.post(url, {"customer": wrong})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not foreign.invitations.exists()
    led, again = (client.post(url, {"customer": "捷达"}) for _twice in range(2))
    assert led["Location"] == again["Location"]
    made = Invitation.objects.get(customer=customer)
    assert led["Location"] == reverse("survey-enter", args=[made.pk])
    assert (made.status, made.tier, made.next_message_at) == ("waiting", "diamond", None)
    client.post(led["Location"], SHEET)
    response = Response.objects.get()
    assert (response.source, response.entered_by, response.customer) == ("note", person, customer)
    assert DissatisfiedItem.objects.get().customer == customer


def test_s01_notes_of_a_focus_group_name_no_customer(
    places: Tree, person: Person, group: Survey
) -> None:
    client, url = signed_in(person), reverse("survey-talk", args=[group.pk])
    factories.invitation(group, places.branch, clock.now())
    assert "or choose the branch" in client.post(url, {}).content.decode()
    assert client.post(url, {"branch": places.sibling.pk}).status_code == 422
    led = client.post(url, {"branch": places.branch.pk})["Location"]
    assert led == reverse("survey-group", args=[group.pk, places.branch.pk])
    sheet = client.get(led).context["sheet"]
    wrong = client.post(led, {"q-total": "11", "sheet": sheet})
    assert wrong.status_code == 422
    assert sheet in wrong.content.decode()
    first, second = (client.post(led, SHEET | {"sheet": sheet}) for _twice in range(2))
    assert (first.status_code, second.status_code) == (302, 409)
    response = Response.objects.get()
    assert (response.source, response.entered_by, response.customer, response.invitation) == (
        "note",
        person,
        None,
        None,
    )
    item = DissatisfiedItem.objects.get()
    assert (item.branch, item.customer, item.opinion) == (places.branch, None, "等太久")
    foreign = reverse("survey-group", args=[group.pk, places.sibling.pk])
    assert client.post(foreign, SHEET | {"sheet": "x"}).status_code == 404
    handler = PersonFactory.create(branch=places.branch, role=Role.HANDLER)
    assert signed_in(handler).post(led, SHEET).status_code == 403
    phone = factories.survey(
        places.headquarters, now=clock.now(), method="phone", edition=group.edition
    )
    factories.invitation(phone, places.branch, clock.now())
    assert client.get(reverse("survey-talk", args=[phone.pk])).status_code == 409
    assert Response.objects.count() == 1
