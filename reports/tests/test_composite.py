"""The composite through the whole path: rows in the database, page, API (F-12 … F-15, O-16)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Complaint, Status
from csm.tests.api import Caller
from customers.factories import CustomerFactory
from customers.models import Kind
from organisation.actions import branches
from organisation.factories import BranchFactory, PersonFactory, Tree, headquarters, tree
from organisation.models import Branch, Level, Person, Role
from reports import cases, standings
from reports.actions import periods
from reports.measures import PARTS
from reports.models import FrozenRanking
from reports.rankings import Row
from reports.tests.histories import CLOSING, DAY, MONDAY, NEXT_MONDAY, history
from reports.tests.said import (
    FIRST_ON,
    MINUTE,
    asked,
    called,
    complained,
    knew,
    published,
    shipped,
)
from reports.tests.test_figures import _of, rows, week
from reports.tests.test_ranking_page import WEEK, shown, signed_in
from reports.tests.test_rankings import F13, F14

pytestmark = pytest.mark.django_db
NAMES = ("兰州", "无锡", "乌鲁木齐", "西宁", "合肥", "佛山", "广州")


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def executive() -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.EXECUTIVE)


def worked_figures(branch: Branch) -> None:
    """The branch of F-04 and F-12. Its clocks belong to complaints of the week before."""
    for number in range(40):
        history(
            branch,
            {
                "apology": "breached" if number < 3 else "met",
                "result": "breached" if number < 7 else "met",
                "work_order": _of(number, breached=range(6), other=range(36, 40), how="waived"),
                "callback": _of(
                    number, breached=range(4, 11), other=range(35, 40), how="unreached"
                ),
            },
            at=MONDAY,
        )
    asked(branch, 86, 100)
    called(branch, 91, 100)
    complained(branch, 6)
    shipped(branch, 10_000)
    knew(branch, 17, 20, check=published(branch))


def places(names: tuple[str, ...] = NAMES) -> list[Branch]:
    region = Branch.objects.filter(code="JS").first() or tree().region
    return [
        BranchFactory.create(name=name, name_en=name, code=f"B{at}", parent=region)
        for at, name in enumerate(names)
    ]


def only(key: str = "2026-W46", code: str = "WX") -> Row:
    return rows(week(key=key))[code]


def test_f12_worked_figures_from_the_rows_to_page_and_api(company: Tree, executive: Person) -> None:
    worked_figures(company.branch)
    periods.close(period="2026-W46", now=CLOSING, by=None)
    row = FrozenRanking.objects.get(period="2026-W46", level=Level.BRANCH).rows[0]
    parts = row["parts"]
    assert [(parts[name]["hits"], parts[name]["n"]) for name in PARTS] == [
        (86, 100),
        (91, 100),
        (128, 151),
        (6, 10_000),
        (30, 36),
        (17, 20),
    ]
    assert [f"{parts[name]['points']:.3f}" for name in PARTS] == [
        "22.286",
        "15.000",
        "13.036",
        "9.000",
        "6.667",
        "3.889",
    ]
    sent = Caller(executive).get("rankings/2026-W46/").json()
    assert f"{sent['rows'][0]['score']:.2f}" == f"{row['score']:.2f}" == "69.88"
    assert sent["rows"][0]["parts"] == parts
    assert sent["company"]["score"] == row["score"]
    html = shown(executive)
    for words in (
        '<span class="strong">69.9</span>',
        '86.0%</span><br><span class="small muted num">86 / 100',
        '84.8%</span><br><span class="small muted num">128 / 151',
        '6.00</span><br><span class="small muted num">6 / 10,000',
        "22.3 points",
        "Version 1 of the weights.",
        "Formula composite-1",
    ):
        assert words in html, words
    assert "Incomplete" not in html


def test_f13_worked_figures_from_the_rows_to_the_page(executive: Person) -> None:
    units = places()
    # F-13 has another order of the same names.
    order = ("兰州", "佛山", "无锡", "合肥", "乌鲁木齐", "广州", "西宁")
    by_name = {unit.name: unit for unit in units}
    for name, ((hits, n), *_rest) in zip(order, F13, strict=True):
        asked(by_name[name], hits, n)
    found = {
        row["branch"]["name"]: row["parts"]["csat"]
        for row in week().rows
        if row["branch"]["code"].startswith("B")
    }
    for name, (_case, raw, value, expected) in zip(order, F13, strict=True):
        part = found[name]
        assert f"{100 * (part['raw'] or 0):.2f}" == raw
        assert f"{100 * (part['value'] or 0):.2f}" == value
        assert f"{part['expected_rank']:.2f}" == expected
    html = shown(executive, f"{WEEK}&measure=csat").split('class="rows rank"')[1]
    assert html.index("佛山") < html.index("无锡") < html.index("兰州") < html.index("广州")
    assert "expected rank 3.1" in html
    assert "8 of at least 10 cases" in html


def test_f14_f15_worked_figures_from_the_rows_to_the_page(executive: Person) -> None:
    units = places()
    for unit, ((complaints, shipments), *_rest) in zip(units, F14, strict=True):
        complained(unit, complaints)
        shipped(unit, shipments)
    found = rows(week())
    for unit, (_case, value, expected, band) in zip(units, F14, strict=True):
        part = found[unit.code]["parts"]["rate"]
        assert (f"{part['value']:.3f}", f"{part['expected_rank']:.2f}") == (value, expected)
        assert part["band"] == band
    html = shown(executive, f"{WEEK}&measure=rate").split('class="rows rank"')[1]
    assert html.index("无锡") < html.index("佛山") < html.index("兰州") < html.index("合肥")
    assert html.count("Better than 95% of chance") == html.count("Worse than 95% of chance") == 2


def test_f13_no_difference_is_said_in_words(executive: Person) -> None:
    for unit, hits in zip(places(NAMES[:4]), (9, 8, 9, 8), strict=True):
        asked(unit, hits, 10)
    html = shown(executive, f"{WEEK}&measure=csat")
    assert "No difference shown: the places differ no more than chance explains." in html
    assert html.count("expected rank 2.5") == 4


def test_o16_nobody_ranked_says_why_and_shows_the_clocks(company: Tree, executive: Person) -> None:
    history(company.branch, {"result": "met"})
    html = shown(executive)
    assert "Nobody can be ranked by the score" in html
    assert "On time of all decided clocks that fell due in the period" in html
    composite = shown(executive, f"{WEEK}&measure=composite")
    assert "Nobody can be ranked by the score" not in composite
    assert "No part has enough cases" in composite
    assert "Satisfied in surveys: 0 of at least 10 cases" in composite


@pytest.mark.parametrize("measure", ["speed", "csat'", "composite%00"])
def test_what_is_no_part_is_not_found(executive: Person, measure: str) -> None:
    assert signed_in(executive).get(f"{WEEK}&measure={measure}").status_code == 404


def test_f05_shipments_are_apportioned_by_days_and_wanted_for_all_of_them(company: Tree) -> None:
    """30 days of 30,000 shipments and another customer's week: 7,000 and 700 in the week."""
    shipped(company.branch, 30_000, starts_on=date(2026, 11, 1), days=30)
    shipped(company.branch, 700)
    complained(company.branch, 4)
    # A sibling of which the first six days are known, and one with shipments of other days.
    shipped(company.sibling, 6_000, days=6)
    complained(company.sibling, 4)
    shipped(company.child, 9_000, starts_on=FIRST_ON + timedelta(days=7))
    part = only()["parts"]["rate"]
    assert (part["hits"], part["n"]) == (4, 7_700)
    assert part["raw"] == 4 / 7_700 * 10_000
    for code in ("SZ", "WX1"):
        missing = only(code=code)["parts"]["rate"]
        assert (missing["hits"], missing["n"], missing["raw"]) == (0, 0, None)
    total = week().company["parts"]["rate"]
    assert (total["hits"], total["n"]) == (4, 7_700)


def test_f05_a_branch_without_shipments_has_no_rate(company: Tree, executive: Person) -> None:
    shipped(company.branch, 0)
    complained(company.branch, 2)
    part = only()["parts"]["rate"]
    assert (part["n"], part["raw"], part["rank"], part["band"]) == (0, None, None, None)
    assert "shipments not known for all days" in shown(executive, f"{WEEK}&measure=rate")


def test_f05_only_valid_complaints_count(company: Tree) -> None:
    shipped(company.branch, 10_000)
    complained(company.branch, 2)
    for status in (Status.INVALID, Status.INVALID_PROPOSED):
        history(company.branch, status=status)
    history(company.branch, at=NEXT_MONDAY + DAY)
    assert only()["parts"]["rate"]["hits"] == 2


def test_each_part_counts_for_the_branch_that_answers_for_it(company: Tree) -> None:
    """Answers for their own branch, callbacks for the complaint's, spot checks for the asked."""
    asked(company.branch, 1, 2)
    asked(company.branch, 1, 1, at=MONDAY - MINUTE)
    asked(company.sibling, 3, 4, at=NEXT_MONDAY - MINUTE)
    complaint = called(company.branch, 2, 3)
    called(company.sibling, 1, 1, at=NEXT_MONDAY)
    Complaint.objects.filter(pk=complaint.pk).update(intake_branch=company.sibling)
    check = published(company.branch)
    knew(company.sibling, 2, 5, check=check, at=MONDAY - 83 * DAY)
    knew(company.sibling, 1, 1, check=check, at=MONDAY - 84 * DAY)
    found = rows(week())
    counts = {
        code: {
            name: (row["parts"][name]["hits"], row["parts"][name]["n"])
            for name in ("csat", "callback", "awareness")
        }
        for code, row in found.items()
    }
    nothing = (0, 0)
    assert counts["WX"] == {"csat": (1, 2), "callback": (2, 3), "awareness": nothing}
    assert counts["SZ"] == {"csat": (3, 4), "callback": nothing, "awareness": (2, 5)}
    company_parts = week().company
    assert (company_parts["satisfied"]["met"], company_parts["satisfied"]["n"]) == (2, 3)


def test_departments_of_ours_and_the_own_handler_do_not_count_as_customers(company: Tree) -> None:
    handler = PersonFactory.create(branch=company.branch)
    ours = CustomerFactory.create(home_branch=company.branch, kind=Kind.INTERNAL)
    by_handler = called(company.branch, 5, 5)
    Complaint.objects.filter(pk=by_handler.pk).update(handler=handler)
    by_handler.callback_attempts.update(by=handler)
    internal = called(company.branch, 5, 5)
    Complaint.objects.filter(pk=internal.pk).update(customer=ours)
    called(company.branch, 3, 4)
    part = only()["parts"]["callback"]
    assert (part["hits"], part["n"]) == (3, 4)


def test_a_region_adds_up_its_branches(company: Tree) -> None:
    worked_figures(company.branch)
    asked(company.sibling, 4, 10)
    complained(company.sibling, 7)
    asked(company.headquarters, 1, 1)
    found = rows(week(Level.REGION))
    assert [found["JS"]["parts"]["csat"][name] for name in ("hits", "n")] == [90, 110]
    # The sibling's complaints are of shipments that nobody knows.
    assert [found["JS"]["parts"]["rate"][name] for name in ("hits", "n")] == [6, 10_000]
    assert found["HQ"]["parts"]["csat"]["n"] == 1
    assert week(Level.REGION).company["parts"] == week().company["parts"]


def test_a_branch_moved_in_the_tree_moves_in_no_closed_period(company: Tree) -> None:
    worked_figures(company.branch)
    periods.close(period="2026-W46", now=CLOSING, by=None)
    was = standings.standing(standings.period_of("2026-W46"), level=Level.REGION, now=CLOSING)
    moved = Branch.objects.get(pk=company.branch.pk)
    branches.change(branch=moved, by=None, parent=company.other_region)
    later = CLOSING + DAY
    assert standings.standing(standings.period_of("2026-W46"), level=Level.REGION, now=later) == was
    open_now = {
        row["branch"]["code"]: row["parts"]["csat"]["n"]
        for row in standings.computed(
            standings.period_of("2026-W46"), level=Level.REGION, now=later
        ).rows
    }
    assert open_now == {"JS": 0, "GN": 100}


def test_a_week_with_no_data_ranks_nobody(company: Tree) -> None:
    found = week()
    assert [row["barrier"] for row in found.rows] == ["nothing"] * 3
    assert [row["score"] for row in found.rows] == [None] * 3
    assert (found.company["score"], found.company["barrier"]) == (None, "nothing")
    assert found.company["parts"]["csat"]["raw"] is None


def test_a_unit_with_answers_alone_is_listed(company: Tree) -> None:
    asked(company.region, 9, 10)
    assert only(code="JS")["parts"]["csat"]["n"] == 10


def test_the_number_of_queries_is_fixed(company: Tree) -> None:
    period = standings.period_of("2026-W46")
    worked_figures(company.branch)
    with CaptureQueriesContext(connection) as few:
        cases.counted(period, now=CLOSING)
    for unit in places(NAMES[:5]):
        asked(unit, 5, 10)
        shipped(unit, 100)
        called(unit, 1, 2)
    with CaptureQueriesContext(connection) as many:
        cases.counted(period, now=CLOSING)
    assert len(few) == len(many) == 4
