"""U-02: a working day without a mouse; the focus is always there to see."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from complaints.factories import ComplaintFactory
from complaints.models import Attachment, Complaint
from csm.tests.browser.conftest import PASSWORD, Company, SignIn
from csm.tests.browser.test_every_page import LOCALES

STOPS = 120
# What has the focus is outlined, lies in the window, and nothing covers it.
LOOK = """wanted => {
    const element = document.activeElement;
    if (!element || element === document.body) return {found: false, fault: ""};
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const shown = top !== null && (element.contains(top) || top.contains(element)
        || [...(element.labels || [])].some(label => label.contains(top)));
    // Of a date, the browser marks the part (day, month, …) that has the focus.
    const outlined = element.type === "datetime-local"
        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const at = `${box.x},${box.y} ${box.width}x${box.height}, ${scrollY} of ${innerHeight}`;
    const words = `outlined ${outlined}, at ${at}: ${element.outerHTML}, under ${top?.outerHTML}`;
    return {found: element === wanted, fault: shown && outlined ? "" : words.slice(0, 600)};
}"""


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; every stop on the way can be seen."""
    # With the parts that come after the page: until then it may still move.
    page.wait_for_load_state("networkidle")
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        seen = look(page, wanted)
        assert not seen["fault"]
        if seen["found"]:
            return
    raise AssertionError(f"the Tab key does not reach {wanted}")


def look(page: Page, wanted: Locator) -> dict[str, Any]:
    """What has the focus, once the window has scrolled to it."""
    seen: dict[str, Any] = page.evaluate(LOOK, wanted.element_handle())
    for _ in range(10):
        if not seen["fault"]:
            break
        page.wait_for_timeout(100)
        seen = page.evaluate(LOOK, wanted.element_handle())
    return seen


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def write(page: Page, wanted: Locator, words: str) -> None:
    reach(page, wanted)
    page.keyboard.type(words)


def test_u02_log_in_filter_open_accept_reply_attach(
    company: Company, sign_in: SignIn, tmp_path: Path
) -> None:
    handler = company.people["handler"]
    complaint = ComplaintFactory.create(
        branch=company.tree.branch, until="assigned", handler=handler
    )
    # Beside the list, on a wider screen: test_split.
    page = sign_in("handler", size={"width": 1100, "height": 900})
    page.context.clear_cookies()
    page.goto("/login/")
    write(page, page.locator("[name=username]"), "handler")
    write(page, page.locator("[name=password]"), PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/$"))

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    press(page, page.get_by_role("link", name="Complaints", exact=True).first)
    write(page, page.locator("form.filters [name=search]"), complaint.number)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    press(page, page.locator("a.r-subject"))
    expect(page.locator("h1")).to_have_text(complaint.subject)

    press(page, page.locator("#move-accept > summary"))
    press(page, page.locator("#move-accept form button").first)
    expect(page.locator("body")).to_contain_text("Accepted.")
    press(page, page.locator("#move-apologise > summary"))
    write(page, page.locator("#move-apologise [name=words]"), "We are sorry.")
    press(page, page.locator("#move-apologise form button").first)
    expect(page.locator("body")).to_contain_text("The apology is recorded.")
    kept = Complaint.objects.get(pk=complaint.pk)
    assert (kept.status, kept.apologised_at is not None) == ("handling", True)

    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    press(page, page.locator("#move-attach > summary"))
    reach(page, page.locator("#move-attach [type=file]"))
    page.locator("#move-attach [type=file]").set_input_files(photo)
    press(page, page.locator("#move-attach form button").first)
    expect(page.locator("body")).to_contain_text("The files are added.")
    assert Attachment.objects.filter(complaint=complaint).count() == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_u02_the_bar_fits_a_desk_and_unfolds_without_script(
    company: Company, sign_in: SignIn, locale: str
) -> None:
    """The administrator has every room but one; the fold leads on by keyboard alone."""
    page = sign_in("admin", locale=locale, script=False)
    for width in (1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = [entry.bounding_box() for entry in page.locator(".top nav > ul > li").all()]
        ends = [page.locator(each).bounding_box() for each in (".top-find", ".top-end")]
        right = max(box["x"] + box["width"] for box in boxes if box)
        assert right <= min(box["x"] for box in ends if box and box["width"])
        assert ends[1]
        assert ends[1]["x"] + ends[1]["width"] <= width
    page.locator(".top nav summary").focus()
    page.keyboard.press("Enter")
    press(page, page.locator(".top nav .menu-box a").nth(1))
    page.wait_for_url("**/assessments/")
    expect(page.locator(".top nav summary.is-current")).to_be_visible()
