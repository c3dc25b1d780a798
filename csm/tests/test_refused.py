"""What a refused or failed request reads: friendly, in both languages, nothing of our inside."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from csm.tests.api import refused
from csm.tests.company import Company

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HEADINGS = {
    400: "This request cannot be read",
    403: "You cannot do this",
    404: "Page not found",
    409: "Somebody else changed this page",
    500: "Something went wrong on our side",
    503: "The service is not available",
}
API_CODES = {
    400: "malformed",
    403: "forbidden",
    404: "not_found",
    409: "not_open",
    500: "server_error",
    503: "unavailable",
}
HERE = re.escape(f"{settings.BASE_DIR}/")
# B-28: a trace, a statement, a path, a version, a name of our inside.
INSIDE = re.compile(
    r"Traceback|File \"|(?-i:SELECT )|relation|psycopg|django|/home/|\.py\b|site-packages"
    rf"|{HERE}|organisation_|complaints_|Python|secret-host",
    re.IGNORECASE,
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
REFERENCE = re.compile(r"R-[2-9A-HJKMNP-Z]{5}")


@contextmanager
def broken(error: type[Exception]) -> Iterator[None]:
    """The database fails: a bug in a statement, or a server that is away."""

    def fail(execute: Callable[..., Any], *args: Any) -> None:
        raise error('relation "organisation_secret" at secret-host')

    with connection.execute_wrapper(fail):
        yield


def browser(firm: Company, language: str) -> Client:
    client = firm.client("staff", raise_request_exception=False)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def ask(status: int, firm: Company, *, language: str = "en", root: str = "", **headers: str) -> Any:
    """A request of the handler of Wuxi that gets this status. `root`: of the API."""
    client = browser(firm, language)
    address = f"{root}/complaints/{firm.places['own'].complaint.number}/"
    kind: dict[str, Any] = {"content_type": "application/json"} if root else {}
    if status == 400:
        return client.get(address, headers=headers | {"host": "evil.example"})
    if status == 404:
        return client.get(f"{root}/complaints/TS20000101-0001/", headers=headers)
    if status == 403:
        return client.post(f"{address}triage/", {}, headers=headers, **kind)
    if status == 409:
        return client.post(f"{address}accept/", {}, headers=headers, **kind)
    with broken(ProgrammingError if status == 500 else OperationalError):
        return client.get(address, headers=headers)


@pytest.mark.parametrize("status", HEADINGS)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_b28_a_page_is_friendly_and_tells_nothing(
    status: int, language: str, firm: Company
) -> None:
    response = ask(status, firm, language=language)
    text = response.content.decode()
    assert response.status_code == status
    assert response["Content-Language"] == language
    with translation.override(language):
        heading = gettext(HEADINGS[status])
    assert bool(CHINESE.search(heading)) == (language != "en")
    # A conflict stands on the page of what it is about.
    assert re.search(rf"<h[12][^>]*>{heading}</h[12]>", text)
    assert re.search(rf"<title>{heading} · (TS\S+ · )?CSM</title>", text)
    assert not INSIDE.search(text)
    assert f'href="{reverse("my-work")}"' in text, "a way on"
    assert REFERENCE.findall(text) == ([response["CSM-Reference"]] if status >= 500 else [])
    assert ("Retry-After" in response) == (status == 503)


@pytest.mark.parametrize("status", [403, 404])
def test_htmx_gets_the_sentence_alone_in_the_news_line(status: int, firm: Company) -> None:
    response = ask(status, firm, **HTMX)
    text = response.content.decode().strip()
    assert response.status_code == status
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#news", "innerHTML")
    assert text.startswith('<p class="note')
    assert 'role="alert"' in text
    assert "<html" not in text
    assert not INSIDE.search(text)


@pytest.mark.parametrize("status", [500, 503])
def test_htmx_is_told_of_a_failure_by_the_status(status: int, firm: Company) -> None:
    """The page's own script says what to do: nothing is swapped."""
    response = ask(status, firm, **HTMX)
    assert response.status_code == status
    assert not {"HX-Retarget", "HX-Redirect"} & set(response.headers)


@pytest.mark.parametrize("status", API_CODES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_b28_the_api_answers_in_its_one_shape(status: int, language: str, firm: Company) -> None:
    response = ask(status, firm, language=language, root="/api/v1")
    body = refused(response, status, API_CODES[status])
    assert bool(CHINESE.search(body["message"])) == (language != "en")
    assert not INSIDE.search(response.content.decode())
    assert ("CSM-Reference" in response) == (status >= 500)


def test_a_conflict_names_what_is_open_and_leads_back(firm: Company) -> None:
    page = f"/complaints/{firm.places['own'].complaint.number}/"
    for headers in ({}, HTMX, {"referer": f"http://evil.example{page}"}):
        text = ask(409, firm, **headers).content.decode()
        assert "This is not open while the complaint is “Handling”." in text
        assert f'href="{page}">See what is open now</a>' in text
        assert 'role="alert"' in text
        assert "evil.example" not in text
        assert ("<html" in text) == (headers != HTMX)


def test_a_form_from_an_old_page_is_refused_with_the_way_out(firm: Company) -> None:
    client = firm.client("staff", enforce_csrf_checks=True)
    response = client.post(f"/complaints/{firm.places['own'].complaint.number}/note/", {})
    assert response.status_code == 403
    assert "reload the page and send it again" in response.content.decode()
    part = client.post("/inbox/read/", headers=HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (403, "#news")


@pytest.mark.parametrize("text", ["<b>here</b>", '"here', "{{ here }}", "%00", "here%0d%0aHere: 1"])
def test_b28_no_address_breaks_a_page(text: str, firm: Company) -> None:
    for page in (f"/complaints/{text}/", f"/{text}", f"/api/v1/complaints/{text}/"):
        response = browser(firm, "en").get(page)
        assert response.status_code == 404
        assert "Here" not in response.headers
        assert text not in response.content.decode() or text.startswith(("%", "here%"))
