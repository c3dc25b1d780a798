"""Looking changes nothing, and nothing is changed from a foreign page (B-20).

That the pages which links lead to change nothing when they are looked at is part of the round in
`test_headers.py`.
"""

import pytest
from django.test import Client

from csm.tests.addresses import PERSONAS, PUBLIC, ROWS, Row
from csm.tests.company import Company
from csm.tests.crawler import text_of
from csm.tests.fingerprints import fingerprint

pytestmark = pytest.mark.django_db
UNSAFE = [row for row in ROWS if row.method != "GET"]


def strict(firm: Company, persona: str) -> Client:
    """A browser that sends its cookies and no token, as a form on a foreign page makes it do."""
    return firm.client(persona, enforce_csrf_checks=True)


@pytest.mark.parametrize("persona", ["quality", "administrator"])
def test_b20_nothing_is_done_without_the_token(persona: str, firm: Company) -> None:
    client = strict(firm, persona)
    before = fingerprint()
    answers = {f"{row.method} {row.name}": sent(client, row, firm) for row in UNSAFE}
    assert {name: status for name, status in answers.items() if status != 403} == {}
    assert fingerprint() == before


def sent(client: Client, row: Row, firm: Company) -> int:
    call = getattr(client, row.method.lower())
    kind = {"content_type": "application/json"} if row.is_json else {}
    status: int = call(row.url(firm, "own"), {}, **kind).status_code
    return status


@pytest.mark.parametrize("address", ["/login/", "/language/", "/report/", "/track/x/add/"])
def test_b20_public_forms_need_the_token_too(address: str, firm: Company) -> None:
    for persona in ("anonymous", "staff"):
        assert strict(firm, persona).post(address, {"language": "en"}).status_code == 403


def test_b20_a_token_for_programs_needs_no_cookie_and_a_session_does_not_help(
    firm: Company,
) -> None:
    """Signing in by password for a token: nothing that a foreign page could do for somebody."""
    client = strict(firm, "staff")
    assert client.post("/api/v1/auth/token/", {}, "application/json").status_code == 400
    assert client.delete("/api/v1/auth/token/").status_code == 401
    assert set(PUBLIC) >= {"login", "set-language", "api-token"}


def test_b20_looking_by_any_safe_method_changes_nothing(firm: Company) -> None:
    """Also at addresses that no link leads to, with the fields of a form in the query."""
    clients = {persona: firm.client(PERSONAS[persona]) for persona in "qa"}
    before = fingerprint()
    for row in ROWS:
        client = clients["q" if "q" in row.may else "a"]
        for method in ("head",) if row.method == "GET" else ("get", "options"):
            response = getattr(client, method)(row.url(firm, "own"), {"text": "x", "at": ""})
            assert response.status_code < 500
            text_of(response)
    assert fingerprint() == before
