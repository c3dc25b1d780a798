"""U-02: single keys on the list and on a complaint; who wants none of them has none."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from complaints.factories import ComplaintFactory
from complaints.models import Complaint, Note
from csm.kit import clock
from csm.tests.browser.conftest import Company, SignIn
from csm.tests.browser.test_every_page import faults

LIST = "/complaints/?through=all"
# What an input method sends while it composes: the flag, or the old code.
COMPOSED = """() => [{isComposing: true}, {keyCode: 229}].forEach(more => {
    const event = new KeyboardEvent("keydown", {key: "j", bubbles: true, ...more});
    if (more.keyCode) Object.defineProperty(event, "keyCode", {get: () => 229});
    document.body.dispatchEvent(event);
})"""


def three(company: Company) -> list[Complaint]:
    """In the order of the list: the most urgent first."""
    now = clock.now()
    return [
        ComplaintFactory.create(
            branch=company.tree.branch, received_at=now - timedelta(hours=hours), until="handling"
        )
        for hours in (9, 6, 3)
    ]


def expect_under_the_cursor(page: Page, complaint: Complaint) -> None:
    expect(page.locator("tr.cursor")).to_contain_text(complaint.number)


def test_u02_keys_lead_along_the_list_and_through_a_complaint(
    company: Company, sign_in: SignIn
) -> None:
    rows = three(company)
    page = sign_in("quality")
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.cursor a.r-subject")).to_be_focused()
    expect_under_the_cursor(page, rows[1])
    page.keyboard.press("x")
    chosen = page.locator("table.rows [name=number]:checked")
    expect(chosen).to_have_value(f"{rows[1].number}:{rows[1].version}")
    page.keyboard.press("x")
    expect(chosen).to_have_count(0)
    page.keyboard.press("o")
    expect(page.locator("h1")).to_have_text(rows[1].subject)
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text(rows[2].subject)
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text(rows[1].subject)
    page.keyboard.press("a")
    expect(page.locator("#move-assign [name=handler]")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("n")
    page.keyboard.type("jkx?/ae")
    expect(page.locator("#note [name=text]")).to_have_value("jkx?/ae")
    assert not Note.objects.exists()

    page.goto(LIST)
    expect_under_the_cursor(page, rows[1])  # the list is found as it was left
    page.keyboard.press("e")
    expect(page.locator("h1")).to_have_text(rows[1].subject)
    expect(page.locator("#move-apologise [name=words]")).to_be_focused()


def test_u02_help_keeps_the_focus_and_keys_rest_where_they_should(
    company: Company, sign_in: SignIn
) -> None:
    three(company)
    page = sign_in("quality")
    page.goto(LIST)
    page.evaluate(COMPOSED)
    page.keyboard.press("Control+j")
    expect(page.locator("tr.cursor")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("j?")
    expect(page.locator("#search")).to_have_value("j?")

    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert faults(page) == []
    for _ in range(4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#keys') || !document.hasFocus()")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("tr.cursor")).to_have_count(0)

    page.goto("/settings/me/")
    page.get_by_label("Single keys act").uncheck()
    page.get_by_role("button", name="Save the shortcuts").click()
    page.goto(LIST)
    expect(page.locator(".key-hints, #keys")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.locator("tr.cursor")).to_have_count(0)
