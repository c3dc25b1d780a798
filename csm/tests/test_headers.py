"""What every answer says to the browser: nothing foreign runs, nobody else keeps a copy (B-06)."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client

from csm.tests.company import Company, company
from csm.tests.crawler import Answer, crawl
from organisation.models import AccessRecord

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
FILE_POLICY = "default-src 'none'; sandbox"
PERSONAS = ("anonymous", "staff", "manager", "region", "quality", "executive", "administrator")
# Where a look at personal data is a number that was searched for, nothing whole is shown; and at the
# callback desk the back key must find the words typed.
MAY_BE_KEPT = ("/customers/?", "/callbacks/")


def faults(answer: Answer) -> Iterator[str]:
    """What is wrong with the headers of an answer, and with what its page would run."""
    response = answer.response
    csp = response.get("Content-Security-Policy", "")
    if response.get("Content-Disposition", "").startswith("attachment"):
        if csp != FILE_POLICY or "no-store" not in response["Cache-Control"]:
            yield "a file that a browser might run or keep"
    elif dict(part.strip().split(" ", 1) for part in csp.split(";") if part.strip()) != POLICY:
        yield f"Content-Security-Policy: {csp}"
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        if response.get(name) != value:
            yield f"{name}: {response.get(name)}"
    if "private" not in response.get("Cache-Control", ""):
        yield f"Cache-Control: {response.get('Cache-Control')}"
    yield from answer.page.offences


@pytest.mark.django_db
@pytest.mark.parametrize("persona", PERSONAS)
def test_b06_every_page_of(persona: str) -> None:
    """Also: no page leads to an address that is not there, or not for this person."""
    found = {}
    looks = 0
    for answer in crawl(company().client(persona), *START):
        url, response = answer.url, answer.response
        wrong = list(faults(answer))
        if response.status_code not in (200, 302):
            wrong.append(f"status {response.status_code}")
        looks, before = AccessRecord.objects.count(), looks
        if looks > before and not url.startswith(MAY_BE_KEPT):
            wrong += ["no-store"] if "no-store" not in response["Cache-Control"] else []
        if wrong:
            found[url] = wrong
    assert found == {}


START = ("/", "/api/v1/docs/", "/login/")


@pytest.fixture
def place(db: None) -> Company:
    return company()


def answers(client: Client, found: Company) -> Iterator[tuple[int, HttpResponseBase]]:
    """One of each kind of refusal, with the status that it should have."""
    own, sibling = found.places["own"], found.places["sibling"]
    address = f"/complaints/{own.complaint.number}/"
    yield 404, client.get("/nothing/")
    yield 404, client.get("/api/v1/nothing/")
    yield 404, client.get(f"/complaints/{sibling.complaint.number}/")
    yield 403, client.post(f"{address}triage/")
    yield 409, client.post(f"{address}accept/")
    yield 422, client.post(f"{address}apologise/")
    yield 405, client.get(f"{address}apologise/")
    yield 400, client.get("/", headers={"host": "evil.example"})
    yield 302, Client().get(address)
    yield 401, Client().get("/api/v1/me/")
    yield 200, client.get("/healthz")
    yield 303, client.post(f"{address}note/", {"text": "a note"})
    strict = Client(enforce_csrf_checks=True)
    yield 403, strict.post("/login/", {"username": "staff", "password": "x"})


def test_b06_every_refusal(place: Company) -> None:
    seen = list(answers(place.client("staff"), place))
    assert [response.status_code for _status, response in seen] == [s for s, _response in seen]
    wrong = [list(faults(Answer("", response))) for _status, response in seen]
    assert wrong == [[] for _response in seen]


def test_b06_whole_numbers_are_kept_by_no_cache(place: Company) -> None:
    client, own = place.client("staff"), place.places["own"]
    contact = own.customer.contacts.get()
    for address in (
        f"/complaints/{own.complaint.number}/phone/",
        f"/customers/{own.customer.pk}/contacts/{contact.pk}/",
    ):
        response = client.post(address)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert AccessRecord.objects.filter(person=place.people["staff"]).count() == 2
