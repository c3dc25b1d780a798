"""What every answer says to the browser: nothing foreign runs, nobody else keeps a copy (B-06)."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client

from csm.tests.addresses import PERSONAS, hears
from csm.tests.company import Company
from csm.tests.crawler import Answer, crawl
from csm.tests.fingerprints import fingerprint
from organisation.models import AccessRecord

pytestmark = pytest.mark.django_db
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
START = ("/", "/api/v1/docs/", "/login/")


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


@pytest.mark.parametrize("persona", ["", *"smrqxai"])
def test_b02_b06_b20_every_page_that_links_lead_to(persona: str, firm: Company) -> None:
    """No page runs what is foreign, tells of foreign places, leads astray, or changes anything."""
    client, wrong = firm.client(PERSONAS.get(persona, "anonymous")), []
    before = fingerprint()
    for answer in crawl(client, *START):
        found = list(faults(answer))
        if answer.response.status_code not in (200, 302):
            found.append(f"status {answer.response.status_code}")
        if persona and (heard := hears(persona, answer.text)):
            found.append(f"tells of {heard}")
        wrong += [f"{answer.url}: {words}" for words in found]
    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


def refusals(client: Client, firm: Company) -> Iterator[tuple[int, HttpResponseBase]]:
    """One of each kind of answer that is no page, with the status that it should have."""
    own, sibling = firm.places["own"], firm.places["sibling"]
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


def test_b06_every_refusal(firm: Company) -> None:
    seen = list(refusals(firm.client("staff"), firm))
    assert [response.status_code for _status, response in seen] == [s for s, _response in seen]
    wrong = [list(faults(Answer("", response))) for _status, response in seen]
    assert wrong == [[] for _response in seen]


def test_b06_whole_numbers_are_kept_by_no_cache(firm: Company) -> None:
    client, own = firm.client("staff"), firm.places["own"]
    contact = own.customer.contacts.get()
    for address in (
        f"/complaints/{own.complaint.number}/phone/",
        f"/customers/{own.customer.pk}/contacts/{contact.pk}/",
    ):
        response = client.post(address, {"reason": "call"})
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
    assert AccessRecord.objects.filter(person=firm.people["staff"]).count() == 2
