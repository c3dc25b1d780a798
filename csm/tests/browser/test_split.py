"""A complaint beside its list (U-10, U-11): the list keeps its place and its order."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

from playwright.sync_api import Page, Route, expect

from complaints.actions import notes
from complaints.factories import ComplaintFactory
from complaints.models import Complaint, Note
from csm.kit import clock
from csm.tests.browser.conftest import DESK, Company, SignIn

LIST = "/complaints/?through=all"
# A second instead of twenty between two questions.
IMPATIENT = """new MutationObserver(() => document.querySelectorAll("[data-news]:not([data-every])")
    .forEach(line => line.dataset.every = 1)).observe(document, {childList: true, subtree: true})"""
HIDDEN = 'Object.defineProperty(document, "hidden", {get: () => true})'


def made(company: Company, count: int, until: str = "handling") -> list[Complaint]:
    """In the order of the list: the most urgent first."""
    now = clock.now()
    return [
        ComplaintFactory.create(
            branch=company.tree.branch, received_at=now - timedelta(minutes=200 - n), until=until
        )
        for n in range(count)
    ]


def row(page: Page, complaint: Complaint) -> Any:
    return page.locator("table.rows tbody tr", has_text=complaint.number)


def page_of(complaint: Complaint) -> re.Pattern[str]:
    return re.compile(rf"/complaints/{complaint.number}/(\?|$)")


def order(page: Page) -> list[str]:
    return page.locator("table.rows .r-meta .num").all_inner_texts()


def test_u11_open_act_and_go_back_beside_a_list_that_stays(
    company: Company, sign_in: SignIn
) -> None:
    rows = made(company, 4)
    page = sign_in("quality")
    page.goto(LIST)
    before = order(page)
    row(page, rows[1]).locator("a.r-subject").click()
    pane = page.locator("#pane")
    expect(pane.locator("h2.h1")).to_have_text(rows[1].subject)
    assert page.url.endswith(f"&open={rows[1].number}")
    expect(row(page, rows[1])).to_have_attribute("aria-current", "true")

    pane.locator("#move-apologise > summary").click()
    pane.locator("#move-apologise [name=words]").fill("抱歉。")
    pane.locator("#move-apologise form button.btn-primary").click()
    expect(pane.locator("[data-said]")).to_have_text("The apology is recorded.")
    expect(row(page, rows[1])).to_contain_text("Late")
    assert order(page) == before
    assert Complaint.objects.get(pk=rows[1].pk).apologised_at

    pane.locator("#note [name=text]").fill("noch nicht")
    row(page, rows[3]).locator("a.r-subject").click()
    expect(pane.locator("h2.h1")).to_have_text(rows[3].subject)
    row(page, rows[1]).locator("a.r-subject").click()
    expect(pane.locator("#note [name=text]")).to_have_value("noch nicht")

    page.go_back()
    expect(pane).to_be_hidden()
    assert page.url.endswith(LIST)
    page.go_forward()
    expect(pane.locator("h2.h1")).to_have_text(rows[1].subject)
    page.reload()
    expect(pane.locator("h2.h1")).to_have_text(rows[1].subject)
    pane.press("Escape")
    expect(pane).to_be_hidden()

    page.get_by_role("button", name="Beside the list").click()
    row(page, rows[2]).locator("a.r-subject").click()
    expect(page.locator("h1")).to_have_text(rows[2].subject)
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto(f"{LIST}&open={rows[0].number}")
    expect(page.locator("h1")).to_have_text(rows[0].subject)


def test_u11_a_part_of_the_complaint_does_not_stop_the_next_one(
    company: Company, sign_in: SignIn
) -> None:
    """What is fetched for a piece of the pane is no reason to forget what the pane waits for."""
    first, second = made(company, 2)
    page = sign_in("quality")
    page.goto(LIST)
    held: list[Route] = []
    page.route(page_of(second), partial(list.append, held))
    row(page, first).locator("a.r-subject").click()
    title = page.locator("#pane h2.h1")
    expect(title).to_have_text(first.subject)
    with page.expect_request(page_of(second)):
        row(page, second).locator("a.r-subject").click()
    page.evaluate("htmx.ajax('GET', '/healthz', {source: '#note', target: '#note', swap: 'none'})")
    held[0].continue_()
    expect(title).to_have_text(second.subject)


def test_u11_a_complaint_that_does_not_come_is_said_and_nothing_typed_is_lost(
    company: Company, sign_in: SignIn
) -> None:
    first, second = made(company, 2)
    page = sign_in("quality")
    page.goto(LIST)
    page.route(page_of(second), lambda route: route.abort())
    row(page, first).locator("a.r-subject").click()
    pane = page.locator("#pane")
    pane.locator("#note [name=text]").fill("noch nicht")
    row(page, second).locator("a.r-subject").click()
    expect(pane).to_have_text(re.compile("This complaint could not be fetched."))
    link = pane.get_by_role("link", name="Open it on a page of its own")
    expect(link).to_have_attribute("href", page_of(second))
    row(page, first).locator("a.r-subject").click()
    expect(pane.locator("#note [name=text]")).to_have_value("noch nicht")


def test_u09_a_conflict_beside_the_list_is_solved_there(company: Company, sign_in: SignIn) -> None:
    """The slower of two people loses no character, and applies with one click."""
    [complaint] = made(company, 1)
    page = sign_in("quality")
    page.goto(LIST)
    row(page, complaint).locator("a.r-subject").click()
    pane = page.locator("#pane")
    pane.locator("#move-transfer > summary").click()
    pane.locator("#move-transfer [name=branch]").select_option(str(company.tree.sibling.pk))
    pane.locator("#move-transfer [name=reason]").fill("Ours by mistake,\nsaid “Suzhou”.")
    other = sign_in("manager")
    other.goto(f"/complaints/{complaint.number}/?move=apologise")
    other.locator("#move-apologise [name=words]").fill("Sorry.")
    other.locator("#move-apologise form button.btn-primary").click()
    expect(other.locator("main")).to_contain_text("The apology is recorded.")

    pane.locator("#move-transfer form button:not([type=reset])").click()
    expect(pane.locator("#conflict")).to_contain_text("孙伟 saved at")
    expect(pane.locator("#conflict")).to_contain_text("said “Suzhou”.")
    pane.get_by_role("button", name="Use mine all the same").click()
    expect(pane.locator("[data-said]")).to_have_text("Transferred.")
    moved = Complaint.objects.get(pk=complaint.pk)
    assert moved.branch == company.tree.sibling
    reason = moved.hand_overs.latest("pk").reason
    assert reason.splitlines() == ["Ours by mistake,", "said “Suzhou”."]


def test_u10_twenty_changes_move_no_row_and_are_said_once(
    company: Company, sign_in: SignIn
) -> None:
    rows = made(company, 14)
    page = sign_in("quality")
    page.context.add_init_script(IMPATIENT)
    page.set_viewport_size({"width": 1280, "height": 480})
    page.goto(LIST)
    page.mouse.wheel(0, 300)
    row(page, rows[8]).hover()
    page.wait_for_timeout(200)
    place = row(page, rows[8]).bounding_box()
    handler = company.people["handler"]
    for n in range(15):
        notes.write(complaint=rows[n % 14], text=f"{n}", by=handler, now=clock.now())
    made(company, 5, until="received")
    line = page.locator("#results .news")
    expect(line).to_contain_text("19 complaints are new or changed", timeout=5000)
    assert row(page, rows[8]).bounding_box() == place
    assert Note.objects.count() == 15

    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    row(page, rows[0]).locator("a.r-subject").click()
    page.locator("#note [name=text]").fill("kept")
    notes.write(complaint=rows[0], text="mehr", by=handler, now=clock.now())
    news = page.locator("#pane .head-news")
    expect(news).to_contain_text("Changed by 周敏")
    news.get_by_role("link").click()
    expect(page.locator("#pane .time")).to_contain_text("mehr")
    expect(page.locator("#note [name=text]")).to_have_value("kept")


def questions(page: Page) -> int:
    """How often an open list asks for news in six seconds."""
    page.goto(LIST)
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.wait_for_timeout(6200)
    return sum("/complaints/news/" in url for url in urls)


def test_u10_a_hidden_tab_asks_a_third_as_often(company: Company, sign_in: SignIn) -> None:
    """20 s while it is seen, so 60 s at least while it is hidden."""
    made(company, 1)
    page = sign_in("quality")
    page.context.add_init_script(IMPATIENT)
    assert 4 <= questions(page) <= 6
    page.context.add_init_script(HIDDEN)
    assert 1 <= questions(page) <= 2
