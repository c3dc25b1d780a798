"""Logging in (U-01): everybody arrives at what they came for."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from csm.kit import clock
from csm.tests.race import race
from organisation.actions import people, sign_ins
from organisation.factories import PersonFactory, tree
from organisation.models import Person, Posting, Role, SignInTries

pytestmark = pytest.mark.django_db
PASSWORD = "wuxi-clock-1968"


@pytest.mark.parametrize(
    ("roles", "asked", "arrives"),
    [
        ([Role.EXECUTIVE], "", "/rankings/"),
        ([Role.EXECUTIVE], "/complaints/", "/complaints/"),
        ([Role.EXECUTIVE, Role.QUALITY_MANAGER], "", "/"),
        ([Role.HANDLER], "", "/"),
        ([], "", "/"),
        ([Role.EXECUTIVE], "https://example.com/", "/rankings/"),
    ],
)
def test_who_only_reads_reports_arrives_at_the_ranking(
    roles: list[str], asked: str, arrives: str
) -> None:
    company = tree()
    person = PersonFactory.create(username="somebody", postings=[])
    for role in roles:
        Posting.objects.create(person=person, branch=company.headquarters, role=role)
    people.set_password(person=person, password=PASSWORD, by=None, now=clock.now())
    client = Client()
    given = {"username": "somebody", "password": PASSWORD, "next": asked}
    answer = client.post("/login/", given)
    assert (answer.status_code, answer.headers["location"]) == (302, arrives)
    # Who is in already is not asked again.
    again = client.get("/login/", {"next": asked})
    assert (again.status_code, again.headers["location"]) == (302, arrives)


def try_one(username: str = "somebody", password: str = "a guess", **request: Any) -> Any:
    given = {"username": username, "password": password}
    headers = {"accept-language": "en"}
    return Client(headers=headers).post("/login/", given, **request)


@pytest.fixture
def somebody() -> Person:
    person = PersonFactory.create(username="somebody")
    people.set_password(person=person, password=PASSWORD, by=None, now=clock.now())
    return person


def test_b17_guesses_are_few_whatever_a_header_says(somebody: Person) -> None:
    for place in range(sign_ins.MOST):
        guess = try_one(HTTP_X_FORWARDED_FOR=f"10.0.0.{place}")
        assert guess.status_code == 200
        assert "Too many tries" not in guess.content.decode()

    refused = try_one(password=PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9")
    assert refused.status_code == 200
    assert "Too many tries. Wait five minutes, then try again." in refused.content.decode()
    assert 'value="somebody"' in refused.content.decode()
    # From elsewhere, and for anybody else, nothing is locked.
    assert try_one(password=PASSWORD, REMOTE_ADDR="10.1.1.1").status_code == 302
    assert "Too many tries" not in try_one(username="another").content.decode()


def test_b17_the_lock_ends_by_itself_and_success_forgets(somebody: Person, now: datetime) -> None:
    def tried(password: str, at: datetime) -> Person | None:
        return sign_ins.sign_in(username="Somebody", password=password, address="127.0.0.1", now=at)

    for _try in range(sign_ins.MOST):
        assert tried("a guess", now) is None
    with pytest.raises(sign_ins.TooManyTries):
        tried(PASSWORD, now + sign_ins.WINDOW - timedelta(seconds=1))
    assert timedelta(minutes=15) >= sign_ins.WINDOW
    assert tried("a guess", now + sign_ins.WINDOW) is None
    assert SignInTries.objects.get().count == 1


@pytest.mark.django_db(transaction=True)
def test_b17_of_a_hundred_guesses_at_once_few_are_looked_at(somebody: Person) -> None:
    def guess() -> list[str]:
        return [try_one().content.decode() for _try in range(5)]

    pages = [page for found in race(*[guess] * 20) if isinstance(found, list) for page in found]
    assert len(pages) == 100
    assert sum("Too many tries" not in page for page in pages) == sign_ins.MOST
