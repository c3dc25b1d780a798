"""U-02: a quality manager triages thirty complaints without a mouse, beside the list."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from complaints.factories import ComplaintFactory
from complaints.models import Complaint, Event
from csm.kit import clock
from csm.tests.browser.conftest import Company, SignIn

COUNT = 30


def triage(page: Page, complaint: Complaint, branch: str) -> None:
    """`a`, the branch by its letters, the category by an arrow, Enter."""
    pane = page.locator("#pane")
    expect(pane.locator("h2.h1")).to_have_text(complaint.subject)
    page.keyboard.press("a")
    expect(pane.locator("#move-triage [name=branch]")).to_be_focused()
    page.keyboard.type(branch)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(pane.locator("[data-said]")).to_have_text("Judged valid and assigned.")


def test_u02_thirty_complaints_are_triaged_by_keyboard_alone(
    company: Company, sign_in: SignIn
) -> None:
    now = clock.now()
    rows = [
        ComplaintFactory.create(
            branch=company.tree.headquarters, received_at=now - timedelta(minutes=40 - n)
        )
        for n in range(COUNT)
    ]
    page = sign_in("quality")
    page.goto("/complaints/?through=all&status=received")
    shown = page.locator("table.rows .r-meta .num")
    assert shown.all_inner_texts() == [row.number for row in rows]
    page.keyboard.press("j")
    page.keyboard.press("o")
    target = f"{company.tree.region.label} / {company.tree.branch.label}"
    for n, complaint in enumerate(rows):
        if n:
            page.keyboard.press("j")
        triage(page, complaint, target)
    expect(page.locator("table.rows tr.cursor")).to_contain_text("Assigned")
    assert shown.all_inner_texts() == [row.number for row in rows], "no row has moved"
    done = Complaint.objects.filter(status="assigned", branch=company.tree.branch)
    assert done.filter(category=company.category).count() == COUNT
    judged = Event.objects.filter(kind="judged_valid", by=company.people["quality"])
    assert judged.count() == COUNT
