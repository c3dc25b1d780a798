"""One survey of sixty customers, from the draw to the change that an order made (S-01 … S-05)."""

import re
from datetime import timedelta
from email.message import EmailMessage

from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from complaints.models import DissatisfiedItem
from csm.kit import clock
from csm.tests.browser.conftest import PHONE, Company, SignIn
from csm.tests.mailbox import Mailbox
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import jobs, letter_delivery
from surveys import factories
from surveys.actions import closed_loop, sending
from surveys.background import RUNNERS
from surveys.models import Invitation, Response, Survey

CUSTOMERS, ANSWERED = 60, 40
DAY = timedelta(days=1)
SURVEY = {
    "name": "年度满意度",
    "method": "online",
    "margin": "5",
    "size": str(CUSTOMERS),
    "cool_down_days": "30",
    "remind_every_days": "3",
    "remind_at_most": "1",
    "open_for_days": "14",
    "delay_hours": "24",
}
GOOD = {"q-total": "9", "q-recommend": "9", "asked": ["total", "recommend", "wish"], "do": "send"}


def link_in(mail: EmailMessage) -> str:
    """The path of the sheet that a mail leads to."""
    found = re.search(r"https?://[^/\s]+(/s/[^\s]+)", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def sent(smtp: Mailbox, now: object) -> list[EmailMessage]:
    """What arrives when the sweeps of that moment have run."""
    smtp.messages.clear()
    sending.send(now=now)  # type: ignore[arg-type]
    letter_delivery.deliver(now=now)  # type: ignore[arg-type]
    return list(smtp.messages)


def phone(browser: Browser, live_server: LiveServer, *, script: bool) -> Page:
    return browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=script,
    ).new_page()


def answer(page: Page, path: str, total: str, *, why: str = "") -> None:
    """As a customer does it on a phone."""
    page.goto(path)
    page.locator(f"input[name=q-total][value='{total}']").check(force=True)
    if why:
        page.fill("[name=why-total]", why)
    page.get_by_role("button", name="提交").click()
    expect(page.locator("h1")).to_have_text("谢谢您")


def test_s05_sixty_customers_are_asked_and_a_low_answer_is_closed(
    company: Company, sign_in: SignIn, browser: Browser, live_server: LiveServer, smtp: Mailbox
) -> None:
    now, top = clock.now(), company.tree.headquarters
    for n in range(CUSTOMERS):
        CustomerFactory.create(email=f"c{n}@example.com", home_branch=company.tree.branch)
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(company.people["quality"])
    edition = factories.edition(top, now=now)
    desk.post("/surveys/new/", SURVEY | {"edition": edition.pk, "branch": top.pk})
    survey = Survey.objects.get()
    for act in ("draw", "open"):
        survey.refresh_from_db()
        desk.post(f"/surveys/{survey.pk}/{act}/", {"version": survey.version})
        jobs.run_due(runners=RUNNERS, now=clock.now())
    assert survey.invitations.count() == CUSTOMERS

    mails = sent(smtp, clock.now())
    assert len({mail["To"] for mail in mails}) == CUSTOMERS
    low, high, *others = mails
    answer(phone(browser, live_server, script=False), link_in(low), "6", why="异常响应速度较慢")
    answer(phone(browser, live_server, script=True), link_in(high), "10")
    for mail in others[:ANSWERED]:
        assert Client().post(link_in(mail), GOOD).status_code == 303
    called = Invitation.objects.filter(status="sent").earliest("pk")
    page = sign_in("quality")
    page.goto(f"/surveys/invitations/{called.pk}/enter/")
    page.locator("input[name=q-total][value='8']").check(force=True)
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.locator("main")).to_contain_text("as typed in by you")
    assert list(
        Response.objects.order_by().values_list("source").distinct().order_by("source")
    ) == [
        ("customer",),
        ("phone",),
    ]

    reminded = sent(smtp, clock.now() + 3 * DAY)
    assert len(reminded) == CUSTOMERS - ANSWERED - 3
    assert sent(smtp, clock.now() + 6 * DAY) == []
    stopping = phone(browser, live_server, script=False)
    stopping.goto(f"{link_in(reminded[0])}stop/")
    stopping.get_by_role("button", name="不再接受调查").click()
    assert Customer.objects.filter(declines_surveys_at__isnull=False).count() == 1

    [item] = DissatisfiedItem.objects.all()
    assert (item.opinion, str(item.score)) == ("异常响应速度较慢", "6.00")
    first = Invitation.objects.get(response__answers__dissatisfied_item=item)
    factories.put_right(first, clock.now())
    assert closed_loop.ask_again(now=clock.now() + 2 * DAY) == 1
    [again] = sent(smtp, clock.now() + 2 * DAY)
    assert again["To"] == low["To"]
    asked = phone(browser, live_server, script=True)
    asked.goto(link_in(again))
    expect(asked.locator("main")).to_contain_text("我们已经整改")
    answer(asked, link_in(again), "9")

    page = sign_in("quality", locale="zh-CN")
    page.goto(f"/dissatisfied-items/{item.pk}/")
    expect(page.locator("#item-answer")).to_contain_text("有改善")
    # Loaded in place: the reader stays where the order is.
    assert page.url.endswith(f"/dissatisfied-items/{item.pk}/")
    assert Response.objects.filter(completed_at__isnull=False).count() == ANSWERED + 4
