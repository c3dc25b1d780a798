"""On a narrow or slow screen: little to fetch, and nothing that scrolls sideways (U-03, U-04)."""

from playwright.sync_api import Page

from complaints.models import Complaint
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.test_every_page import (
    furnished,  # noqa: F401 (a fixture)
    own_pages,
    shared_pages,
)

LIGHT = 300_000  # bytes
WEIGHTS = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .map(entry => [entry.name, entry.decodedBodySize])"""
# 1280 px wide at 400 %, and at 200 %.
ZOOMED = ({"width": 320, "height": 256}, {"width": 640, "height": 450})


def test_u03_the_pages_of_a_branch_are_light(furnished: Company, sign_in: SignIn) -> None:  # noqa: F811
    number = Complaint.objects.earliest("pk").number
    for address in ("/", "/complaints/", f"/complaints/{number}/?move=apologise"):
        weights = fetched(sign_in("handler", size=PHONE), address)
        assert any(url.endswith(".js") for url in weights)
        assert sum(weights.values()) < LIGHT, weights


def fetched(page: Page, address: str) -> dict[str, int]:
    """The bytes of everything that an address brings along, kept from before or not."""
    page.goto(address, wait_until="networkidle")
    return dict(page.evaluate(WEIGHTS))


def test_u04_zoomed_pages_do_not_scroll_sideways(furnished: Company, sign_in: SignIn) -> None:  # noqa: F811
    wide = {}
    for username in ("quality", "handler", "admin"):
        page = sign_in(username)
        pages = [*own_pages(username), *(shared_pages() if username == "quality" else ())]
        for address in pages:
            page.goto(address)
            for size in ZOOMED:
                page.set_viewport_size(size)  # type: ignore[arg-type]
                width = page.evaluate("document.documentElement.scrollWidth")
                if width > size["width"]:
                    wide[f"{username} {address}"] = (width, size["width"])
    assert wide == {}
