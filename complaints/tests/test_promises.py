"""What is promised, in versions; what was broken, by whom (P-01, P-02, P-03)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from complaints.actions import promises
from complaints.models import BrokenPromise, Promise, PromiseRevision
from complaints.tests.clockwork import Desk, opened_desk
from csm.kit import clock
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 1)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def function(desk: Desk) -> Person:
    return PersonFactory.create(branch=desk.company.headquarters, role=Role.SERVICE_FUNCTION)


def of(person: Person | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if person:
        client.force_login(person)
    return client


def said(**given: Any) -> dict[str, Any]:
    return {
        "kind": "external", "words": "24 小时告知结果", "words_en": "The result in 24 hours",
        "slogan_en": "Said and done", "limit_hours": "24", "remedy_en": "The freight is free",
        "feedback_line": "400-800-1234", "valid_from": "2026-01-01",
    } | given  # fmt: skip


def promise(**given: Any) -> Promise:
    fields: dict[str, Any] = {
        "kind": "external",
        "words": "一诺千金",
        "words_en": "Our word",
        "valid_from": TODAY,
    }
    return promises.create(by=None, now=clock.now(), **fields | given)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_p03_the_service_function_promises_and_customers_read_it(function: Person) -> None:
    assert of(function).post("/promises/new/", said()).status_code == 302
    shown = text_of(of().get("/report/"))
    for words in (
        *("The result in 24 hours", "Said and done", "If we break it: The freight is free"),
        "Tell us: 400-800-1234",
    ):
        assert words in shown
    promise(kind="internal", words_en="Inside")
    promise(words_en="Over", valid_until=TODAY)
    promise(words_en="To come", valid_from=date(2099, 1, 1))
    shown = text_of(of().get("/report/"))
    assert [words in shown for words in ("Inside", "Over", "To come")] == [False] * 3
    listed = text_of(of(function).get("/promises/"))
    assert [words in listed for words in ("Inside", "Over", "To come")] == [True] * 3


def test_p01_an_edit_makes_the_next_version_and_no_row_changes(function: Person) -> None:
    found = promise()
    client = of(function)
    given = said(words="改了", seen="1")
    assert client.post(f"/promises/{found.pk}/", given).status_code == 302
    assert [row.words for row in found.revisions.order_by("number")] == ["一诺千金", "改了"]
    # Somebody else read the first version: nothing is lost, nothing is written over.
    stale = client.post(f"/promises/{found.pk}/", said(words="晚了", seen="1"))
    assert stale.status_code == 409
    assert found.revisions.count() == 2
    wrong = client.post(f"/promises/{found.pk}/", said(seen="2", valid_until="2025-01-01"))
    assert (wrong.status_code, "not before the first" in text_of(wrong)) == (422, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        found.revisions.update(words="x")
    assert of(function).post("/promises/new/", said(words="")).status_code == 422
    assert Promise.objects.count() == 1


def test_p01_quality_notes_what_was_broken_and_it_is_counted_by_branch(desk: Desk) -> None:
    now = clock.now()
    first, second = promise(), promise(words_en="Second")
    rows = [desk.complaint("handling", now=now) for _each in range(2)]
    client = of(desk.quality)
    for complaint in rows:
        url = f"/complaints/{complaint.number}/promises/"
        assert client.post(url, {"promises": [first.pk]}).status_code == 303
    url = f"/api/v1/complaints/{rows[0].number}/promises/"
    both = {"promises": [first.pk, second.pk]}
    for _time in range(2):
        answer = client.put(url, both, "application/json")
        assert [row["promise"] for row in answer.json()] == [first.pk, second.pk]
    assert rows[0].events.filter(kind="promises_marked").count() == 2
    assert "Our word" in text_of(client.get(f"/complaints/{rows[0].number}/"))
    today = timezone.localdate(now)
    month = f"{today:%Y-%m}"
    counted = client.get(f"/api/v1/promises/broken/?month={month}").json()["results"]
    assert [(row["branch"]["code"], row["total"]) for row in counted] == [("WX", 3)]
    assert [row["count"] for row in counted[0]["promises"]] == [2, 1]
    assert re.search(
        r"Wuxi Our word 2 Second 1 In all 3", text_of(client.get(f"/promises/?month={month}"))
    )
    # Others see what they see, and a month has its own.
    assert "Wuxi Our word" not in text_of(of(desk.neighbour).get(f"/promises/?month={month}"))
    earlier = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    assert client.get(f"/api/v1/promises/broken/?month={earlier}").json()["results"] == []
    assert of(desk.handler).put(url, both, "application/json").status_code == 403
    assert client.put(url, {"promises": [0]}, "application/json").status_code == 400
    assert client.put(url, {"promises": []}, "application/json").json() == []
    assert BrokenPromise.objects.count() == 1
    assert PromiseRevision.objects.count() == 2
