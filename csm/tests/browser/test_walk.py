"""A complaint walked through the browser by three people, from the call to the file."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from complaints.factories import SECTIONS, finish_measures
from complaints.models import Complaint, WorkOrder
from complaints.tests.order_forms import typed
from csm.kit import clock
from csm.tests.browser.conftest import PHONE, Company, SignIn

SUBJECT = "Two boxes of tiles arrived broken"


def open_move(page: Page, action: str) -> None:
    """Unfold a move of the next step, wherever it lies."""
    move = page.locator(f"#move-{action}")
    if not move.is_visible():
        page.locator("details.more > summary").click()
    if move.get_attribute("open") is None:
        move.locator("> summary").click()


def make(page: Page, action: str) -> None:
    """Send the form of an unfolded move."""
    page.locator(f"#move-{action} form button:not([type=reset])").click()
    page.wait_for_load_state()


def fill(page: Page, action: str, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#move-{action} [name={name}]").fill(value)


def choose(page: Page, action: str, **fields: str) -> None:
    for name, label in fields.items():
        page.locator(f"#move-{action} [name={name}]").select_option(label=label)


def log_it(page: Page) -> str:
    """The front desk takes the call; gives the number."""
    page.goto("/complaints/new/")
    page.fill("[name=customer_name]", "王小明")
    page.fill("[name=contact_phone]", "13800138000")
    page.fill("[name=subject]", SUBJECT)
    page.get_by_role("button", name="Log the complaint").click()
    page.wait_for_url(re.compile(r"/complaints/TS\d{8}-\d{4}/"))
    expect(page.locator("h1")).to_have_text(SUBJECT)
    return page.url.rstrip("/").rsplit("/", 1)[-1]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_c02_to_c13_three_people_walk_a_complaint_to_its_end(
    company: Company, sign_in: SignIn, script: bool
) -> None:
    """U-06: the same walk without JavaScript."""
    desk = sign_in("desk", script=script)
    number = log_it(desk)
    expect(desk.locator("main")).not_to_contain_text("13800138000")

    quality = sign_in("quality", script=script)
    quality.goto(f"/complaints/{number}/")
    open_move(quality, "triage")
    quality.locator("#move-triage [name=branch]").select_option(str(company.tree.branch.pk))
    quality.locator("#move-triage [name=category]").select_option(str(company.category.pk))
    make(quality, "triage")
    expect(quality.locator("main")).to_contain_text("Assigned")

    handler = sign_in("handler", script=script, size=PHONE)
    handler.goto(f"/complaints/{number}/")
    open_move(handler, "apologise")
    fill(handler, "apologise", words="We are sorry.")
    make(handler, "apologise")
    open_move(handler, "answer")
    fill(handler, "answer", result="Two boxes are on their way.")
    make(handler, "answer")
    write_order(handler)
    judge_order(quality)
    call_back(quality, number)

    quality.goto(f"/complaints/{number}/")
    open_move(quality, "close")
    make(quality, "close")
    complaint = Complaint.objects.get(number=number)
    assert complaint.status == "closed"
    assert set(complaint.timers.values_list("kind", "state")) == {
        ("apology", "met"),
        ("result", "met"),
        ("work_order", "met"),
        ("callback", "met"),
    }
    kinds = set(complaint.events.values_list("kind", flat=True))
    assert kinds >= {
        "logged", "judged_valid", "accepted", "apologised", "answered", "order_drafted",
        "order_submitted", "order_confirmed", "called_back", "closed",
    }  # fmt: skip


def write_order(page: Page) -> None:
    """C-09: the branch files its order on a phone."""
    page.get_by_role("button", name="Write the work order").first.click()
    page.wait_for_url("**/work-orders/*/")
    fill_order(page)
    page.get_by_role("button", name="Submit the order").first.click()
    expect(page.locator("main")).to_contain_text("问字【")
    assert WorkOrder.objects.get().status == "submitted"


def fill_order(page: Page, **changed: str) -> None:
    """Type whatever a submission needs."""
    given = {name: words for name, words in typed(SECTIONS).items() if isinstance(words, str)}
    promised = (date.today() + timedelta(days=5)).isoformat()  # noqa: DTZ011
    for name, words in (given | {"promised_on": promised} | changed).items():
        box = page.locator(f"#order-form [name={name}]")
        if not words or name == "is_customer_satisfied" or name.endswith("-group"):
            continue
        if "-why_" in name:
            page.locator("#order-form details.chain").first.evaluate("box => box.open = true")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(words)
        else:
            box.fill(words)


def judge_order(page: Page) -> None:
    """W-09: the issuing unit confirms."""
    order = WorkOrder.objects.get()
    assert order.submitted_by is not None
    finish_measures(order, by=order.submitted_by, now=clock.now())
    page.goto(f"/work-orders/{order.pk}/")
    page.get_by_role("button", name="Confirm the order").click()
    page.wait_for_load_state()
    assert WorkOrder.objects.get().status == "confirmed"


def call_back(page: Page, number: str) -> None:
    """C-12: from the queue of the desk, with the number to call in full."""
    page.goto("/callbacks/")
    page.goto(f"/callbacks/{number}/")
    expect(page.locator("a.phone")).to_have_attribute("href", "tel:13800138000")
    page.get_by_label("Reached", exact=True).check()
    page.get_by_label("Satisfied", exact=True).check()
    page.locator("[name=score]").select_option("9")
    page.locator("[name=words]").fill("Thank you.")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    page.wait_for_load_state()
