"""Texts that are longer than ours still fit the narrowest phone (U-13)."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import trans_real
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from csm.tests.company import company

MARKED = re.compile(r"(%(?:\(\w+\))?[a-z%]|\{\w+\}|<[^>]*>|&\w+;)")
MARK = trans_real.CONTEXT_SEPARATOR


class Longer(trans_real.DjangoTranslation):
    """English with its vowels doubled, which adds about 40 %; marks to fill in stay."""

    def gettext(self, message: str) -> str:
        return longer(super().gettext(message).rpartition(MARK)[2])

    def ngettext(self, singular: str, plural: str, n: float) -> str:
        return longer(super().ngettext(singular, plural, n).rpartition(MARK)[2])


def longer(text: str) -> str:
    parts = MARKED.split(text)
    parts[::2] = [re.sub("([aeiouy])", r"\1\1", part, flags=re.IGNORECASE) for part in parts[::2]]
    return "".join(parts)


@pytest.fixture
def longer_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """English pages speak `Longer` while the test runs."""
    trans_real.translation("en")
    monkeypatch.setitem(trans_real._translations, "en", Longer("en"))


def test_words_grow_by_forty_percent_and_keep_their_marks() -> None:
    assert (
        longer("%(n)s of {m} <b>visible</b> to you") == "%(n)s oof {m} <b>viisiiblee</b> too yyoouu"
    )
    words = "Complaint Rectification work order Record the apology Return with a reason"
    assert 1.3 < len(longer(words)) / len(words) < 1.5


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("longer_words")
def test_u13_nothing_runs_out_of_a_phone(live_server: LiveServer, page: Page) -> None:
    found = company()
    place = found.places["own"]
    complaint, order, customer = place.answered.number, place.order.pk, place.customer.pk
    page.set_viewport_size({"width": 360, "height": 740})
    wide = {}
    for persona, paths in {
        "quality": ("/", "/complaints/", f"/complaints/{complaint}/", f"/callbacks/{complaint}/",
                    "/callbacks/", "/rankings/", "/inbox/", "/complaints/new/", "/settings/"),
        "staff": ("/", f"/complaints/{place.complaint.number}/", f"/work-orders/{order}/",
                  "/work-orders/", "/customers/", f"/customers/{customer}/", "/settings/me/"),
    }.items():  # fmt: skip
        log_in(page, found.client(persona), live_server.url)
        for path in paths:
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert answer.status == 200, path
            if (width := page.evaluate("document.documentElement.scrollWidth")) > 360:
                wide[path] = width
    assert "Skiip" in page.inner_text("a.skip")
    assert wide == {}


def log_in(page: Page, client: Client, url: str) -> None:
    cookie: Any = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
