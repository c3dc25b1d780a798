"""A number is typed at intake, it stands there who is calling, and a visit is planned (K-26)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from csm.kit import clock
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from customers.factories import CustomerFactory
from customers.models import ChurnRisk, Customer, Visit


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_k26_from_the_number_to_the_customer_the_risk_what_to_say_and_a_visit(
    company: Company, sign_in: SignIn, size: dict[str, int]
) -> None:
    """In place; then the whole page in a window of its own, and on from there (K-14)."""
    now = clock.now()
    customer = CustomerFactory.create(
        home_branch=company.tree.branch, name="徐州矿山装备", phone="13912345678"
    )
    Customer.objects.filter(pk=customer.pk).update(stage="decline", quadrant="silent")
    ChurnRisk.objects.create(customer=customer, points=60, level="red", since=now, checked_at=now)
    page = sign_in("desk", size=size)
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
    card.get_by_role("link", name="Plan a visit").click()
    on = timezone.localdate(now) + timedelta(days=3)
    card.fill("[name=on]", f"{on}")
    card.select_option("[name=purpose]", "problem")
    card.fill("[name=aim]", "Win the customer back")
    card.get_by_role("button", name="Save the visit").click()
    expect(card.get_by_text("The visit is planned.")).to_be_visible()
    expect(card.locator("main")).to_contain_text("Win the customer back")
    made = Visit.objects.get()
    assert (made.customer_id, made.on, made.owner) == (customer.pk, on, company.people["desk"])
    card.goto(f"/customers/visits/?month={on:%Y-%m}")
    expect(card.locator("table.month")).to_contain_text("徐州矿山装备")
