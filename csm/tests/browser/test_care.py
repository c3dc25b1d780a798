"""What is done for the customer, in a browser: the card of a complaint, and its pages."""

from decimal import Decimal

import pytest

from complaints.actions import challenges, delay_prices, recoveries, recovery_rules
from complaints.factories import ComplaintFactory
from complaints.models import Complaint, Recovery
from csm.kit import clock
from csm.tests.browser.conftest import DESK, PASSWORD, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import faults
from organisation.factories import PersonFactory
from organisation.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "#care"


@pytest.fixture
def complaint(company: Company) -> Complaint:
    """Answered: its customer was given something, asked for more, and doubts the result."""
    handler, now = company.people["handler"], clock.now()
    made = ComplaintFactory.create(
        branch=company.tree.branch,
        handler=handler,
        quality=company.people["quality"],
        category=company.category,
        until="answered",
    )
    offer = recovery_rules.create_offer(
        name="餐券", name_en="Meal voucher", kind="gift", unit_value=Decimal(150), by=None
    )
    delay_prices.set_price(amount=Decimal(50), by=None, now=now)
    for _number in range(2):
        recoveries.give(complaint=made, offer=offer, words="致歉", by=handler, now=now)
    voice = PersonFactory.create(
        username="voice",
        name="丁宁",
        branch=company.tree.region,
        role=Role.CUSTOMER_REPRESENTATIVE,
        password=PASSWORD,
        language="",
    )
    challenges.challenge(complaint=made, words="客户没有收到货", by=voice, now=clock.now())
    return made


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_u01_axe_finds_nothing_on_the_pages_for_the_customer(
    locale: str, complaint: Complaint, company: Company, sign_in: SignIn
) -> None:
    number = f"/complaints/{complaint.number}/"
    asked = Recovery.objects.get(status="asked")
    challenge = complaint.challenges.get()
    common = (
        *(number, f"{number}recoveries/", f"{number}recoveries/{asked.pk}/"),
        *(
            "/recoveries/",
            "/delay-cost/",
            "/delay-cost/?month=2020-01",
            "/recoveries/?month=2020-01",
        ),
        *(f"/delay-cost/{company.tree.branch.pk}/", "/help/recovery/"),
        *(f"{number}challenges/", f"{number}challenges/{challenge.pk}/"),
    )
    settings = ("/settings/recovery/", "/settings/recovery/new/", "/settings/recovery/limits/")
    visits = {
        "quality": common,
        "voice": (number, f"{number}challenges/"),
        "admin": (*settings, "/settings/delay-price/"),
    }
    found: dict[str, list[str]] = {}
    for username, addresses in visits.items():
        page = sign_in(username, locale=locale)
        for address in addresses:
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            page.wait_for_load_state("networkidle")
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                if wrong := faults(page):
                    found[f"{username} {address} at {size['width']}"] = wrong
    assert not found


def test_the_card_comes_in_place_and_gives_on_a_phone(
    complaint: Complaint, sign_in: SignIn
) -> None:
    page = sign_in("manager", size=PHONE)
    page.goto(f"/complaints/{complaint.number}/")
    card = page.locator(CARD)
    card.get_by_text("Given so far:").wait_for()
    card.get_by_text("Give the customer something").click()
    card.locator("select").select_option(label="Meal voucher (¥150)")
    card.locator("textarea").fill("再次致歉")
    card.get_by_role("button", name="Give it").click()
    page.get_by_text("Given.", exact=True).wait_for()
    assert Recovery.objects.filter(status="given").count() == 2


def test_u06_without_script_the_card_leads_to_a_page_that_does_the_same(
    complaint: Complaint, sign_in: SignIn
) -> None:
    page = sign_in("manager", script=False)
    page.goto(f"/complaints/{complaint.number}/")
    assert "1 challenge waits for its answer" in page.locator(CARD).inner_text()
    page.locator(CARD).get_by_role("link", name="Service recovery").click()
    page.locator("details#give summary").click()
    page.locator("#recovery_offer").select_option(label="Meal voucher (¥150)")
    page.locator("#recovery_words").fill("再次致歉")
    page.get_by_role("button", name="Give it").click()
    assert page.url.endswith(f"/complaints/{complaint.number}/")
    assert Recovery.objects.filter(status="given").count() == 2
