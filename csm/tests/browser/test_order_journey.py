"""A work order on its way: filled in on a phone, returned, mended, confirmed by somebody else."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from complaints.factories import ComplaintFactory, finish_measures
from complaints.models import OrderStatus, WorkOrder
from csm.kit import clock
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.test_walk import fill_order


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_w03_w04_w16_u06_an_order_is_filled_on_a_phone_returned_mended_and_confirmed(
    company: Company, sign_in: SignIn, tmp_path: Path, script: bool
) -> None:
    """U-06: rows come and go without JavaScript, too."""
    complaint = ComplaintFactory.create(
        branch=company.tree.branch, handler=company.people["handler"], until="handling"
    )
    filler = sign_in("handler", script=script, size=PHONE)
    said: list[str] = []
    filler.on("console", lambda message: said.append(message.text))
    filler.goto(f"/complaints/{complaint.number}/")
    filler.get_by_role("button", name="Write the work order").first.click()
    filler.wait_for_url("**/work-orders/*/")
    order = WorkOrder.objects.get()
    fill_order(filler)
    filler.get_by_role("button", name="Add an entry").click()
    second = filler.get_by_role("group", name="Entry 2")
    expect(second.get_by_label("When")).to_be_focused()
    second.get_by_label("When").fill("2020-11-17T08:00")
    second.get_by_label("What happened").fill("The customer called again.")
    if script:
        # W-03: the person is far down the form, and still reads why nothing goes up.
        filler.context.set_offline(True)
        expect(filler.locator("#offline")).to_be_in_viewport()
        filler.context.set_offline(False)
        expect(filler.locator("#offline")).to_be_hidden()
    words = filler.get_by_label("Which record, or who saw what")
    words.fill("")
    filler.get_by_role("button", name="Submit the order").click()
    expect(filler).to_have_title(re.compile("^Error: "))
    filler.get_by_role("link", name="Cause 1: add at least one piece of evidence").click()
    expect(filler).to_have_url(re.compile("#id_causes-0-uploads$"))
    prove(filler, tmp_path, script)
    if script:
        # As a box looks whose corner was dragged: HTMX would copy the style, which the CSP blocks.
        filler.locator("#id_remarks").evaluate("box => { box.style.height = '120px' }")
    filler.get_by_role("button", name="Save draft").click()
    expect(filler).not_to_have_title(re.compile("^Error: "))
    expect(filler.locator("#kept")).to_be_in_viewport()
    expect(filler.locator("#kept")).to_contain_text("saved")
    assert not [words for words in said if "inline style" in words]
    filler.get_by_role("button", name="Submit the order").click()
    expect(filler.locator("main")).to_contain_text("问字【")

    judge = sign_in("quality", script=script)
    judge.goto(f"/work-orders/{order.pk}/")
    judge.locator("details.confirm > summary").click()
    judge.get_by_role("button", name="Return with a reason").click()
    expect(judge.get_by_role("alert")).to_contain_text("Write what is missing or wrong.")
    judge.get_by_label("Causes and evidence").check()
    judge.get_by_label("Anomaly").check()
    judge.get_by_label("What is missing or wrong").fill("Say which shift.")
    judge.get_by_role("button", name="Return with a reason").click()
    expect(judge.locator("main")).to_contain_text("Returned")

    filler.reload()
    expect(filler.locator("main section.card > .ch", has_text="To mend")).to_have_count(2)
    filler.get_by_label("Cause", exact=True).fill("The night shift counts papers only.")
    filler.get_by_role("button", name="Remove entry 2").click()
    expect(filler.get_by_role("group", name="Entry 2")).to_have_count(0)
    filler.get_by_role("button", name="Submit the order").click()
    expect(filler.locator("main")).to_contain_text("Submitted")

    finish_measures(order, by=company.people["handler"], now=clock.now())
    second_judge = sign_in("second", script=script)
    second_judge.goto(f"/work-orders/{order.pk}/versions/")
    expect(second_judge.locator("ins").first).to_contain_text("The night shift counts papers only.")
    second_judge.goto(f"/work-orders/{order.pk}/")
    second_judge.get_by_role("button", name="Confirm the order").click()
    expect(second_judge.locator("main")).to_contain_text("Confirmed")
    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED
    assert order.confirmed_by == company.people["second"]
    assert order.submitted_by == company.people["handler"]
    assert order.versions.count() == 2
    assert order.course.count() == 1


def prove(page: Page, folder: Path, script: bool) -> None:
    """Choose a file of evidence: it goes up by itself, or with the form."""
    record = folder / "shift.txt"
    record.write_text("handed over: papers only")
    page.locator("[name=causes-0-uploads]").set_input_files(record)
    if script:
        expect(page.get_by_label("shift.txt", exact=True)).to_be_checked()
