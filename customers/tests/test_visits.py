"""Visits planned by cadence, written down, followed up, and read in one's own calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from csm.kit import clock
from csm.kit.errors import Forbidden, Refused
from csm.tests.api import Caller
from customers import visits as reading
from customers.actions import visit_cadence, visit_feeds, visit_follow_ups, visits
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerFacts, Visit, VisitCadence, VisitFeed, VisitTask
from organisation.actions import tokens
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, PublicLink, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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


def visited(customer: Customer, days: int, now: datetime) -> None:
    on = timezone.localdate(now) - days * DAY
    CustomerFacts.objects.filter(customer=customer).update(last_visited_on=on)


def test_k15_who_is_due_follows_from_the_cadence(
    company: Tree, handler: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    first, second, third, gone = (
        CustomerFactory.create(home_branch=company.branch, tier="gold") for _n in range(4)
    )
    elsewhere = CustomerFactory.create(home_branch=company.sibling, tier="gold")
    CustomerFactory.create(home_branch=company.branch, tier="silver")
    for row, days in ((first, 61), (second, 50), (third, 40), (gone, 99), (elsewhere, 99)):
        visited(row, days, now)
    Customer.objects.filter(pk=gone.pk).update(stage="left")
    assert not reading.due(handler, today=today)
    VisitCadence.objects.create(standing="gold", fewest_days=14, most_days=60)
    found = reading.due(handler, today=today)
    assert [(row.pk, vars(row)["due_on"]) for row in found] == [
        (first.pk, today - DAY),
        (second.pk, today + 10 * DAY),
    ]
    visits.plan(
        customer=first, kind="visit", on=today + DAY, owner=handler, purpose="regular",
        by=handler, now=now,
    )  # fmt: skip
    assert [row.pk for row in reading.due(handler, today=today)] == [second.pk]
    page = signed_in(handler).get(reverse("visits"), {"view": "all"}).content.decode()
    assert (page.count(second.name), page.count(third.name)) == (2, 0)
    caller = Caller(handler)
    assert [row["id"] for row in caller.get("visits/due/").json()] == [second.pk]


def test_k15_sooner_than_the_minimum_is_warned_of_and_a_closed_account_refused(
    company: Tree, handler: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch, tier="gold")
    other = CustomerFactory.create(home_branch=company.branch, tier="gold")
    VisitCadence.objects.create(standing="gold", fewest_days=14, most_days=60)
    visited(customer, 5, now)
    client, url = signed_in(handler), reverse("visit-plan", args=[customer.pk])
    given = {
        "kind": "visit",
        "on": f"{today + 3 * DAY}",
        "owner": handler.pk,
        "purpose": "circle",
        "aim": "Peak season",
        "steps": "Ask\nListen",
    }
    answer = client.post(url, given)
    body = answer.content.decode()
    assert (answer.status_code, f"not before {today + 9 * DAY}" in body) == (422, True)
    assert ("Peak season" in body, Visit.objects.count()) == (True, 0)
    for field, wrong in (("on", f"{today - DAY}"), ("owner", ""), ("purpose", "x"), ("kind", "y")):
        assert client.post(url, given | {field: wrong, "anyway": "on"}).status_code == 422
    for change in ({"stage": "left"}, {"stage": "", "merged_into": other, "merged_at": now}):
        Customer.objects.filter(pk=customer.pk).update(**change)
        assert client.post(url, given | {"anyway": "on"}).status_code == 422
    assert not Visit.objects.exists()
    Customer.objects.filter(pk=customer.pk).update(merged_into=None, merged_at=None)
    assert client.post(url, given | {"anyway": "on"}).status_code == 302
    assert client.post(url, given | {"anyway": "on"}).status_code == 422
    made = Visit.objects.get()
    assert (made.purpose, made.step_lines, made.branch) == (
        "circle",
        ["Ask", "Listen"],
        company.branch,
    )
    # One that is planned counts as well as one that was made.
    assert reading.too_soon(customer, today + 10 * DAY) == today + 17 * DAY
    assert reading.too_soon(customer, today + 17 * DAY) is None


def test_k14_a_visit_is_changed_written_down_and_followed_up(
    company: Tree, handler: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch)
    colleague = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    made = visits.plan(
        customer=customer, kind="reception", on=today, owner=colleague, purpose="thanks",
        by=handler, now=now,
    )  # fmt: skip
    told = Message.objects.filter(recipient=colleague, channel="inbox", text="visit_planned")
    assert told.count() == 1
    client = signed_in(colleague)
    change = reverse("visit-change", args=[made.pk])
    given = {"on": f"{today}", "owner": colleague.pk, "purpose": "expert", "version": 1}
    assert client.post(change, given).status_code == 302
    assert client.post(change, given).status_code == 409
    write = reverse("visit-write-down", args=[made.pk])
    words = {"on": f"{today}", "who": "Li", "words": "旺季要多两辆车", "version": 2}
    assert client.post(write, words | {"words": " "}).status_code == 422
    assert client.post(write, words).status_code == 302
    assert client.post(write, words).status_code == 409
    assert CustomerFacts.objects.get(customer=customer).last_visited_on == today
    assert customer.timeline.get().title == "旺季要多两辆车"
    find = reverse("visit-finding", args=[made.pk])
    assert client.post(find, {"kind": "need", "words": ""}).status_code == 422
    assert client.post(find, {"kind": "need", "words": "两辆车"}).status_code == 302
    task = reverse("visit-task", args=[made.pk])
    todo = {"text": "报价", "owner": handler.pk, "due_on": f"{today + DAY}"}
    assert client.post(task, todo | {"due_on": f"{today - DAY}"}).status_code == 422
    assert client.post(task, todo | {"owner": stranger.pk}).status_code == 422
    assert client.post(task, todo).status_code == 302
    row = VisitTask.objects.get()
    assert list(reading.open_tasks(handler)) == [row]
    done = reverse("visit-task-done", args=[made.pk, row.pk])
    assert signed_in(stranger).post(done).status_code == 404
    assert [signed_in(handler).post(done).status_code for _n in range(2)] == [302, 302]
    assert not reading.open_tasks(handler)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=made.pk).update(words="")


def test_k14_a_visit_of_a_customer_who_left_is_not_moved_and_one_cancelled_has_no_findings(
    company: Tree, handler: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch)
    made = visits.plan(
        customer=customer, kind="visit", on=today, owner=handler, purpose="regular",
        by=handler, now=now,
    )  # fmt: skip
    Customer.objects.filter(pk=customer.pk).update(stage="left")
    client = signed_in(handler)
    given = {"on": f"{today + DAY}", "owner": handler.pk, "purpose": "regular", "version": 1}
    assert client.post(reverse("visit-change", args=[made.pk]), given).status_code == 422
    made.refresh_from_db()
    assert (made.on, made.version) == (today, 1)
    assert client.post(reverse("visit-cancel", args=[made.pk])).status_code == 302
    find = reverse("visit-finding", args=[made.pk])
    assert client.post(find, {"kind": "need", "words": "两辆车"}).status_code == 409
    assert not made.findings.exists()


def test_k15_the_cadence_is_kept_by_the_headquarters_alone(company: Tree, now: datetime) -> None:
    boss = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    local = PersonFactory.create(branch=company.branch, role=Role.SERVICE_DIRECTOR)
    client, url = signed_in(boss), reverse("visit-cadence")
    for wrong in ("60 14", "0 9", "9", "9 999", "a b"):
        assert client.post(url, {"gold": wrong}).status_code == 422
    assert not VisitCadence.objects.exists()
    assert client.post(url, {"gold": "14 60", "1A": "7–30"}).status_code == 302
    assert set(VisitCadence.objects.values_list("standing", "fewest_days", "most_days")) == {
        ("gold", 14, 60),
        ("1A", 7, 30),
    }
    assert client.post(url, {"gold": "15 60"}).status_code == 302
    assert VisitCadence.objects.get().fewest_days == 15
    with pytest.raises(Forbidden):
        visit_cadence.keep(days={}, by=local, now=now)
    assert signed_in(local).get(url).status_code == 403


def test_k14_the_calendar_of_a_person_is_read_by_a_token_that_can_be_ended(
    company: Tree, handler: Person, now: datetime, settings: Any
) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch, name="王小明")
    firm = CustomerFactory.create(home_branch=company.branch, kind="company", name="A;B,C\\D 百货")
    for row in (customer, firm):
        visits.plan(
            customer=row, kind="visit", on=today + DAY, owner=handler, purpose="regular",
            place="无锡" * 40, aim="机密报价", by=handler, now=now,
            starts_at=now.time() if row == firm else None,
        )  # fmt: skip
    client = signed_in(handler)
    assert client.post(reverse("visit-feed-give")).status_code == 302
    feed = VisitFeed.objects.select_related("link").get()
    path = tokens.path_of(feed.link)
    assert path not in "".join(PublicLink.objects.values_list("token_hash", flat=True))
    assert path in client.get(reverse("visits")).content.decode()
    answer = Client().get(path)
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (text.count("BEGIN:VEVENT"), text.count("DTSTART;VALUE=DATE:")) == (2, 1)
    assert not [word for word in ("王小明", "机密") if word in text]
    assert text.count("LOCATION:") == 1
    assert "A\\;B\\,C\\\\D 百货" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert text.replace("\r\n", "").count("\n") == 0
    visit_feeds.give(by=handler, now=now)
    assert Client().get(path).status_code == 404
    fresh = tokens.path_of(VisitFeed.objects.select_related("link").get().link)
    assert Client().get(fresh).status_code == 200
    Person.objects.filter(pk=handler.pk).update(is_active=False)
    assert Client().get(fresh).status_code == 404
    Person.objects.filter(pk=handler.pk).update(is_active=True)
    settings.SECRET_KEY = "another key of the installation"
    board = signed_in(handler).get(reverse("visits"))
    assert (board.status_code, board.context["feed_url"]) == (200, "")
    visit_feeds.end(by=handler, now=now)
    assert Client().get(fresh).status_code == 404


def test_k14_the_api_plans_and_writes_down(company: Tree, handler: Person, now: datetime) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch)
    caller = Caller(handler)
    given = {"kind": "visit", "on": f"{today}", "owner": handler.pk, "purpose": "regular"}
    url = f"customers/{customer.pk}/visits/plan/"
    assert caller.post(url, given | {"purpose": "x"}).status_code == 400
    made = caller.post(url, given)
    assert made.status_code == 201
    one = f"visits/{made.json()['id']}/"
    words = {"on": f"{today}", "who": "Li", "words": "Content"}
    assert caller.post(f"{one}write-down/", words).json()["status"] == "done"
    assert caller.post(f"{one}cancel/", {}).status_code == 409
    assert [row["id"] for row in caller.get("visits/?status=done").json()["results"]] == [
        made.json()["id"]
    ]
    with pytest.raises(Refused):
        visit_follow_ups.find(visit=Visit.objects.get(), kind="x", words="y", by=handler, now=now)


def test_the_board_asks_as_often_for_many_visits_as_for_one(
    company: Tree, handler: Person, now: datetime
) -> None:

    VisitCadence.objects.create(standing="gold", fewest_days=1, most_days=2)
    client, counts = signed_in(handler), []
    for number in (1, 19):
        for _n in range(number):
            customer = CustomerFactory.create(home_branch=company.branch, tier="gold")
            visits.plan(
                customer=customer, kind="visit", on=timezone.localdate(now), owner=handler,
                purpose="regular", by=handler, now=now,
            )  # fmt: skip
            CustomerFactory.create(home_branch=company.branch, tier="gold")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("visits"), {"view": "all"}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
