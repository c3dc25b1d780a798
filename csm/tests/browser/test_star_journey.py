"""A service star, elected by customers through the links in their letters (T-11, F-20)."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from csm.kit import clock
from csm.tests.browser.conftest import PASSWORD, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import faults
from csm.tests.mailbox import Mailbox
from organisation.actions import letter_delivery
from organisation.factories import PersonFactory
from organisation.models import Person, Role
from staff import star_factories as factories
from staff.actions import star_counting
from staff.models import PointEntry, StarBallot, StarElection

VOTERS, DAY = 12, timedelta(days=1)
STORY = "客户夜里来电，货卡在中转站；她连夜找到货，第二天一早送到门口。"


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/vote/[^\s]+)", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


@pytest.fixture
def candidate(company: Company) -> Person:
    return PersonFactory.create(
        name="吴芳", branch=company.tree.sibling, role=Role.HANDLER, password=PASSWORD
    )


def sent(smtp: Mailbox, now: datetime) -> list[EmailMessage]:
    """The ballots among what arrives when the sweeps of that moment have run."""
    smtp.messages.clear()
    star_counting.advance(now=now)
    letter_delivery.deliver(now=now)
    return [mail for mail in smtp.messages if "/vote/" in mail.get_content()]


def test_t11_customers_elect_a_star_by_links_from_their_letters(
    company: Company,
    candidate: Person,
    sign_in: SignIn,
    browser: Browser,
    live_server: LiveServer,
    smtp: Mailbox,
    settings: object,
) -> None:
    settings.QUIET_FROM = settings.QUIET_UNTIL = None  # type: ignore[attr-defined]
    places, now = company.tree, clock.now()
    for username, role in (("resources", Role.HUMAN_RESOURCES), ("boss", Role.GENERAL_MANAGER)):
        PersonFactory.create(
            username=username,
            branch=places.headquarters,
            role=role,
            password=PASSWORD,
            language="",
        )
    quarter = factories.last_quarter(now)
    complaint, *_others = (
        factories.served(places.branch, email=f"kh{n}@example.com", now=quarter.start + DAY)
        for n in range(VOTERS)
    )
    last_on = quarter.following.last_on

    page = sign_in("resources", locale="zh-CN")
    page.goto("/staff/stars/new/")
    page.select_option("[name=quarter]", quarter.key)
    page.select_option("[name=branch]", str(places.region.pk))
    page.fill("[name=last_on]", last_on.isoformat())
    page.fill("[name=prize]", "荣誉证书")
    page.fill("[name=prize_cost]", "0")
    page.get_by_role("button", name="准备评选").click()
    election = StarElection.objects.get()

    chief = sign_in("manager", locale="zh-CN", script=False)
    chief.goto(f"/staff/stars/{election.pk}/candidates/new/")
    chief.select_option("[name=branch]", str(places.branch.pk))
    chief.select_option("[name=candidate]", str(company.people["handler"].pk))
    chief.fill("[name=story]", f"{STORY}客户{complaint.customer}很满意。")
    chief.fill("[name=complaint]", complaint.number)
    chief.locator("main form button").first.click()
    expect(chief.locator("main")).to_contain_text("客****")
    factories.candidate(election, candidate, places.sibling, now=now)

    page.goto(f"/staff/stars/{election.pk}/")
    page.get_by_role("button", name="开始投票").click()
    expect(page.locator("main")).to_contain_text("投票中")
    mails = sent(smtp, clock.now())
    assert len({mail["To"] for mail in mails}) == VOTERS
    assert sent(smtp, clock.now()) == []

    for mail, script in zip(mails[:2], (True, False), strict=True):
        phone = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            viewport=PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
        ).new_page()
        phone.goto(link_in(mail))
        expect(phone.locator("main")).to_contain_text(STORY)
        if script:
            assert faults(phone) == []
        phone.locator("input[name=choice]").first.check()
        phone.get_by_role("button", name="投票").click()
        expect(phone.locator("h1")).to_have_text("感谢您的投票")
        phone.context.close()
    [wuxi, _suzhou] = election.candidates.order_by("pk")
    for n, mail in enumerate(mails[2:]):
        choice = "none" if n < 3 else wuxi.pk
        assert Client().post(link_in(mail), {"choice": choice}).status_code == 303
    assert Client().post(link_in(mails[0]), {"choice": "none"}).status_code == 410
    page.reload()
    expect(page.locator("main")).not_to_contain_text("75.0%")

    over = election_over(election)
    star_counting.advance(now=over)
    director = sign_in("boss", locale="zh-CN")
    director.goto(f"/staff/stars/{election.pk}/")
    expect(director.locator("main")).to_contain_text("9 / 12")
    assert faults(director) == []
    director.get_by_role("button", name="公布结果").click()
    expect(director.locator("#star-title")).to_contain_text("周敏")
    entry = PointEntry.objects.get()
    assert (entry.person, entry.points) == (company.people["handler"], 50)
    assert StarBallot.objects.exclude(voted_at=None).count() == VOTERS
    shown = Client(headers={"accept-language": "zh-CN"}).get(link_in(mails[0]))
    assert "周敏" in shown.content.decode()


def election_over(election: StarElection) -> datetime:
    """Its end, brought forward: the page that decides asks the database for the time."""
    now = clock.now()
    StarElection.objects.filter(pk=election.pk).update(ends_at=now)
    return now
