"""What a list shows when it has nothing, is on its way, or cannot be read (U-12)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from complaints.factories import ComplaintFactory
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.test_every_page import LOCALES, faults
from csm.tests.browser.test_split import IMPATIENT

LISTS = {
    "/complaints/": ("quality", "/complaints/?search=zzzz"),
    "/work-orders/": ("quality", "/work-orders/?status=confirmed"),
    "/customers/": ("quality", "/customers/?search=zzzz"),
    "/callbacks/": ("quality", ""),
    "/inbox/": ("quality", ""),
    "/settings/imports/": ("admin", ""),
}


def pictured(page: Page, folder: Path, name: str) -> None:
    """A state is whole when axe finds nothing, nothing overflows, and it can be pictured."""
    assert faults(page) == [], name
    assert len(page.screenshot(path=str(folder / f"{name}.png"))) > 5_000


@pytest.mark.parametrize("locale", LOCALES)
def test_u12_lists_without_rows_say_what_will_stand_here(
    company: Company, sign_in: SignIn, tmp_path: Path, locale: str
) -> None:
    pages = {name: sign_in(name, locale=locale, size=PHONE) for name in ("quality", "admin")}
    for place, (address, (who, filtered)) in enumerate(LISTS.items()):
        page = pages[who]
        page.goto(address)
        expect(page.locator("main .empty, main .muted").first).to_be_visible()
        pictured(page, tmp_path, f"empty-{place}")
        if filtered:
            page.goto(filtered)
            clear = page.locator(".empty a").first
            expect(clear).to_be_visible()
            pictured(page, tmp_path, f"filtered-{place}")
            clear.click()
            assert "zzzz" not in page.url
    # No right to the list: the page says whom to ask.
    page = sign_in("handler", locale=locale, size=PHONE)
    answer = page.goto("/callbacks/")
    assert answer is not None
    assert answer.status == 403
    pictured(page, tmp_path, "forbidden")


def answers(page: Page, act: Callable[[Route], object]) -> None:
    """What the server says of the list from now on, when script asks."""

    def handle(route: Route) -> None:
        if route.request.headers.get("hx-request"):
            act(route)
        else:
            route.fallback()

    page.route("**/complaints/**", handle)


@pytest.mark.parametrize("locale", LOCALES)
def test_u12_a_list_on_its_way_broken_and_cut_off(
    company: Company, sign_in: SignIn, tmp_path: Path, locale: str
) -> None:
    row = ComplaintFactory.create(branch=company.tree.branch, subject="货物滞留")
    page = sign_in("quality", locale=locale)
    page.goto("/complaints/")
    held: list[Route] = []
    answers(page, held.append)
    page.fill("#search", row.number)
    page.press("#search", "Enter")
    bones = page.locator("#results [data-rows] .bones")
    expect(bones).to_be_visible()
    assert page.get_attribute("#results", "aria-busy") == "true"
    pictured(page, tmp_path, "loading")

    broken = {"status": 500, "body": "", "headers": {"CSM-Reference": "R-2345"}}
    list_request = next(route for route in held if "search=" in route.request.url)
    list_request.fulfill(**broken)  # type: ignore[arg-type]
    alert = page.locator("#results [role=alert]")
    expect(alert).to_contain_text("R-2345")
    expect(bones).to_have_count(0)
    assert page.input_value("#search") == row.number
    pictured(page, tmp_path, "broken")
    page.unroute_all()
    alert.locator("a").click()
    expect(page.locator("tbody .r-subject")).to_have_count(1)
    assert row.number in page.url

    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    pictured(page, tmp_path, "offline")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def test_u12_a_list_that_hears_no_news_says_how_old_it_is(
    company: Company, sign_in: SignIn, tmp_path: Path
) -> None:
    ComplaintFactory.create(branch=company.tree.branch)
    page = sign_in("quality")
    page.route("**/complaints/news/**", lambda route: route.abort())
    page.add_init_script(IMPATIENT)
    page.goto("/complaints/")
    line = page.locator(".news[data-news]")
    expect(line).to_contain_text("Data as of", timeout=15_000)
    expect(page.locator("tbody .r-subject")).to_have_count(1)
    pictured(page, tmp_path, "stale")
