"""On a slow line: little to fetch (U-03)."""

from playwright.sync_api import Page

from complaints.models import Complaint
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.test_every_page import (
    furnished,  # noqa: F401 (a fixture)
)

LIGHT = 300_000  # bytes
WEIGHTS = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
    .map(entry => [entry.name, entry.decodedBodySize])"""


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
