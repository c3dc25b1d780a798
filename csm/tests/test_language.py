"""Which language a page has, and that every way on stays on this site (B-15)."""

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from csm.kit import clock
from csm.tests.company import Company
from organisation.actions import delivery
from organisation.models import Person

pytestmark = pytest.mark.django_db
CHINESE, ENGLISH = "zh-hans", "en"
# Cookie, the person's own, the browser's wish -> the language of the page.
CHOICES = [
    ("", "", "", CHINESE),
    ("", "", "en-US,en;q=0.9", ENGLISH),
    ("", "", "fr,en;q=0.5", ENGLISH),
    ("", "", "fr", CHINESE),
    ("", "", "zh-TW,en;q=0.5", CHINESE),
    ("", "", "en;q=0.1,zh-CN;q=0.9", CHINESE),
    ("", "en", "zh-CN", ENGLISH),
    ("", "zh-hans", "en", CHINESE),
    ("zh-hans", "en", "en", CHINESE),
    ("en", "zh-hans", "zh-CN", ENGLISH),
    ("xx", "", "en", ENGLISH),
    ("../en", "zh-hans", "en", CHINESE),
    ("", "", "en" + "-x" * 3000, CHINESE),
    ("", "xx", "en", ENGLISH),
]
PAGES = ("/", "/nothing/", "/complaints/nothing/", "/complaints/new/")


@pytest.mark.parametrize(("cookie", "own", "wish", "language"), CHOICES)
def test_the_cookie_the_person_the_browser_else_chinese(
    cookie: str, own: str, wish: str, language: str, firm: Company
) -> None:
    Person.objects.filter(username="staff").update(language=own)
    client = firm.client("staff")
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    for page in PAGES:
        response = client.get(page, headers={"accept-language": wish})
        assert response["Content-Language"] == language, page
        lang = "en" if language == ENGLISH else "zh-Hans"
        assert f'<html lang="{lang}"' in response.content.decode()
        assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/login/", "/api/v1/me/", "/healthz"])
def test_every_answer_says_its_language(path: str) -> None:
    for wish in (CHINESE, ENGLISH):
        response = Client().get(path, headers={"accept-language": wish})
        assert response["Content-Language"] == wish
        assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_the_choice_stays_with_browser_and_person(firm: Company) -> None:
    client = firm.client("staff")
    response = client.post("/language/", {"language": CHINESE, "next": "/inbox/?unread=1"})
    assert response["Location"] == "/inbox/?unread=1"
    assert client.get("/")["Content-Language"] == CHINESE
    assert Person.objects.get(username="staff").language == CHINESE
    client.post("/language/", {"language": "fr"})
    assert client.get("/")["Content-Language"] == CHINESE
    assert client.get("/language/").status_code == 405


def test_a_visitor_may_choose_too() -> None:
    client = Client()
    client.post("/language/", {"language": ENGLISH, "next": "/login/"})
    assert client.get("/login/")["Content-Language"] == ENGLISH


AWAY = (
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "%09//evil.example",
    " //evil.example",
    "https://evil.example/",
    "http:evil.example",
    "https:///evil.example",
    "http://testserver@evil.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "/\n/evil.example",
    "/\0",
    "evil.example",
    "",
)


def host_of(location: str) -> str | None:
    """Where a browser goes: it drops tabs and line ends, and takes a backslash for a slash."""
    plain = "".join(sign for sign in location.strip() if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin("http://testserver/login/", plain)).hostname


@pytest.mark.parametrize("away", AWAY)
def test_b15_the_next_page_is_one_of_ours(away: str, firm: Company) -> None:
    client = firm.client("staff")
    chosen = client.post("/language/", {"language": ENGLISH, "next": away})
    assert chosen.status_code == 302
    assert host_of(chosen["Location"]) == "testserver", chosen["Location"]


@pytest.mark.parametrize("away", AWAY)
def test_b15_so_is_the_page_after_the_login(away: str, firm: Company) -> None:
    person = Person.objects.get(username="staff")
    person.set_password("wuxi-clock-1968")
    person.save()
    given = {"username": "staff", "password": "wuxi-clock-1968"}
    for address, body in (("/login/", {"next": away}), (f"/login/?next={away}", {})):
        response = Client().post(address, given | body)
        assert response.status_code == 302
        assert host_of(response["Location"]) == "testserver", response["Location"]


POISON: dict[str, Any] = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_SERVER": "evil.example",
    "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_ORIGINAL_HOST": "evil.example",
    "HTTP_X_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "666",
}


def test_b15_a_made_up_host_reaches_no_message_and_no_link(
    firm: Company, mailoutbox: list[EmailMessage]
) -> None:
    own = firm.places["own"]
    client = firm.client("quality", **POISON)
    address = f"/complaints/{own.complaint.number}/"
    words = {"text": "@staff 请联系客户"}
    assert "evil" not in client.post(f"{address}note/", words)["Location"]
    delivery.deliver(now=clock.now())
    [mail] = [mail for mail in mailoutbox if "staff@example.com" in mail.to]
    told = f"{mail.subject}\n{mail.body}\n{mail.extra_headers}"
    assert f"{settings.BASE_URL}{address}" in told
    assert "evil" not in told
    for page in ("/", address, "/api/v1/complaints/?page_size=1", "/login/", "/nothing/"):
        assert "evil" not in client.get(page).content.decode()


def test_b15_an_unknown_host_gets_nothing(firm: Company) -> None:
    client = firm.client("staff", HTTP_HOST="evil.example")
    for page in ("/", "/login/", "/api/v1/me/", "/nothing/"):
        response = client.get(page)
        assert response.status_code == 400
        assert "evil" not in response.content.decode()
