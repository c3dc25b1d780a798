"""Control charts in the browser: drawn beside equal tables, nothing for axe to find (U-14)."""

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from complaints.models import Complaint
from csm.kit import clock
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import faults
from reports import series
from reports.actions import summaries
from reports.models import ShipmentDay
from reports.tests.histories import history

DAY = timedelta(days=1)


@pytest.fixture
def weeks(company: Company) -> str:
    """Twenty weeks of Wuxi and Suzhou; Wuxi's newest week is bad, Suzhou ships. Its key."""
    now = clock.now()
    found = series.ended_weeks(now)[-20:]
    for number, week in enumerate(found):
        at = week.start + 3 * DAY
        for place in range(16 if number == 19 else 4 + number % 3):
            how = "breached" if number == 18 or place == 0 else "met"
            history(company.tree.branch, {"result": how}, at=at, category=company.category)
        for _each in range(3 + number % 2):
            history(company.tree.sibling, {"result": "met", "apology": "met"}, at=at)
    summaries.rebuild(now=now)
    ShipmentDay.objects.bulk_create(
        ShipmentDay(day=week.first_on, branch=company.tree.sibling, shipments=9000)
        for week in found
        if week != found[9]
    )
    late = Complaint.objects.filter(received_at__gte=found[19].start, branch=company.tree.branch)
    late.filter(pk__in=late.values("pk")[:3]).update(cycle=2)
    return found[19].key


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_u14_control_charts_stand_beside_equal_tables(
    weeks: str, company: Company, sign_in: SignIn, locale: str
) -> None:
    page = sign_in("quality", locale=locale)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    wrong: list[str] = []
    watched = f"/rankings/watch/?period={weeks}&branch=WX&sign=deadlines"
    for path in ("/rankings/changes/", "/rankings/changes/?branch=SZ", watched):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(path)
            charts = page.locator("[data-chart=control]")
            expect(page.locator("[data-chart=control].is-drawn")).to_have_count(charts.count())
            wrong += [f"{path} {size['width']}: {fault}" for fault in faults(page)]
            if folder := os.environ.get("CSM_SHOTS"):
                name = f"{path[10:15]}{path.count('=')}-{locale}"
                page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
    assert not wrong, "\n".join(wrong)
    assert not told
    page.goto("/rankings/changes/")
    assert page.locator("[data-chart=control]").count() > 0
    assert page.locator("[data-chart] canvas").first.is_visible()
    for place in page.locator("[data-chart]").all():
        assert str(place.get_attribute("data-words")) in (place.get_attribute("aria-label") or "")
