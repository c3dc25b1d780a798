"""Periods and disputes on a desk and on a phone, in both languages (R-01, U-01, U-04)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.models import Timer
from csm.kit import clock
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import LOCALES, faults
from reports import standings
from reports.actions import disputes, periods
from reports.models import ClosingRule
from reports.tests.histories import DAY, history

Pages = dict[str, list[str]]


@pytest.fixture
def pages(company: Company) -> Pages:
    """Addresses by who looks: a period in each stage, disputes open, decided and withdrawn."""
    branch, people, now = company.tree.branch, company.people, clock.now()
    week = standings.current(now, "week").previous
    ClosingRule.objects.create(
        dispute_hours=336, created_at=week.start - 40 * DAY, created_by=people["admin"]
    )
    old = week.previous
    history(branch, {"result": "met"}, at=old.start + DAY)
    periods.close(period=old.key, now=now, by=people["quality"])
    history(branch, {"apology": "breached"}, at=old.start + DAY)
    reason = "补录一件迟到的投诉，原记录在纸上"
    periods.revise(period=old.key, reason=reason, by=people["quality"], now=now)
    late = [history(branch, {"result": "breached"}, at=week.start + DAY) for _each in range(4)]
    made = [
        disputes.raise_(
            complaint=complaint,
            timer=Timer.objects.get(complaint=complaint),
            words="当日 14:00 至 17:00 系统停机，结果已用电话告知客户，录音见附件。",
            by=people["manager"],
            now=now,
            uploads=[SimpleUploadedFile("通话记录.txt", "已告知".encode())],
        )
        for complaint in late[:3]
    ]
    disputes.decide(
        dispute=made[1], is_granted=True, words="停机属实", code="system_failure",
        by=people["quality"], now=now,
    )  # fmt: skip
    disputes.withdraw(dispute=made[2], by=people["manager"], now=now)
    about = disputes.raise_(complaint=late[3], words="已转苏州", by=people["manager"], now=now)
    week_page = f"/rankings/periods/{week.key}/"
    return {
        "manager": [
            *("/rankings/periods/", week_page, f"{week_page}late/WX/"),
            *("/rankings/disputes/", "/rankings/disputes/?status=declined"),
            f"/complaints/{late[3].number}/disputes/",
            f"/complaints/{late[2].number}/disputes/",
            f"/rankings/disputes/{made[1].pk}/",
        ],
        "quality": [
            f"/rankings/?period={old.key}",
            f"/rankings/periods/{old.key}/",
            *(f"{week_page}freeze/", f"/rankings/periods/{old.key}/revise/"),
            *(f"/rankings/disputes/{made[0].pk}/", f"/rankings/disputes/{about.pk}/"),
        ],
        "admin": ["/settings/closing/"],
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_u01_axe_finds_nothing_and_u04_nothing_overflows_on_periods_and_disputes(
    pages: Pages, sign_in: SignIn, locale: str
) -> None:
    found: dict[str, list[str]] = {}
    for username, addresses in pages.items():
        page = sign_in(username, locale=locale)
        for address in addresses:
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                if wrong := faults(page):
                    found[f"{address} {size['width']}"] = wrong
    assert found == {}
