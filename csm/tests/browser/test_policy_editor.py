"""The policy editor with its script: rows come and go without losing a word; then recalculating."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from complaints.factories import ComplaintFactory
from complaints.models import Policy, Timer
from csm.tests.browser.conftest import Company, SignIn

STEP = "[name=result-steps-5-{name}]"


def test_a_step_is_added_previewed_saved_and_given_to_running_clocks(
    company: Company, sign_in: SignIn
) -> None:
    complaint = ComplaintFactory.create(branch=company.tree.branch)
    policy = Policy.objects.last_resort().get()
    count = policy.revisions.count()
    page = sign_in("admin")
    page.goto(f"/settings/policies/{policy.pk}/edit/")
    page.fill("#id_result-duration", "12")
    write_step(page)

    # Another row, and the page around it stands as it was typed.
    page.click("#add-result")
    expect(page.locator("[name=result-steps-6-amount]")).to_be_visible()
    expect(page.locator("#id_result-duration")).to_have_value("12")
    expect(page.locator(STEP.format(name="amount"))).to_have_value("2")
    expect(page.locator(STEP.format(name="roles") + ":checked")).to_have_count(1)

    page.get_by_role("button", name="Preview").last.click()
    told = page.locator("#preview .course", has_text="Result").locator("li")
    expect(told.filter(has_text="高启明")).to_contain_text("2 h after the deadline")
    assert policy.revisions.count() == count

    page.get_by_role("button", name="Save the policy").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(policy.name)
    assert length(complaint.pk) == timedelta(hours=24)
    page.get_by_role("link", name="Recalculate").click()
    page.get_by_label("I have looked").check()
    page.get_by_role("button", name="Recalculate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(policy.name)
    assert length(complaint.pk) == timedelta(hours=12)


def write_step(page: Page) -> None:
    page.fill(STEP.format(name="amount"), "2")
    page.locator("fieldset", has=page.locator(STEP.format(name="amount"))).locator(
        "summary"
    ).click()
    page.check(STEP.format(name="roles") + "[value=executive]")


def length(complaint: int) -> timedelta:
    timer = Timer.objects.get(complaint=complaint, kind="result")
    return timer.due_at - timer.started_at
