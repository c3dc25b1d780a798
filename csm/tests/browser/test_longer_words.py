"""Texts that are longer than ours still fit the narrowest phone (U-13)."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils.translation import trans_real
from playwright.sync_api import Page

from complaints.models import WorkOrder
from csm import context
from csm.templatetags import clocks, csm, registers, rows
from csm.tests.browser.conftest import PHONE, SignIn
from csm.tests.browser.test_every_page import (
    furnished,  # noqa: F401 (a fixture)
    own_pages,
    shared_pages,
)

MARKED = re.compile(r"(%(?:\(\w+\))?[a-z%]|\{\w+\}|<[^>]*>|&\w+;)")
VOWEL = re.compile("([aeiouy])", re.IGNORECASE)


class Longer(trans_real.DjangoTranslation):
    """English with its vowels doubled, which adds a good third; marks to fill in stay."""

    def gettext(self, message: str) -> str:
        return longer(super().gettext(message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return longer(super().ngettext(singular, plural, n))


def longer(text: str) -> str:
    words = text.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
    parts = MARKED.split(words)
    parts[::2] = [VOWEL.sub(r"\1\1", part) for part in parts[::2]]
    return "".join(parts)


@pytest.fixture
def longer_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English pages speak `Longer` while the test runs, and nothing kept says so afterwards."""
    trans_real.translation("en")
    known = trans_real._translations  # type: ignore[attr-defined]
    monkeypatch.setitem(known, "en", Longer("en"))
    _forget_words()
    yield
    _forget_words()


def _forget_words() -> None:
    """Of everything that pages keep by language."""
    for module in (clocks, csm, registers, rows, context):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


def test_words_grow_by_forty_percent_and_keep_their_marks() -> None:
    assert (
        longer("%(n)s of {m} <b>visible</b> to you") == "%(n)s oof {m} <b>viisiiblee</b> too yyoouu"
    )
    words = "Complaint Rectification work order Record the apology Return with a reason"
    assert 1.35 < len(longer(words)) / len(words) < 1.45


@pytest.mark.usefixtures("longer_words", "furnished")
def test_u13_nothing_runs_out_of_a_phone(sign_in: SignIn) -> None:
    page = sign_in("quality", size=PHONE)
    assert "Skiip" in page.inner_text("a.skip")
    wide = too_wide(page, [*own_pages("quality"), *shared_pages()])
    forms = WorkOrder.objects.filter(status__in=("draft", "returned"))
    written = [reverse("work-order", args=(order.pk,)) for order in forms]
    wide |= too_wide(sign_in("handler", size=PHONE), [*own_pages("handler"), *written])
    assert wide == {}


def too_wide(page: Page, addresses: list[str]) -> dict[str, int]:
    """The pages that scroll sideways, with their width."""
    found = {}
    for address in addresses:
        page.goto(address)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            found[address] = width
    return found
