"""Many complaints at once, in the browser, with and without script."""

import pytest
from playwright.sync_api import Page, expect

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.browser.test_every_page import faults


def rows(company: Company, count: int) -> list[str]:
    made = [
        ComplaintFactory.create(branch=company.tree.branch, until="assigned") for _ in range(count)
    ]
    return [complaint.number for complaint in made]


def box(page: Page, number: str) -> None:
    page.get_by_role("checkbox", name=f"Select {number}").check()


def transfer(page: Page, words: str) -> None:
    page.get_by_role("button", name="Transfer", exact=True).click()
    page.select_option("[name=branch]", label="Jiangsu / Suzhou")
    page.fill("[name=reason]", "It lies there.")
    page.get_by_role("button", name=words).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_u06_choose_transfer_undo(company: Company, sign_in: SignIn, script: bool) -> None:
    numbers = rows(company, 3)
    page = sign_in("quality", script=script)
    page.goto("/complaints/")
    bar = page.locator(".bulk")
    expect(bar).to_be_hidden()
    box(page, numbers[0])
    box(page, numbers[1])
    expect(bar).to_be_visible()
    if script:
        expect(bar).to_contain_text("2 chosen")
    transfer(page, "Transfer 2 complaints")
    expect(page.locator("h1")).to_have_text("2 transferred")
    moved = Complaint.objects.filter(branch=company.tree.sibling)
    assert sorted(moved.values_list("number", flat=True)) == sorted(numbers[:2])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("2 undone")
    assert not moved.exists()


def test_u06_page_every_and_shift(company: Company, sign_in: SignIn) -> None:
    numbers = rows(company, 6)
    page = sign_in("quality")
    page.goto("/complaints/?status=assigned")
    boxes = page.locator("[name=number]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator(".bulk")).to_contain_text("4 chosen")
    page.get_by_role("checkbox", name="Select this page").check()
    expect(page.locator(".bulk")).to_contain_text("6 chosen")
    page.get_by_role("button", name="Clear the selection").click()
    expect(page.locator(".bulk")).to_be_hidden()
    boxes.nth(0).check()
    assert faults(page) == []
    page.get_by_role("button", name="Judge valid", exact=True).click()
    assert faults(page) == []
    page.goto("/complaints/?status=assigned")
    boxes.nth(0).check()
    page.get_by_role("checkbox", name="All 6 that match").check()
    # What comes meanwhile was not chosen.
    late = rows(company, 1)
    transfer(page, "Transfer 6 complaints")
    expect(page.locator("h1")).to_have_text("6 transferred")
    left = Complaint.objects.filter(branch=company.tree.branch)
    assert list(left.values_list("number", flat=True)) == late
    assert len(numbers) == 6


def test_u02_no_boxes_on_a_phone(company: Company, sign_in: SignIn) -> None:
    rows(company, 1)
    page = sign_in("quality", size=PHONE)
    page.goto("/complaints/")
    expect(page.locator("a.r-subject")).to_be_visible()
    expect(page.locator("[name=number]")).to_be_hidden()
    expect(page.locator(".bulk")).to_be_hidden()
