"""A number is typed at intake, and it stands there who is calling (K-26)."""

from playwright.sync_api import expect

from csm.kit import clock
from csm.tests.browser.conftest import Company, SignIn
from customers.factories import CustomerFactory
from customers.models import ChurnRisk, Customer


def test_k26_from_the_number_to_the_customer_the_risk_and_what_to_say(
    company: Company, sign_in: SignIn
) -> None:
    """In place; then the whole page in a window of its own, with what is loaded into it."""
    now = clock.now()
    customer = CustomerFactory.create(
        home_branch=company.tree.branch, name="徐州矿山装备", phone="13912345678"
    )
    Customer.objects.filter(pk=customer.pk).update(stage="decline", quadrant="silent")
    ChurnRisk.objects.create(customer=customer, points=60, level="red", since=now, checked_at=now)
    page = sign_in("desk")
    page.goto("/complaints/new/")
    page.fill("[name=contact_phone]", "13912345678")
    look = page.locator("#customer-look")
    expect(look).to_contain_text("Silent protester")
    expect(look).to_contain_text("Red 60")
    expect(look).to_contain_text("Ask why, mend it, and make an offer to stay.")
    with page.expect_popup() as opened:
        look.get_by_role("link", name="徐州矿山装备").click()
    card = opened.value
    expect(card.locator("h1")).to_have_text("徐州矿山装备")
    expect(card.locator("#customer-open")).to_contain_text("Nothing is open with this customer.")
    card.get_by_role("link", name="Visits", exact=True).click()
    expect(card.locator("#timeline")).to_contain_text("Nothing of this kind")
    expect(page.locator("[name=contact_phone]")).to_have_value("13912345678")
