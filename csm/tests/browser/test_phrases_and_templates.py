"""Texts that stand ready: they go where nobody has typed, or where the cursor is."""

from playwright.sync_api import expect

from complaints.actions.phrases import create
from complaints.factories import CategoryFactory, ComplaintFactory
from csm.tests.browser.conftest import Company, SignIn


def test_the_intake_begins_as_the_category_asks_and_spares_what_was_typed(
    company: Company, sign_in: SignIn
) -> None:
    broken = CategoryFactory.create(
        intake_hints="Photos", intake_text="Pieces:\nDamage:", intake_severity="high"
    )
    page = sign_in("desk")
    page.goto("/complaints/new/")
    page.select_option("[name=category]", str(broken.pk))
    expect(page.locator("#intake-template")).to_contain_text("Photos")
    expect(page.locator("[name=description]")).to_have_value("Pieces:\nDamage:")
    expect(page.locator("[name=severity]")).to_have_value("high")
    page.select_option("[name=category]", str(company.category.pk))
    expect(page.locator("[name=description]")).to_have_value("")
    expect(page.locator("[name=severity]")).to_have_value("normal")

    page.fill("[name=description]", "Typed.")
    page.select_option("[name=severity]", "low")
    page.select_option("[name=category]", str(broken.pk))
    expect(page.locator("#intake-template")).to_contain_text("Photos")
    expect(page.locator("[name=description]")).to_have_value("Typed.")
    expect(page.locator("[name=severity]")).to_have_value("low")


def test_a_canned_reply_goes_in_at_the_cursor(company: Company, sign_in: SignIn) -> None:
    handler = company.people["handler"]
    complaint = ComplaintFactory.create(
        branch=company.tree.branch, handler=handler, until="handling"
    )
    create(name="Paid", text="{number} is paid.", by=handler)
    page = sign_in("handler")
    page.goto(f"/complaints/{complaint.number}/?move=answer")
    words = page.locator("#move-answer [name=result]")
    words.fill("Good day.  Bye.")
    words.evaluate("field => field.setSelectionRange(10, 10)")
    page.locator("#answer_phrase").select_option(label="Paid")
    page.locator("#move-answer [name=insert]").click()
    expect(words).to_have_value(f"Good day. {complaint.number} is paid. Bye.")
    expect(words).to_be_focused()
    page.locator("#move-answer [name=at]").press("Enter")
    expect(page.locator("main")).to_contain_text("The result is recorded.")
