"""What others changed: marks on rows, who is looking, and the news of an open page."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.actions import escalation, notes
from complaints.factories import ComplaintFactory, handler_of, quality_manager
from complaints.models import Complaint, Look
from complaints.tests.rows import signed_in
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
LIST, NEWS = "/complaints/", "/complaints/news/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="", name="周敏")


@pytest.fixture
def quality(company: Tree) -> Person:
    return quality_manager()


def text_of(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, url
    return answer.content.decode()


def marks(client: Client) -> dict[str, str]:
    """Number -> what is said before the subject, of the rows of the list."""
    rows = text_of(client, LIST, through="all").split('<tr role="row"')[2:]
    found = {}
    for row in rows:
        number = re.search(r'<span class="num">([^<]+)</span>', row)
        mark = re.search(r'class="r-subject r-new"[^>]*>\s*<span class="vh">([^<]+)</span>', row)
        assert number
        found[number[1]] = mark[1] if mark else ""
    return found


def page_of(complaint: Complaint) -> str:
    return f"/complaints/{complaint.number}/"


def note(complaint: Complaint, by: Person) -> None:
    notes.write(complaint=complaint, text="请核实。", by=by, now=clock.now())


def test_every_event_of_somebody_changes_the_complaint(company: Tree, quality: Person) -> None:
    long_ago = clock.now() - timedelta(days=2)
    complaint = ComplaintFactory.create(branch=company.branch, now=long_ago, received_at=long_ago)
    assert (complaint.changed_at, complaint.changed_by) == (long_ago, None)
    note(complaint, quality)
    complaint.refresh_from_db()
    newest = complaint.events.latest("pk")
    assert (complaint.changed_at, complaint.changed_by) == (newest.at, quality)


def test_a_ladder_step_is_no_change(company: Tree) -> None:
    long_ago = clock.now() - timedelta(days=2)
    complaint = ComplaintFactory.create(branch=company.branch, now=long_ago, received_at=long_ago)
    escalation.fire_due(now=clock.now())
    assert complaint.events.filter(kind="step_fired").count() > 0
    complaint.refresh_from_db()
    assert complaint.changed_at == long_ago


def test_a_row_is_marked_when_others_changed_it_since_i_looked(
    company: Tree, handler: Person, quality: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="assigned", handler=handler)
    client = signed_in(handler)
    assert marks(client) == {complaint.number: "New: "}
    client.get(page_of(complaint))
    assert marks(client) == {complaint.number: ""}
    note(complaint, handler)
    assert marks(client) == {complaint.number: ""}
    note(complaint, quality)
    assert marks(client) == {complaint.number: "Changed: "}
    assert "r-new" in text_of(client, "/")
    client.get(page_of(complaint))
    assert marks(client) == {complaint.number: ""}


def test_what_nobody_opened_is_not_new_for_ever(company: Tree, handler: Person) -> None:
    day = clock.now() - timedelta(hours=25)
    old = ComplaintFactory.create(branch=company.branch, now=day, received_at=day)
    ended = ComplaintFactory.create(branch=company.branch, until="closed", handler=handler)
    imported = ComplaintFactory.create(branch=company.branch)
    Complaint.objects.filter(pk=imported.pk).update(changed_at=None, changed_by=None)
    found = marks(signed_in(handler))
    assert found == dict.fromkeys((old.number, ended.number, imported.number), "")


@pytest.mark.parametrize("ahead", ["prefetch", "prefetch;prerender"])
def test_b20_only_reading_is_looking(ahead: str, company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    client = signed_in(handler)
    client.head(page_of(complaint))
    client.get(page_of(complaint), headers={"Sec-Purpose": ahead})
    client.head(f"{page_of(complaint)}news/")
    assert not Look.objects.exists()
    client.get(page_of(complaint))
    client.get(page_of(complaint))
    assert Look.objects.count() == 1


def test_who_else_is_looking_is_said_for_two_minutes(
    company: Tree, handler: Person, quality: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    mine, theirs = signed_in(handler), signed_in(quality)
    theirs.get(page_of(complaint))
    mine.get(page_of(complaint))
    news = f"{page_of(complaint)}news/"
    assert "周敏 is looking, too" in text_of(theirs, news)
    third = PersonFactory.create(branch=company.branch, role=Role.HANDLER, name="孙伟")
    signed_in(third).get(page_of(complaint))
    both = re.search(r"(\w+), (\w+) are looking, too", text_of(theirs, news))
    assert both
    assert set(both.groups()) == {"周敏", "孙伟"}
    Look.objects.update(looked_at=clock.now() - 9 * MINUTE, present_at=clock.now() - 3 * MINUTE)
    assert "looking" not in text_of(theirs, news)
    # The question of an open page says that it is still there, and not that it was read anew.
    text_of(mine, news)
    look = Look.objects.get(person=handler)
    assert look.looked_at < clock.now() - 8 * MINUTE
    assert "周敏 is looking, too" in text_of(theirs, news)


def test_b01_only_people_in_sight_are_named(
    company: Tree, handler: Person, quality: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    signed_in(quality).get(page_of(complaint))
    assert "looking" not in text_of(signed_in(handler), f"{page_of(complaint)}news/")


def test_the_page_says_who_changed_it_meanwhile(
    company: Tree, handler: Person, quality: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    client, since = signed_in(handler), clock.now().isoformat()
    news = f"{page_of(complaint)}news/"
    note(complaint, handler)
    assert "Changed by" not in text_of(client, news, since=since)
    note(complaint, quality)
    text = text_of(client, news, since=since, list="status=received")
    assert f"Changed by {quality.name}" in text
    assert f'href="{page_of(complaint)}?list=status%3Dreceived"' in text
    assert "Changed by" not in text_of(client, news, since=clock.now().isoformat())


def asked(client: Client, since: Any, **query: Any) -> int:
    """How many complaints of the list are news."""
    text = text_of(client, NEWS, since=since.isoformat(), through="all", **query)
    found = re.search(r"(\d+)\+? complaints? (?:is|are) new or changed", text)
    return int(found[1]) if found else 0


def test_u10_news_counts_new_and_changed_of_others(
    company: Tree, handler: Person, quality: Person
) -> None:
    first = ComplaintFactory.create(branch=company.branch)
    client, since = signed_in(handler), clock.now()
    assert asked(client, since) == 0
    note(first, handler)
    ComplaintFactory.create(branch=company.branch, by=handler)
    ComplaintFactory.create(branch=company.sibling)
    assert asked(client, since) == 0
    note(first, quality)
    note(first, quality)
    ComplaintFactory.create(branch=company.child)
    assert asked(client, since) == 2
    assert asked(client, since, status="assigned") == 0
    # A row that others took out of the list is news of the list that still shows it.
    assert asked(client, since, status="assigned", shown=f"{first.pk}") == 1
    assert asked(client, clock.now()) == 0


def test_b02_foreign_rows_are_no_news(company: Tree, handler: Person, quality: Person) -> None:
    foreign = ComplaintFactory.create(branch=company.sibling)
    since = clock.now()
    note(foreign, quality)
    assert asked(signed_in(handler), since, shown=f"{foreign.pk}") == 0
    answer = signed_in(handler).get(f"{page_of(foreign)}news/")
    assert answer.status_code == 404


def test_u10_more_than_99_are_not_counted(company: Tree, quality: Person) -> None:
    since = clock.now()
    for _place in range(101):
        ComplaintFactory.create(branch=company.branch)
    client = signed_in(quality)
    text = text_of(client, NEWS, since=since.isoformat())
    assert "99+ complaints are new or changed" in text


def test_u10_nothing_new_is_304(company: Tree, quality: Person) -> None:
    client, query = signed_in(quality), urlencode({"since": clock.now().isoformat()})
    first = client.get(f"{NEWS}?{query}")
    again = {"If-None-Match": first["ETag"]}
    second = client.get(f"{NEWS}?{query}", headers=again)
    assert (second.status_code, second.content) == (304, b"")
    assert second["Cache-Control"] == "private, no-cache"
    ComplaintFactory.create(branch=company.branch)
    third = client.get(f"{NEWS}?{query}", headers=again)
    assert third.status_code == 200
    assert third["ETag"] != first["ETag"]


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("role", "queries"), [(Role.HANDLER, 7), (Role.QUALITY_MANAGER, 6)])
def test_u10_the_question_is_cheap(count: int, role: str, queries: int, company: Tree) -> None:
    place = company.branch if role == Role.HANDLER else company.headquarters
    person = PersonFactory.create(branch=place, role=role)
    since = clock.now()
    made = [ComplaintFactory.create(branch=company.branch) for _place in range(count)]
    client = signed_in(person)
    shown = ",".join(str(row.pk) for row in made)
    with CaptureQueriesContext(connection) as asked_for:
        assert asked(client, since, shown=shown) == count
    # Session, person, postings and the moment; the branches of who does not see all.
    assert len(asked_for) == queries


@pytest.mark.parametrize(
    "since", ["", "x", "\0", "2026-11-22", "0001-01-01T00:00:00+14:00", "9" * 40]
)
def test_b14_hostile_questions_are_harmless(since: str, company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch)
    client = signed_in(handler)
    shown = "1,x,,-1,٣," + "9" * 40 + ",\0"
    assert client.get(NEWS, {"since": since, "shown": shown}).status_code == 204
    good = clock.now().isoformat()
    assert client.get(NEWS, {"since": good, "shown": shown}).status_code == 200
    assert client.get(f"{page_of(complaint)}news/", {"since": since}).status_code == 200


def test_the_list_asks_with_its_own_conditions(company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling", handler=handler)
    text = text_of(signed_in(handler), LIST, status="handling", after="0~x~1")
    found = re.search(r'data-news="([^"]+)"', text)
    assert found
    url = found[1].replace("&amp;", "&")
    assert url.startswith(f"{NEWS}?status=handling&")
    assert f"shown={complaint.pk}" in url
    assert signed_in(handler).get(url).status_code == 200
    assert handler_of(company.branch) == handler
