"""Three questions on a phone, by the link of a letter, without login or script (T-05)."""

import re
from typing import Any

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from csm.kit import clock
from csm.tests.browser.conftest import PHONE, Company
from csm.tests.browser.test_every_page import faults
from csm.tests.mailbox import Mailbox
from organisation.actions import letter_delivery
from organisation.factories import PersonFactory
from staff import factories as staff
from staff.actions import awareness
from staff.models import AskedPerson


def test_t05_who_was_drawn_answers_on_a_phone_without_login(
    company: Company,
    browser: Browser,
    live_server: LiveServer,
    smtp: Mailbox,
    settings: Any,
) -> None:
    settings.QUIET_FROM = settings.QUIET_UNTIL = None
    branch, now, quality = company.tree.sibling, clock.now(), company.people["quality"]
    for name in ("一", "二"):
        PersonFactory.create(branch=branch, name=name, email=f"{name}@example.com", language="")
    told: dict[str, Any] = {"by": company.people["handler"], "reviewer": quality, "now": now}
    report = staff.report(company.tree.branch, until="published", **told)
    awareness.draw(report=report, by=quality, now=now)
    letter_delivery.deliver(now=now)
    links = [re.search(r"/aware/\S+", mail.get_content()) for mail in smtp.messages]
    paths = [found[0] for found in links if found]
    right = [question.right for question in staff.QUESTIONS]
    for path, script in zip(paths[:2], (True, False), strict=True):
        phone = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN" if script else "en-GB",
            viewport=PHONE,  # type: ignore[arg-type]
            java_script_enabled=script,
        ).new_page()
        phone.goto(path)
        if script:
            assert faults(phone) == []
        send = phone.locator("main form button")
        send.click()
        expect(phone.locator("#errors li")).to_have_count(3)
        for answer in right:
            phone.get_by_label(answer).check()
        phone.locator("main form button").click()
        expect(phone.locator("h1")).to_have_text("谢谢您" if script else "Thank you")
        phone.context.close()
    assert AskedPerson.objects.filter(is_aware=True, typed_by=None).count() == 2
