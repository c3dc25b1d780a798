"""A quality manager brings the complaints of another system along, and takes them back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from complaints.background import RUNNERS
from complaints.models import Complaint
from csm.kit import clock
from csm.tests.browser.conftest import Company, SignIn
from organisation.actions import jobs

ROWS = """编号;投诉时间;主题;渠道;平台
A-1;2026年3月2日 10:00;货物破损;来电;WX
A-2;2026年3月3日 10:00;货物延误;来电;WX
A-3;昨天;货物丢失;来电;WX
"""


def work() -> None:
    """What the worker does within seconds."""
    jobs.run_due(runners=RUNNERS, now=clock.now())


def to_columns(page: Page, path: Path) -> None:
    page.goto("/settings/")
    page.get_by_role("link", name="Imports", exact=True).click()
    page.get_by_role("link", name="Upload a file").click()
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Upload the file").click()
    expect(page.locator("h1")).to_have_text("What the columns mean")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_u21_from_a_file_to_complaints_and_back(
    company: Company, sign_in: SignIn, tmp_path: Path, script: bool
) -> None:
    path = tmp_path / "旧系统.csv"
    path.write_text(ROWS, encoding="gb18030")
    page = sign_in("quality", script=script)
    to_columns(page, path)
    expect(page.locator("[name=encoding]")).to_have_value("gb18030")
    expect(page.locator("[name=column_received_at]")).to_have_value("投诉时间")
    expect(page.locator("#mapping")).to_contain_text("货物破损")
    page.locator("[name=encoding]").select_option("big5")
    if not script:
        page.get_by_role("button", name="Show again").click()
    expect(page.locator("#mapping")).not_to_contain_text("货物破损")
    page.locator("[name=encoding]").select_option("gb18030")
    if not script:
        page.get_by_role("button", name="Show again").click()
    expect(page.locator("#mapping")).to_contain_text("货物破损")

    page.get_by_role("button", name="Check the file").last.click()
    expect(page.locator(".errors")).to_contain_text("Name the source.")
    page.fill("[name=source]", "old-crm")
    expect(page.get_by_label("来电")).to_have_value("phone")
    page.get_by_role("button", name="Check the file").last.click()
    expect(page.locator("#state")).to_contain_text("Being checked")
    work()
    look_again(page, script)
    start = page.get_by_role("button", name="Import 2 complaints")
    expect(start).to_be_visible()
    expect(page.locator("#state")).to_contain_text("“昨天” is not a time.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all rejected rows").click()
    assert "A-3" in download.value.path().read_text(encoding="utf-8-sig")

    start.click()
    expect(page.locator("#state-title")).to_have_text("Being imported")
    work()
    look_again(page, script)
    expect(page.locator("#state-title")).to_have_text("Imported")
    assert Complaint.objects.count() == 2

    page.locator("details.confirm > summary").click()
    page.fill("[name=reason]", "The wrong file")
    page.locator("details.confirm button:not([type=reset])").click()
    work()
    look_again(page, script)
    expect(page.locator("#state")).to_contain_text("took 2 complaints back")
    assert not Complaint.objects.exists()


def look_again(page: Page, script: bool) -> None:
    """The page asks by itself every two seconds; without script its person does."""
    if not script:
        page.get_by_role("link", name="Look again").click()
