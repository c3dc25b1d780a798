"""Sessions and keys live only as long as the right to them (B-03, B-18)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from csm.kit import clock
from csm.tests.api import Caller
from csm.tests.company import Company
from csm.tests.crawler import text_of
from csm.tests.fingerprints import fingerprint
from organisation.actions import people, tokens
from organisation.models import ApiToken, Person, Posting

pytestmark = pytest.mark.django_db
PASSWORD = "wuxi-clock-1968"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def person(firm: Company) -> Person:
    """Handler at Wuxi, with a password."""
    found = Person.objects.get(username="staff")
    people.set_password(person=found, password=PASSWORD, by=None, now=clock.now())
    return found


def logged_in(username: str = "staff", password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/login/", {"username": username, "password": password})
    return client


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_b18_a_login_is_a_new_session_and_a_logout_ends_it(person: Person) -> None:
    client = logged_in()
    first = key_of(client)
    client.post("/login/", {"username": "staff", "password": PASSWORD})
    client.post("/logout/")
    again = logged_in()
    assert key_of(again) != first
    # Whoever wrote the old key down has nothing of it.
    client.cookies[settings.SESSION_COOKIE_NAME] = first
    assert client.get("/").status_code == 302
    assert not Session.objects.filter(session_key=first).exists()


def test_b18_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(person: Person) -> None:
    cookie = logged_in().cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 12 * 3600
    assert cookie["domain"] == ""


def test_b18_a_new_password_ends_the_sessions_that_know_the_old_one(person: Person) -> None:
    clients = [logged_in(), logged_in()]
    _row, key = tokens.issue_token(person=person, now=clock.now())
    people.set_password(person=person, password=f"{PASSWORD}-b", by=None, now=clock.now())
    for client in clients:
        assert is_out(client.get("/"))
        assert client.get("/api/v1/me/").status_code == 401
    assert tokens.find_token(key, now=clock.now()) is None
    assert is_out(logged_in().get("/")), "the old one opens nothing any more"


def test_b03_unknown_wrong_and_disabled_look_alike(firm: Company, person: Person) -> None:
    people.set_password(person=firm.people["disabled"], password=PASSWORD, by=None, now=clock.now())
    bodies = set()
    for username, password in (
        ("nobody-here", PASSWORD),
        ("staff", "wrong-password"),
        ("disabled", PASSWORD),
    ):
        response = Client().post("/login/", {"username": username, "password": password})
        assert response.status_code == 200
        text = response.content.decode().replace(username, "")
        bodies.add(without_tokens(text))
        program = Caller().post("auth/token/", {"username": username, "password": password})
        assert program.status_code == 401
        assert program.json()["code"] == "wrong_credentials"
    assert len(bodies) == 1


def without_tokens(text: str) -> str:
    """Without what differs from page to page."""
    lines = text.splitlines()
    return "\n".join(
        line for line in lines if "csrf" not in line.lower() and "data-now" not in line
    )


Ask = Callable[[Client, Company], Any]
ASKS: dict[str, Ask] = {
    "page": lambda client, firm: client.get(complaint(firm)),
    "part": lambda client, firm: client.get(complaint(firm), headers=HTMX),
    "list": lambda client, firm: client.get("/complaints/"),
    "file": lambda client, firm: read(client.get(f"{complaint(firm)}files/{file(firm)}/")),
    "move": lambda client, firm: client.post(f"{complaint(firm)}note/", {"text": "still here"}),
    "api": lambda client, firm: client.get(f"/api/v1{complaint(firm)}"),
    "act": lambda client, firm: client.post(
        f"/api/v1{complaint(firm)}note/", {"text": "still here"}, "application/json"
    ),
}


def complaint(firm: Company) -> str:
    return f"/complaints/{firm.places['own'].complaint.number}/"


def file(firm: Company) -> str:
    return str(firm.places["own"].file.pk)


def read(response: Any) -> Any:
    """To the end, so that the file is closed."""
    text_of(response)
    return response


def is_out(response: Any) -> bool:
    """Sent to the log-in; HTMX moves the whole window there."""
    address: str = response.get("Location", response.get("HX-Redirect", ""))
    return address.startswith("/login/?next=")


@pytest.mark.parametrize("asked", ASKS)
def test_b03_a_disabled_person_is_out_with_the_next_request(
    asked: str, firm: Company, person: Person
) -> None:
    client, program = logged_in(), Caller(person)
    assert ASKS[asked](client, firm).status_code in (200, 201, 303)
    people.change(person=person, by=None, now=clock.now(), is_active=False)
    before = fingerprint()
    response = ASKS[asked](client, firm)
    assert response.status_code == 401 if asked in ("api", "act") else is_out(response)
    assert program.get("me/").status_code == 401
    assert fingerprint() == before


@pytest.mark.parametrize("asked", ASKS)
def test_b03_without_the_posting_the_next_request_finds_nothing(
    asked: str, firm: Company, person: Person
) -> None:
    client, program = logged_in(), Caller(person)
    assert ASKS[asked](client, firm).status_code in (200, 201, 303)
    people.set_postings(person=person, postings=[], by=None)
    before = fingerprint()
    response = ASKS[asked](client, firm)
    if asked == "list":
        # The names of one's own views are one's own.
        seen = response.content.decode().replace(firm.places["own"].view.name, "")
        assert "SECRET-of" not in seen.replace(person.name, "")
    else:
        assert response.status_code == 404
    assert program.get(complaint(firm).lstrip("/")).status_code == 404
    assert program.get("complaints/").json()["results"] == []
    assert fingerprint() == before


def test_b03_another_role_at_the_same_branch_counts_at_once(firm: Company, person: Person) -> None:
    client = logged_in()
    address = f"{complaint(firm)}apologise/"
    assert client.post(address).status_code == 422
    Posting.objects.filter(person=person).update(role="executive")
    assert client.get(complaint(firm)).status_code == 200
    assert client.post(address).status_code == 403


def test_b03_dead_keys_are_dead(person: Person) -> None:
    now = clock.now()
    row, key = tokens.issue_token(person=person, now=now)
    assert key not in ApiToken.objects.values_list("token_hash", flat=True)
    caller = Caller()
    caller.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    assert caller.get("me/").status_code == 200
    for change in ({"revoked_at": now}, {"expires_at": now - timedelta(seconds=1)}):
        ApiToken.objects.filter(pk=row.pk).update(**change)
        assert caller.get("me/").status_code == 401
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=None, expires_at=row.expires_at)
    assert caller.get("me/").status_code == 200
    assert caller.delete("auth/token/").status_code == 204
    assert caller.get("me/").status_code == 401
