"""What is counted, where and when (F-04)."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import hand_overs, handling, triage
from complaints.factories import CategoryFactory, ComplaintFactory, handler_of, quality_manager
from complaints.models import MILESTONES, Channel, Complaint, Status
from organisation.actions import branches
from organisation.factories import BranchFactory, Tree, headquarters, tree
from organisation.models import Branch, Level
from reports import figures, places, standings
from reports.rankings import Row
from reports.standings import Standing
from reports.tests.histories import (
    CLOSING,
    DAY,
    DUE,
    HOUR,
    MONDAY,
    NEXT_MONDAY,
    all_four,
    history,
)

pytestmark = pytest.mark.django_db
ZERO = dict.fromkeys(figures.VERDICTS, 0)


def week(level: str = Level.BRANCH, *, now: datetime = CLOSING, key: str = "2026-W46") -> Standing:
    return standings.computed(standings.period_of(key), level=level, now=now)


def rows(standing: Standing) -> dict[str, Row]:
    return {row["branch"]["code"]: row for row in standing.rows}


def china(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def answered(branch: Branch, received: str, answered_at: str = "") -> Complaint:
    """The node fixture's complaints, entered and answered as people do it."""
    at = china(f"2024-{received}")
    complaint = ComplaintFactory.create(branch=branch, until="handling", received_at=at, now=at)
    if answered_at:
        moment = china(f"2024-{answered_at}")
        handling.answer(
            complaint=complaint,
            channel=Channel.PHONE,
            result="货物已送达。",
            by=handler_of(branch),
            now=moment,
        )
    return complaint


def test_f04_node_fixture() -> None:
    """Two of four at the 24 h clock: met at the very deadline, late by a minute, open, invalid."""
    branch = tree().branch
    answered(branch, "06-01T09:00", "06-02T08:59")
    answered(branch, "06-01T09:00", "06-02T09:00")
    answered(branch, "06-01T09:00", "06-02T09:01")
    answered(branch, "06-01T10:00")
    answered(branch, "06-02T11:00")
    invalid = answered(branch, "06-01T08:00")
    now = china("2024-06-03T10:00")
    first, second = quality_manager(), handler_of(headquarters())
    second.postings.update(role="quality_specialist")
    triage.propose_invalid(complaint=invalid, reason="试拨。", by=first, now=now)
    triage.confirm_invalid(complaint=invalid, by=second, now=now)
    row = rows(week(key="2024-06", now=now))["WX"]
    assert row["timers"]["result"] == ZERO | {"met": 2, "breached": 2, "running": 1, "void": 1}
    assert row["shares"]["result"]["share"] == 0.5
    assert (row["complaints"], row["valid"]) == (6, 5)


def test_f04_period_fixture() -> None:
    """92.50, 82.50, 83.33, 80.00, pooled 84.77, all four 68.57."""
    branch = tree().branch
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
        )
    row = rows(week())["WX"]
    shares = [f"{row['shares'][kind]['share']:.2%}" for kind in MILESTONES]
    assert shares == ["92.50%", "82.50%", "83.33%", "80.00%"]
    assert row["pooled"]["share"] == row["parts"]["on_time"]["raw"] == 128 / 151
    assert (row["all_four"]["met"], row["all_four"]["n"]) == (24, 35)
    assert row["timers"]["callback"] == ZERO | {"met": 28, "breached": 7, "unreached": 5}
    assert row["timers"]["work_order"] == ZERO | {"met": 30, "breached": 6, "waived": 4}
    assert row["complaints_by_verdict"]["breached"] == 11


def _of(number: int, *, breached: range, other: range, how: str) -> str:
    if number in other:
        return how
    return "breached" if number in breached else "met"


@pytest.mark.parametrize(
    ("how", "verdict"),
    [
        ("met", "met"),
        ("breached", "breached"),
        ("open", "breached"),
        ("paused", "breached"),
        ("void", "void"),
        ("waived", "waived"),
        ("unreached", "unreached"),
        ("unreached_late", "breached"),
    ],
)
def test_f04_each_clock_has_one_verdict(how: str, verdict: str) -> None:
    branch = tree().branch
    history(branch, {"callback": how})
    row = rows(week())["WX"]
    assert row["timers"]["callback"] == ZERO | {verdict: 1}
    assert row["pooled"]["n"] == (1 if verdict in ("met", "breached") else 0)


def test_f04_a_clock_counts_by_deadline_a_complaint_by_receipt() -> None:
    branch = tree().branch
    history(branch, {"result": "met"}, at=MONDAY)
    history(branch, {"result": "met"}, at=MONDAY - timedelta(microseconds=1))
    history(branch, {"result": "met"}, at=NEXT_MONDAY)
    history(branch, {"result": "met"}, at=NEXT_MONDAY + HOUR)
    row = rows(week())["WX"]
    assert row["timers"]["result"]["met"] == 1
    assert row["complaints"] == 1
    assert rows(week(key="2026-W47"))["WX"]["complaints"] == 1


def test_f04_a_running_week_leaves_open_clocks_out() -> None:
    branch = tree().branch
    history(branch, {"result": "open"})
    history(branch, {"result": "open"}, at=DUE + DAY)
    row = rows(week(now=DUE + HOUR))["WX"]
    assert row["timers"]["result"] == ZERO | {"breached": 1, "running": 1}


def test_f04_only_milestones_count() -> None:
    branch = tree().branch
    complaint = history(branch, {"result": "met"})
    history(branch, {"rework": "breached"}, complaint=complaint)
    assert rows(week())["WX"]["pooled"]["n"] == 1


@pytest.mark.parametrize("status", [Status.INVALID, Status.INVALID_PROPOSED])
def test_f04_invalid_complaints_count_but_are_not_valid(status: str) -> None:
    branch = tree().branch
    history(branch, status=status)
    survivor = history(branch)
    merged = history(branch)
    Complaint.objects.filter(pk=merged.pk).update(
        status=Status.MERGED, merged_into=survivor, closed_at=None
    )
    row = rows(week())["WX"]
    assert (row["complaints"], row["valid"]) == (3, 1)


def test_f04_all_four_looks_at_the_first_cycle_and_the_callback_s_week() -> None:
    branch = tree().branch
    reopened = history(branch, all_four("met"))
    history(branch, {"result": "breached", "callback": "breached"}, cycle=2, complaint=reopened)
    split = history(branch, {"apology": "met", "result": "met", "work_order": "met"}, at=MONDAY)
    history(branch, {"callback": "met"}, at=NEXT_MONDAY, complaint=split)
    history(branch, all_four("met") | {"callback": "unreached"})
    history(branch, all_four("met") | {"apology": "breached"})
    history(branch, {"callback": "met"})
    this, following = rows(week())["WX"], rows(week(key="2026-W47"))["WX"]
    assert (this["all_four"]["met"], this["all_four"]["n"]) == (1, 2)
    assert (following["all_four"]["met"], following["all_four"]["n"]) == (1, 1)


def test_f04_all_four_stands_with_the_responsible_branch() -> None:
    """The callback's clock is the issuing unit's; the complaint is the branch's."""
    company = tree()
    complaint = history(company.branch, {"apology": "met", "result": "met", "work_order": "met"})
    history(
        company.branch,
        {"callback": "met"},
        complaint=complaint,
        verdict_branch=company.headquarters,
    )
    found = rows(week())
    assert found["WX"]["all_four"]["n"] == 1
    assert found["WX"]["pooled"]["n"] == 3
    assert found["HQ"]["pooled"]["n"] == 1
    assert found["HQ"]["complaints"] == found["HQ"]["all_four"]["n"] == 0


def test_f04_a_verdict_stays_with_the_branch_that_owned_the_deadline() -> None:
    """Handed over after the deadline: the breach is the first branch's, the rest the second's."""
    company = tree()
    start = MONDAY + HOUR
    complaint = ComplaintFactory.create(
        branch=company.branch, until="handling", received_at=start, now=start
    )
    hand_overs.transfer(
        complaint=complaint,
        branch=company.sibling,
        reason="货物在苏州。",
        by=quality_manager(),
        now=start + 25 * HOUR,
    )
    found = rows(week())
    assert found["WX"]["timers"]["result"] == ZERO | {"breached": 1}
    assert found["WX"]["timers"]["work_order"] == ZERO
    assert found["SZ"]["timers"]["work_order"] == ZERO | {"breached": 1}
    assert (found["WX"]["complaints"], found["SZ"]["complaints"]) == (0, 1)


def test_a_late_complaint_counts_once_however_many_clocks_it_missed() -> None:
    company = tree()
    complaint = history(company.branch, all_four("breached"))
    history(company.sibling, all_four("breached"), cycle=2, complaint=complaint)
    history(company.branch, {"result": "breached"})
    found = week()
    by_code = rows(found)
    assert by_code["WX"]["complaints_by_verdict"]["breached"] == 2
    assert by_code["WX"]["late_by_milestone"] == {
        "apology": 1,
        "result": 2,
        "work_order": 1,
        "callback": 1,
    }
    assert by_code["SZ"]["complaints_by_verdict"]["breached"] == 1
    assert found.company["complaints_by_verdict"]["breached"] == 2
    assert found.company["late_by_milestone"]["result"] == 2
    assert found.company["pooled"]["n"] == 9


def test_every_open_branch_is_listed_and_other_units_when_they_have_figures() -> None:
    company = tree()
    closed = BranchFactory.create(code="OLD")
    branches.change(branch=closed, by=None, is_active=False)
    assert set(rows(week())) == {"WX", "WX1", "SZ"}
    history(closed)
    history(company.region, {"result": "met"})
    assert set(rows(week())) == {"WX", "WX1", "SZ", "OLD", "JS"}


def test_a_region_adds_up_its_branches_and_headquarters_the_rest() -> None:
    company: Tree = tree()
    lone = BranchFactory.create(code="LONE", parent=company.headquarters)
    for unit in (company.branch, company.child, company.sibling, company.region, lone):
        history(unit, all_four("breached"))
    history(company.headquarters, {"callback": "met"})
    found = rows(week(Level.REGION))
    assert set(found) == {"JS", "GN", "HQ"}
    assert found["JS"]["complaints"] == found["JS"]["complaints_by_verdict"]["breached"] == 4
    assert found["JS"]["pooled"]["n"] == 16
    assert found["JS"]["branch"]["codes"] == ["JS", "WX", "WX1", "SZ"]
    assert found["HQ"]["branch"]["codes"] == ["HQ", "LONE"]
    assert (found["HQ"]["complaints"], found["HQ"]["pooled"]["n"]) == (2, 5)
    assert found["GN"]["complaints"] == 0


def test_both_levels_add_up_to_the_same_company() -> None:
    company = tree()
    for unit in (company.branch, company.child, company.headquarters, company.other_region):
        history(unit, all_four("met"))
        history(unit, {"result": "breached"})
    by_branch, by_region = week(), week(Level.REGION)
    assert by_branch.company == by_region.company
    assert by_branch.company["complaints"] == 8
    assert by_branch.company["pooled"] | {"low": 0, "high": 0} == {
        "met": 16,
        "n": 20,
        "share": 0.8,
        "low": 0,
        "high": 0,
    }


def test_causes_are_counted_for_valid_complaints_the_most_frequent_first() -> None:
    branch = tree().branch
    late, rude = CategoryFactory.create(code="late"), CategoryFactory.create(code="rude")
    for category in (rude, late, late, None):
        history(branch, category=category)
    history(branch, category=rude, status=Status.INVALID)
    found = week().company["causes"]
    assert [(cause["code"], cause["complaints"]) for cause in found] == [
        ("late", 2),
        ("rude", 1),
        ("", 1),
    ]


def test_callbacks_are_counted_by_the_moment_of_the_call() -> None:
    branch = tree().branch
    now = MONDAY + DAY
    ComplaintFactory.create(branch=branch, until="called_back", received_at=MONDAY, now=now)
    company = week().company
    assert (company["satisfied"]["met"], company["satisfied"]["n"]) == (1, 1)
    assert company["unanswered_calls"] == 0
    assert week(key="2026-W47").company["satisfied"]["n"] == 0


def test_a_company_without_complaints_has_figures_but_no_shares() -> None:
    tree()
    found = week()
    assert found.company["pooled"]["share"] is None
    assert [row["score"] for row in found.rows] == [None, None, None]
    assert [row["rank"] for row in found.rows] == [None, None, None]


@pytest.mark.parametrize("level", [Level.BRANCH, Level.REGION])
def test_the_number_of_queries_does_not_grow_with_the_branches(level: str) -> None:
    company = tree()
    history(company.branch, all_four("met"))
    few = queries(level)
    for _number in range(20):
        history(BranchFactory.create(parent=company.region), all_four("breached"))
    assert queries(level) == few


def queries(level: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        week(level)
    return len(captured)


def test_the_change_is_against_the_week_before() -> None:
    company = tree()
    for number in range(10):
        history(company.branch, {"result": "met"}, at=DUE - 7 * DAY)
        history(company.sibling, {"result": "breached"}, at=DUE - 7 * DAY)
        history(company.branch, {"result": "breached" if number else "met"})
        history(company.sibling, {"result": "met"})
    found = week()
    parts = {code: row["parts"]["on_time"] for code, row in rows(found).items()}
    assert (parts["SZ"]["rank"], parts["SZ"]["previous_rank"]) == (1, 2)
    assert (parts["WX"]["rank"], parts["WX"]["previous_rank"]) == (2, 1)
    assert parts["WX"]["is_change_shown"]
    assert parts["WX1"]["previous_rank"] is None
    assert found.before["pooled"]["met"] == 10


def test_one_statement_per_question() -> None:
    """Branches, clocks, complaints, all four, causes, calls."""
    tree()
    period = standings.period_of("2026-W46")
    with CaptureQueriesContext(connection) as captured:
        figures.counted(period, places.cut(Level.BRANCH), now=CLOSING)
    assert len(captured) == 6
