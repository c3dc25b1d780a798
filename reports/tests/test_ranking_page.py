"""The page /rankings/: what stands there, what opens behind it, for whom (U-15, R-01, R-02)."""

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.actions import triage
from complaints.factories import CategoryFactory, ComplaintFactory, quality_manager
from complaints.models import Complaint, Participant, Status, Timer, TimerState
from csm.kit import clock
from csm.kit.periods import Period
from organisation.factories import BranchFactory, PersonFactory, Tree, headquarters, tree
from organisation.models import Person, Role
from reports import standings
from reports.actions import periods
from reports.tests.histories import (
    CLOSING,
    DAY,
    DUE,
    MONDAY,
    NEXT_MONDAY,
    all_four,
    history,
)

pytestmark = pytest.mark.django_db
WEEK = "/rankings/?period=2026-W46"
REGIONS = f"{WEEK}&level=region"
LINK = re.compile(r'<a href="(/complaints/\?[^"]+)">([\d,]+)</a>')
COUNT = re.compile(r'<span class="muted small">(\d+) in all')


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def executive() -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.EXECUTIVE)


def signed_in(person: Person, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    person.language = ""
    person.save()
    client.force_login(person)
    return client


def shown(person: Person, path: str = WEEK) -> str:
    response = signed_in(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> list[tuple[str, int]]:
    return [(unescape(url), int(words.replace(",", ""))) for url, words in LINK.findall(html)]


def opened(client: Client, url: str) -> int:
    """How many complaints the list behind a link holds."""
    found = COUNT.search(client.get(url, headers={"HX-Request": "true"}).content.decode())
    assert found, url
    return int(found[1])


def busy_week(company: Tree) -> None:
    """Every kind of figure: all verdicts, cycles, units of all levels, categories in a tree."""
    late = CategoryFactory.create(code="late")
    very_late = CategoryFactory.create(code="very-late", parent=late)
    others = [CategoryFactory.create() for _number in range(6)]
    units = (company.branch, company.child, company.headquarters)
    for place, unit in enumerate(units):
        for number in range(place + 1):
            history(unit, all_four("met"), category=late)
            history(unit, all_four("breached"), category=very_late)
            history(unit, {"apology": "void"}, status=Status.INVALID, category=others[number])
        reopened = history(unit, all_four("met"), category=others[place])
        history(unit, {"result": "breached"}, cycle=2, complaint=reopened)
        missed = history(unit, all_four("met"), category=others[5])
        history(
            unit,
            {"result": "breached", "callback": "breached"},
            cycle=2,
            at=DUE + 7 * DAY,
            complaint=missed,
        )
        for how in ("waived", "unreached", "paused", "open", "void"):
            history(unit, {"callback": how, "result": how})
    handed_over = history(company.branch, {"apology": "breached"})
    history(company.sibling, {"result": "breached"}, complaint=handed_over)
    for monday in (MONDAY, NEXT_MONDAY):
        history(company.branch, all_four("breached"), at=monday)


@pytest.mark.parametrize(
    ("path", "is_closed"),
    [(WEEK, True), (REGIONS, False), ("/rankings/?period=2026-11", False)],
)
def test_u15_every_number_opens_exactly_that_many(
    company: Tree, executive: Person, path: str, is_closed: bool
) -> None:
    busy_week(company)
    if is_closed:
        periods.close(period="2026-W46", now=CLOSING, by=None)
    client = signed_in(executive)
    html = client.get(path).content.decode()
    assert "visible to you" not in html
    found = links(html)
    assert len(found) >= 36
    assert dict(found) == {url: opened(client, url) for url, _n in found}


def test_u15_a_complaint_late_twice_in_a_week_is_one_behind_two_clocks(
    company: Tree, executive: Person
) -> None:
    complaint = history(company.branch, {"result": "breached"})
    history(company.branch, {"result": "breached"}, cycle=2, complaint=complaint)
    html = shown(executive)
    assert "2 / 2" in html
    assert "on complaints" in html
    assert all(count == 1 for _url, count in links(html))


def test_u15_the_page_says_how_it_is_counted_and_marks_small_samples(
    company: Tree, executive: Person
) -> None:
    for _number in range(3):
        history(company.branch, all_four("met"))
    history(company.sibling, all_four("met"))
    html = shown(executive)
    for words in (
        "How it is counted",
        "Small sample",
        "4 of at least 10 cases",
        "Nobody can be ranked by the score",
        "No difference shown: the places differ no more than chance explains.",
        "Not ranked",
        "Formula composite-1",
        "interval 80.6% to 100.0%",
        "95 % interval 75.8% to 100.0%, company 100.0%",
        "16 / 16",
    ):
        assert words in html, words
    assert html.count("Small sample") == 1


def test_u15_ties_share_a_rank(company: Tree, executive: Person) -> None:
    for unit in (company.branch, company.sibling):
        for _number in range(3):
            history(unit, all_four("met"))
    html = shown(executive)
    assert html.count('1=<span class="vh"> Tied</span>') == 2


def test_the_key_points_come_from_the_tests(company: Tree, executive: Person) -> None:
    for number in range(30):
        history(company.branch, all_four("met"))
        history(company.sibling, all_four("met") | {"work_order": "breached"})
        history(company.child, all_four("met") | ({"result": "breached"} if number % 3 else {}))
    html = shown(executive)
    assert "Wuxi: above company average" in html
    assert "Suzhou: below company average</span>, most often overdue there: Work order." in html
    assert "1 other: " in html


def test_the_change_is_grey_when_the_test_does_not_show_it(
    company: Tree, executive: Person
) -> None:
    for number in range(10):
        history(company.branch, {"result": "met" if number else "breached"}, at=DUE - 7 * DAY)
        history(company.sibling, {"result": "met"}, at=DUE - 7 * DAY)
        history(company.branch, {"result": "met"})
        history(company.sibling, {"result": "met" if number else "breached"})
        for at in (DUE, DUE - 7 * DAY):
            history(company.child, {"result": "breached"}, at=at)
    html = shown(executive)
    assert 'class="num muted"><svg' in html
    assert 'class="num"><svg' not in html
    assert '<span class="vh">Up </span>1' in html
    assert '<span class="vh">Down </span>1' in html


def test_a_closed_week_says_when_it_was_frozen(company: Tree, executive: Person) -> None:
    history(company.branch, all_four("met"))
    assert "11-09 to 11-15 · Preview, not frozen" in shown(executive)
    periods.close(period="2026-W46", now=CLOSING, by=None)
    assert "11-09 to 11-15 · Frozen 11-16 08:00" in shown(executive)


def test_the_page_opens_with_the_last_closed_week(company: Tree, executive: Person) -> None:
    history(company.branch, all_four("met"))
    assert "No week is closed yet" in shown(executive, "/rankings/")
    for key in ("2026-W45", "2026-W46", "2026-10"):
        periods.close(period=key, now=CLOSING, by=None)
    html = shown(executive, "/rankings/")
    assert "Weekly ranking, Week 46, 2026" in html
    assert "No week is closed yet" not in html


def test_before_any_week_is_closed_the_running_one_is_shown(
    company: Tree, executive: Person
) -> None:
    now = clock.now()
    ComplaintFactory.create(branch=company.branch, received_at=now, now=now)
    html = shown(executive, "/rankings/")
    assert standings.current(now, "week").key[-2:].lstrip("0") in html
    assert "No week is closed yet" in html
    assert "Preview, frozen on" in html
    assert 'rel="next"' not in html


def test_a_week_without_complaints_says_so(company: Tree, executive: Person) -> None:
    html = shown(executive)
    assert "No complaint and no deadline in this week" in html
    assert "<table" not in html
    assert "No complaint and no deadline in this month" in shown(
        executive, "/rankings/?period=2026-10"
    )


def test_weeks_months_and_levels_lead_to_each_other(company: Tree, executive: Person) -> None:
    history(company.branch, all_four("met"))
    html = unescape(shown(executive))
    for url in (
        "?period=2026-W45&level=branch",
        "?period=2026-W47&level=branch",
        "?period=2026-11&level=branch",
        "?period=2026-W46&level=region",
    ):
        assert f'href="{url}"' in html, url
    month = unescape(shown(executive, "/rankings/?period=2026-10&level=region"))
    for url in ("?period=2026-09&level=region", "?period=2026-W44&level=region"):
        assert f'href="{url}"' in month, url


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-W54",
        "period=2026-13",
        "period=x",
        "period=2026-W46%00",
        "period=' OR 1=1--",
        "level=headquarters",
        "level=",
        "period=2026-W46&level=branch'",
    ],
)
def test_what_is_no_period_or_level_is_not_found(executive: Person, query: str) -> None:
    assert signed_in(executive).get(f"/rankings/?{query}").status_code == 404


def test_b01_nobody_sees_it_without_a_login(client: Client) -> None:
    response = client.get(WEEK)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


@pytest.mark.parametrize("role", [*Role, None])
def test_b01_everybody_signed_in_sees_every_row(company: Tree, role: Role | None) -> None:
    history(company.sibling, all_four("breached"))
    person = PersonFactory.create(postings=[(company.child, role)] if role else [])
    html = shown(person)
    assert "Suzhou" in html
    assert "Wuxi" in html
    assert links(html) == []
    assert "A number without a link: none are." in html


def test_b02_the_lists_behind_go_through_what_the_person_sees(company: Tree) -> None:
    """Own branch: links; sibling: none; what a branch took in for another: n of m."""
    history(company.branch, all_four("breached"))
    history(company.sibling, all_four("breached"))
    taken_in = history(company.sibling, all_four("breached"))
    Complaint.objects.filter(pk=taken_in.pk).update(intake_branch=company.branch)
    manager = PersonFactory.create(branch=company.region, role=Role.BRANCH_MANAGER)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    client = signed_in(handler)
    html = shown(handler)
    assert "2 of 3 visible to you" in html
    for url, _count in links(html):
        assert "SZ" not in url
    by_url = {url: opened(client, url) for url, _count in links(html)}
    assert {count for url, count in by_url.items() if "branch=WX" in url} == {1}
    assert {count for url, count in by_url.items() if "branch" not in url} == {2}
    assert "visible to you" not in shown(manager)


def test_b02_who_takes_part_in_a_complaint_sees_it_behind_the_company_s_figure(
    company: Tree,
) -> None:
    complaint = history(company.sibling, all_four("breached"))
    history(company.sibling, all_four("breached"))
    person = PersonFactory.create(branch=company.child, role=Role.HANDLER)
    Participant.objects.create(
        complaint=complaint, person=person, reason=Participant.Reason.MENTIONED, since_at=DUE
    )
    client = signed_in(person)
    html = shown(person)
    assert "1 of 2 visible to you" in html
    assert {opened(client, url) for url, _count in links(html)} == {1}


def test_a_frozen_number_of_which_less_is_left_says_so(company: Tree, executive: Person) -> None:
    kept, gone = (
        history(company.branch, {"result": "breached"}),
        history(company.branch, {"result": "breached"}),
    )
    periods.close(period="2026-W46", now=CLOSING, by=None)
    Timer.objects.filter(complaint=gone).update(state=TimerState.VOID)
    client = signed_in(executive)
    html = shown(executive)
    assert "1 of 2 visible to you" in html
    urls = [url for url, _count in links(html) if "verdict=breached" in url]
    assert {opened(client, url) for url in urls} == {1}
    assert kept.number in client.get(urls[0]).content.decode()


def test_causes_of_those_without_a_category_have_no_list(company: Tree, executive: Person) -> None:
    history(company.branch, status=Status.CLOSED)
    html = shown(executive)
    assert "No category yet" in html
    assert not [url for url, _count in links(html) if "category" in url]


@pytest.mark.parametrize("path", [WEEK, REGIONS])
@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.HANDLER])
def test_the_number_of_queries_does_not_grow(
    company: Tree, executive: Person, path: str, role: str
) -> None:
    person = PersonFactory.create(branch=company.region, role=role)
    history(company.branch, all_four("met"), category=CategoryFactory.create())
    few = queries(person, path)
    for _number in range(20):
        unit = BranchFactory.create(parent=company.region)
        history(unit, all_four("breached"), category=CategoryFactory.create())
    assert queries(person, path) == few
    assert few < 42


def queries(person: Person, path: str) -> int:
    client = signed_in(person)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_names_are_those_of_the_language(company: Tree, executive: Person) -> None:
    history(company.branch, all_four("met"))
    periods.close(period="2026-W46", now=CLOSING, by=None)
    chinese = signed_in(executive, "zh-CN").get(WEEK).content.decode()
    assert "无锡" in chinese
    assert "2026 年第 46 周" in chinese
    assert "Wuxi" not in chinese
    assert "Wuxi" in shown(executive)


def test_c05_through_people_s_acts_the_numbers_are_the_same(
    company: Tree, executive: Person
) -> None:
    """A complaint logged, judged and answered late by people, and one that is perhaps none."""
    start = MONDAY + DAY
    ComplaintFactory.create(
        branch=company.branch, until="closed", received_at=start, now=start + 30 * DAY / 24
    )
    none = ComplaintFactory.create(branch=company.branch, received_at=start, now=start)
    triage.propose_invalid(complaint=none, reason="试拨。", by=quality_manager(), now=start)
    html = shown(executive)
    client = signed_in(executive)
    found = links(html)
    assert dict(found) == {url: opened(client, url) for url, _n in found}
    period: Period = standings.period_of("2026-W46")
    rows = standings.computed(period, level="branch", now=CLOSING).rows
    found_late = {row["branch"]["code"]: row["complaints_by_verdict"]["breached"] for row in rows}
    assert found_late == {"HQ": 0, "SZ": 0, "WX": 2, "WX1": 0}


def test_u15_a_unit_among_its_branches_counts_for_itself(company: Tree, executive: Person) -> None:
    for unit in (company.child, company.headquarters):
        history(unit, all_four("met"))
    html = shown(executive)
    rows = {
        line.group(1): "The unit itself" in line.group(2)
        for line in re.finditer(r'<td role="cell"><span class="strong">([^<]+)</span>(.*)', html)
    }
    assert rows[company.headquarters.label]
    assert not rows[company.child.label]


def test_the_ranking_is_a_file_with_the_figures_of_the_page(
    company: Tree, executive: Person
) -> None:
    for how in ("met", "met", "breached"):
        history(company.branch, all_four(how))
    client = signed_in(executive)
    given = {"form": "csv", "query": "period=2026-W46&level=branch"}
    answer = client.post("/rankings/export/", given)
    text = b"".join(answer).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert len(set(head)) == len(head)
    found = {row[3]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(found) == {"WX", "WX1", "SZ"}
    wuxi = found["WX"]
    assert (wuxi["Rank"], wuxi["Complaints"], wuxi["Decided clocks"]) == ("", "3", "12")
    assert (wuxi["Clocks on time: hits"], wuxi["Clocks on time: cases"]) == ("8", "12")
    assert "Satisfied in surveys: 0 of at least 10 cases" in wuxi["Missing parts"]
    assert wuxi["Formula"] == "composite-1"
    assert wuxi["On-time share"] == str(8 / 12)
    assert (wuxi["Result: on-time share"], wuxi["Result: decided"]) == (str(2 / 3), "3")
    assert found["SZ"]["Conclusion"] == "Not ranked"
    for strange in ("period=2026-W99", "level=planet"):
        answer = client.post("/rankings/export/", {"form": "csv", "query": strange})
        assert answer.status_code == 404
