"""Signing in to the API, who I am, and the branches (contract, "REST API")."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.actions import people, sign_ins, tokens
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import ApiToken, Person, Role

pytestmark = pytest.mark.django_db
PASSWORD = "Wuxi-2026-lorry"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def person(company: Tree) -> Person:
    return PersonFactory.create(
        username="wang", password=PASSWORD, branch=company.branch, role=Role.HANDLER
    )


def sign_in(username: str = "wang", password: str = PASSWORD) -> Any:
    return Caller().post("auth/token/", {"username": username, "password": password})


def test_name_and_password_give_a_token_of_which_only_the_hash_is_kept(person: Person) -> None:
    before = clock.now()

    response = sign_in()

    assert response.status_code == 201
    assert set(response.json()) == {"token", "expires_at"}
    token = response.json()["token"]
    assert len(token) == 43
    row = ApiToken.objects.get()
    assert row.person == person
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert row.expires_at - before >= timedelta(days=90)
    assert response["Cache-Control"] == "private, no-store"


def test_the_token_opens_the_api(person: Person) -> None:
    caller = Caller()
    caller.credentials(HTTP_AUTHORIZATION=f"Token {sign_in().json()['token']}")

    assert caller.get("me/").json()["username"] == "wang"


def test_unknown_wrong_and_disabled_are_refused_alike(person: Person) -> None:
    wrong = sign_in(password="not this one")
    unknown = sign_in(username="nobody")
    people.change(person=person, by=None, now=clock.now(), is_active=False)
    disabled = sign_in()

    refused(wrong, 401, "wrong_credentials")
    assert wrong.content == unknown.content == disabled.content
    assert ApiToken.objects.count() == 0


def test_a_name_without_login_cannot_sign_in(company: Tree) -> None:
    PersonFactory.create(username=None, name="driver", branch=company.branch)

    refused(sign_in(username="", password=""), 400, "invalid")
    refused(sign_in(username="driver", password="x"), 401, "wrong_credentials")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "wang"},
        {"username": ["wang"], "password": PASSWORD},
        {"username": "wang\0", "password": PASSWORD},
        {"username": "wang", "password": "x" * 100_000},
        {"username": {"a": 1}, "password": None},
        {"username": "wang", "password": PASSWORD, "role": "administrator"},
    ],
)
def test_a_wrong_body_is_400(person: Person, body: dict[str, object]) -> None:
    body = refused(Caller().post("auth/token/", body), 400, "invalid")

    assert body["fields"]
    assert ApiToken.objects.count() == 0


def test_deleting_revokes_the_token_of_the_call_and_no_other(person: Person) -> None:
    caller, other = Caller(person), Caller(person)

    assert caller.delete("auth/token/").status_code == 204

    refused(caller.get("me/"), 401, "not_authenticated")
    refused(caller.delete("auth/token/"), 401, "not_authenticated")
    assert other.get("me/").status_code == 200


def test_b03_a_disabled_person_is_out_with_the_next_call(person: Person) -> None:
    caller = Caller(person)
    session = Client()
    session.force_login(person)
    assert caller.get("me/").status_code == session.get("/api/v1/me/").status_code == 200

    people.change(person=person, by=None, now=clock.now(), is_active=False)

    refused(caller.get("me/"), 401, "not_authenticated")
    refused(session.get("/api/v1/me/"), 401, "not_authenticated")


def test_an_expired_token_is_none(person: Person) -> None:
    _row, token = tokens.issue_token(person=person, now=clock.now() - timedelta(days=91))
    caller = Caller()
    caller.credentials(HTTP_AUTHORIZATION=f"Token {token}")

    refused(caller.get("me/"), 401, "not_authenticated")


@pytest.mark.parametrize("value", ["", "x", "é" * 20, "x" * 5000, "a b c", "\x7f"])
def test_what_is_no_token_is_401(person: Person, value: str) -> None:
    caller = Caller()
    caller.credentials(HTTP_AUTHORIZATION=f"Token {value}")

    response = caller.get("me/")

    refused(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Token"


def test_without_a_token_or_a_session_it_is_401(person: Person) -> None:
    for address in ("me/", "branches/", "complaints/", "work-orders/", "categories/"):
        refused(Caller().get(address), 401, "not_authenticated")


def test_b20_a_session_needs_the_csrf_token(person: Person) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(person)

    response = browser.post("/api/v1/complaints/", {}, content_type="application/json")

    refused(response, 403, "forbidden")
    assert browser.get("/api/v1/me/").status_code == 200


def test_b17_failures_are_throttled_by_name_and_address_only(person: Person) -> None:
    for _try in range(sign_ins.MOST):
        sign_in(password="not this one")

    response = sign_in()

    refused(response, 429, "throttled")
    assert 290 < int(response["Retry-After"]) <= 300
    assert ApiToken.objects.count() == 0
    elsewhere = Caller().post(
        "auth/token/", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="10.1.1.1"
    )
    assert elsewhere.status_code == 201
    refused(sign_in(username="somebody"), 401, "wrong_credentials")


def test_signing_in_is_not_throttled(person: Person) -> None:
    for _try in range(sign_ins.MOST + 5):
        assert sign_in().status_code == 201


def test_me_tells_person_postings_and_verbs(company: Tree, person: Person) -> None:
    body = Caller(person).get("me/").json()

    assert body["person"] == {"id": person.pk, "name": person.name}
    assert body["postings"] == [{"branch": {"code": "WX", "name": "无锡"}, "role": "handler"}]
    assert "complaint.apologise" in body["verbs"]
    assert "complaint.triage" not in body["verbs"]
    assert body["verbs"] == sorted(body["verbs"])


def test_branches_are_those_that_the_caller_sees(company: Tree, person: Person) -> None:
    director = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)

    mine = Caller(person).get("branches/").json()
    everything = Caller(director).get("branches/").json()

    assert mine == {
        "next": None,
        "previous": None,
        "results": [
            {"code": "WX", "name": "无锡", "name_en": "Wuxi", "level": "branch", "parent": "JS"},
            {
                "code": "WX1",
                "name": "新吴",
                "name_en": "Xinwu",
                "level": "branch",
                "parent": "WX",
            },
        ],
    }
    assert [row["code"] for row in everything["results"]][:3] == ["HQ", "GN", "JS"]
    assert everything["results"][0]["parent"] is None
    assert len(everything["results"]) == 6


def test_branches_take_the_same_queries_for_any_number(
    company: Tree, django_assert_num_queries: Any
) -> None:
    director = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    caller = Caller(director)

    # token, moment, postings, branches
    with django_assert_num_queries(4):
        caller.get("branches/")
