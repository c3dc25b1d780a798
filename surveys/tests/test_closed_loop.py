"""The closed loop (S-05): a low answer, its order, the same question again, and what changed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.actions import order_opening
from complaints.factories import CategoryFactory
from complaints.models import Complaint, DissatisfiedItem
from csm.kit import clock
from csm.tests.race import race
from organisation.actions import tokens
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Letter, Role
from surveys import factories, figures
from surveys.actions import answering, closed_loop, sending, surveys
from surveys.actions.answering import Sender
from surveys.models import Invitation, Response

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def moment() -> datetime:
    return clock.now().replace(hour=4)  # noon in Shanghai


@pytest.fixture
def asked(places: Tree, moment: datetime) -> Invitation:
    survey = factories.survey(places.headquarters, now=moment - 9 * DAY)
    return factories.invitation(
        survey, places.branch, moment - 9 * DAY, address="li@example.com", expires_at=moment
    )


def page_of(role: str, places: Tree, name: str, *args: Any) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(PersonFactory.create(branch=places.headquarters, role=role, language="en"))
    return client.get(reverse(name, args=args)).content.decode()


def test_s05_the_same_customer_is_asked_the_same_after_the_order_and_the_change_is_shown(
    places: Tree, asked: Invitation, moment: datetime
) -> None:
    factories.answered(asked, moment - 8 * DAY, total=3, why="异常响应速度较慢")
    item = DissatisfiedItem.objects.get()
    quality = Role.QUALITY_MANAGER
    assert "异常响应速度较慢" in page_of(quality, places, "item-answer", item.pk)
    assert closed_loop.ask_again(now=moment) == 0
    order = factories.put_right(asked, moment - 2 * DAY)
    assert order.status == "confirmed"
    assert closed_loop.ask_again(now=moment - 1.5 * DAY) == 0
    assert [closed_loop.ask_again(now=moment) for _twice in range(2)] == [1, 0]
    assert "no answer yet" in page_of(quality, places, "item-answer", item.pk)
    # Asked again is not asked twice: the survey's own sample and rate stay.
    manager = PersonFactory.create(branch=places.headquarters, role=quality)
    standing = figures.standings([asked.survey], manager)[asked.survey.pk]
    assert (standing.total, standing.complete) == (1, 1)
    # The page of the item loads it in place: a whole page would lead the reader away.
    client = Client(headers={"hx-request": "true"})
    client.force_login(manager)
    part = client.get(reverse("item-answer", args=[item.pk])).content.decode()
    assert part.startswith('<section class="card" id="item-answer"')

    # The survey may be over by then: what was put right is asked all the same.
    survey = asked.survey
    surveys.close(
        survey=survey, by=PersonFactory.create(branch=places.headquarters, role=quality), now=moment
    )
    assert sending.send(now=moment) == 1
    letter = Letter.objects.get()
    assert (letter.address, letter.context["is_again"]) == ("li@example.com", True)
    again = Invitation.objects.get(again__isnull=False)
    assert again.link is not None
    browser, url = Client(headers={"accept-language": "en"}), tokens.path_of(again.link)
    text = browser.get(url).content.decode()
    assert "How is it now?" in text
    assert ("q-total" in text, "q-recommend" in text) == (True, False)
    assert browser.post(url, {"q-total": "9", "asked": ["total"]}).status_code == 303

    text = page_of(quality, places, "item-answer", item.pk)
    assert ("better" in text, ">9<" in text, ">3<" in text) == (True, True, True)
    assert list(Response.objects.order_by("pk").values_list("is_repeat", flat=True)) == [
        False,
        True,
    ]
    # It was low once, and is no second item.
    assert DissatisfiedItem.objects.count() == 1


def test_s05_two_workers_ask_again_once(
    transactional_db: None, places: Tree, moment: datetime
) -> None:
    survey = factories.survey(places.headquarters, now=moment - 9 * DAY)
    row = factories.invitation(survey, places.branch, moment - 9 * DAY, address="li@example.com")
    factories.answered(row, moment - 8 * DAY, total=3)
    factories.put_right(row, moment - 2 * DAY)
    made = race(*[lambda: closed_loop.ask_again(now=moment) for _worker in range(4)])
    assert sorted(made, key=str) == [0, 0, 0, 1]


def test_s05_a_survey_may_open_a_complaint_too(places: Tree, moment: datetime) -> None:
    category = CategoryFactory.create()
    survey = factories.survey(
        places.headquarters, now=moment, opens_complaint=True, category=category
    )
    row = factories.invitation(survey, places.branch, moment)
    response = factories.answered(row, moment, total=2, why="没人理")
    factories.answered(row, moment + timedelta(hours=1), total=1, why="还是没人理")
    [complaint] = Complaint.objects.all()
    response.refresh_from_db()
    assert response.opened_complaint == complaint
    assert (complaint.customer, complaint.category) == (row.customer, category)
    assert complaint.timers.count() == 4
    assert DissatisfiedItem.objects.get().score == Decimal("2.00")


def test_s01_what_is_said_on_the_phone_is_typed_in(places: Tree, moment: datetime) -> None:
    survey = factories.survey(places.headquarters, now=moment, method="phone")
    row = factories.invitation(survey, places.branch, moment, call_at=moment)
    desk = PersonFactory.create(branch=places.branch, role=Role.FRONT_DESK, language="en")
    client = Client()
    client.force_login(desk)
    url = reverse("survey-enter", args=[row.pk])
    assert "counted apart" in client.get(url).content.decode()
    wrong = client.post(url, {"q-total": "12", "asked": ["total", "recommend", "wish"]})
    assert (wrong.status_code, "from 0 to 10" in wrong.content.decode()) == (422, True)
    given = {"q-total": "8", "q-wish": "x", "asked": ["total", "recommend", "wish"]}
    assert client.post(url, given).status_code == 302
    response = Response.objects.get()
    assert (response.source, response.entered_by) == ("phone", desk)
    row.refresh_from_db()
    assert (row.status, row.call_at) == ("complete", None)
    assert client.get(url).status_code == 409


def test_s05_a_low_answer_at_a_counter_is_work_of_its_branch(
    places: Tree, moment: datetime
) -> None:
    category = CategoryFactory.create()
    survey = factories.survey(
        places.headquarters, now=moment, opens_complaint=True, category=category
    )
    counter = factories.counter(survey, places.branch, moment)
    sender = Sender(counter, session_hash="a" * 64)
    fields = {"q-total": ["3"], "why-total": ["排队太久"]}
    for _changed in range(2):
        answering.save(sender=sender, fields=fields, by=None, now=moment)
    item = DissatisfiedItem.objects.get()
    assert (item.customer, item.branch, item.opinion) == (None, places.branch, "排队太久")
    assert not Complaint.objects.exists()
    quality = PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(quality)
    for name, keys in (("dissatisfied-item", [item.pk]), ("dissatisfied-items", [])):
        assert "Not named, at a counter" in client.get(reverse(name, args=keys)).content.decode()
    edit = reverse("dissatisfied-item-edit", args=[item.pk])
    typed = {"branch": places.branch.pk, "score": "3", "threshold": "7", "opinion": "排队"}
    assert client.post(edit, typed | {"version": item.version}).status_code == 302
    order = order_opening.open_for_item(item=item, by=quality, now=moment)
    assert (order.customer, order.branch) == (None, places.branch)
    page = client.get(reverse("work-order", args=[order.pk])).content.decode()
    assert "Not named, at a counter" in page
    assert closed_loop.ask_again(now=moment + 30 * DAY) == 0
    secret = factories.survey(
        places.headquarters, now=moment, is_anonymous=True, edition=survey.edition
    )
    hidden = Sender(factories.counter(secret, places.branch, moment), session_hash="b" * 64)
    answering.save(sender=hidden, fields=fields, by=None, now=moment)
    assert DissatisfiedItem.objects.count() == 1
