"""A customer on a phone: reports, follows, adds, objects; with script and without (U-05, U-06)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.actions import handling, triage
from complaints.models import Complaint, Status
from csm.kit import clock
from csm.tests.browser.conftest import PATIENCE, PHONE, Company
from csm.tests.browser.test_every_page import faults

Open = Callable[..., Page]
WORDS = {
    "zh-CN": ("提交投诉", "提交补充", "没有解决", "告诉我们没有解决", "错误：我要投诉"),
    "en-US": (
        *("Send complaint", "Send the addition", "It is not solved", "Say that it is not solved"),
        "Error: Make a complaint",
    ),
}


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """`phone("zh-CN", script=False)`: a small screen of somebody we do not know."""
    contexts: list[BrowserContext] = []

    def enter(locale: str, *, script: bool) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale=locale,
            viewport=PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


def looked_at(page: Page, *, script: bool) -> list[str]:
    return faults(page) if script else []


@pytest.mark.parametrize(("locale", "script"), [("zh-CN", True), ("en-US", True), ("zh-CN", False)])
def test_c01_n03_u05_u06_a_customer_from_the_report_to_the_objection(
    company: Company, phone: Open, locale: str, *, script: bool, tmp_path: Path
) -> None:
    send, add, folded, objects, wrong = WORDS[locale]
    page = phone(locale, script=script)
    page.goto("/report/")
    assert looked_at(page, script=script) == []
    page.fill("[name=waybill]", "YD-20261130-77")
    page.get_by_role("button", name=send).click()
    # Three fields are missing: each line leads to its field, and what was typed is still there.
    expect(page).to_have_title(f"{wrong} · CSM")
    links = page.locator("#errors a")
    expect(links).to_have_count(3)
    for link in links.all():
        assert page.locator(str(link.get_attribute("href"))).count() == 1
    if script:
        expect(page.locator("#errors")).to_be_focused()
        assert looked_at(page, script=script) == []
    assert page.input_value("[name=waybill]") == "YD-20261130-77"
    page.fill("[name=description]", "周二说好下午送到，等到晚上八点没人来。")
    page.fill("[name=name]", "王小明")
    page.fill("[name=contact]", "13800138000")
    photo = tmp_path / "door.png"
    page.screenshot(path=photo)
    page.set_input_files("[name=photos]", photo)
    page.get_by_role("button", name=send).click()
    page.wait_for_url("**/track/*/?new=1")
    found = Complaint.objects.get()
    expect(page.locator("#the-number")).to_have_text(found.number)
    assert looked_at(page, script=script) == []
    address = page.locator("#the-address").inner_text()
    if script:
        page.locator("[data-copies]").click()
        assert page.evaluate("navigator.clipboard.readText()") == address
    assert found.attachments.count() == 1
    now = clock.now()
    triage.judge_valid(
        complaint=found, branch=company.tree.branch, handler=company.people["handler"],
        category=company.category, severity="normal", by=company.people["quality"], now=now,
    )  # fmt: skip
    handling.answer(
        complaint=found, channel="phone", result="已补送，运费退回。",
        by=company.people["handler"], now=now,
    )  # fmt: skip
    page.goto(page.url.split("?")[0])
    assert looked_at(page, script=script) == []
    page.fill("#add_text", "门口还有一箱。")
    page.get_by_role("button", name=add).click()
    page.wait_for_url("**?said=addition")
    expect(page.get_by_text("门口还有一箱。")).to_be_visible()
    page.get_by_text(folded, exact=True).first.click()
    page.fill("#not_text", "箱子还是坏的。")
    assert looked_at(page, script=script) == []
    page.get_by_role("button", name=objects).click()
    page.wait_for_url("**?said=objection")
    found.refresh_from_db()
    assert (found.status, found.cycle) == (Status.HANDLING, 2)
    assert looked_at(page, script=script) == []
    page.goto("/track/nothing/")
    assert looked_at(page, script=script) == []
