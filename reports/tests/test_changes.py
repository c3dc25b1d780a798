"""What changed beyond chance: charts of branches and categories, week by week (F-16, U-14)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.models import Category
from csm.kit.periods import Period
from organisation.factories import BranchFactory, PersonFactory, Tree, headquarters, tree
from organisation.models import Branch, Person, Role
from reports import changes, series
from reports.changes import Charted
from reports.models import BranchDay, ClockDay, IntakeDay, ShipmentDay
from reports.series import Pair, Series
from reports.tests.histories import CLOSING, DAY, history
from reports.tests.test_ranking_page import signed_in

pytestmark = pytest.mark.django_db
# Twelve weeks of F-16 with their shipments.
WEEKS = (
    (9, 9100), (6, 8800), (11, 9500), (7, 9000), (8, 9200), (10, 9700), (5, 8600), (9, 9300),
    (22, 9400), (8, 9000), (7, 8900), (6, 9100),
)  # fmt: skip
SHARES = ((46, 50), (44, 48), (51, 55), (40, 44), (47, 52), (38, 50))


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Tree:
    """It is the Monday after 2026-W46."""
    monkeypatch.setattr("csm.kit.clock.now", lambda: CLOSING)
    return tree()


@pytest.fixture
def executive(company: Tree) -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.EXECUTIVE)


def mondays(number: int) -> list[date]:
    return [week.first_on for week in series.ended_weeks(CLOSING)[-number:]]


def counted(
    branch: Branch, numbers: Any, shipped: Any = (), category: Category | None = None
) -> None:
    """Valid complaints and shipments of the newest weeks, on their Mondays."""
    days = mondays(len(numbers))
    BranchDay.objects.bulk_create(
        BranchDay(day=day, branch=branch, received=number, valid=number, calls=0,
                  calls_satisfied=0, answers=0, answers_satisfied=0, asked=0, aware=0)
        for day, number in zip(days, numbers, strict=True)
    )  # fmt: skip
    IntakeDay.objects.bulk_create(
        IntakeDay(
            day=day, branch=branch, category=category, channel="web", received=number, valid=number
        )
        for day, number in zip(days, numbers, strict=True)
    )
    ShipmentDay.objects.bulk_create(
        ShipmentDay(day=day, branch=branch, shipments=number)
        for day, number in zip(days, shipped, strict=False)
    )


def charts(branch: Branch | None = None) -> dict[tuple[Any, ...], Charted]:
    weeks = series.ended_weeks(CLOSING)
    found = series.every(weeks) if branch is None else series.of_branch(weeks, branch.pk)
    drawn = [each for each in map(changes.charted, found) if each]
    return {(e.series.about, e.series.measure, e.series.branch): e for e in drawn}


def one(measure: Any, pairs: list[Pair]) -> Charted:
    weeks: list[Period] = series.ended_weeks(CLOSING)
    padded = [(0, 0), *[(0, 0)] * (len(weeks) - len(pairs) - 1), *pairs]
    found = changes.charted(Series("branch", measure, weeks, padded[-len(weeks) :], branch=1))
    assert found is not None
    return found


def test_f16_the_rate_of_a_branch_with_its_signal(company: Tree) -> None:
    """Usual 9.854 per 10,000; the ninth week, 23.404, lies above Laney's wider limit of 22.524."""
    counted(company.branch, [c for c, _s in WEEKS], [s for _c, s in WEEKS])
    chart = charts()["branch", "rate", company.branch.pk]
    assert len(chart.weeks) == 12
    assert chart.chart.provisional
    assert round(chart.chart.centre or 0, 3) == 9.854
    [week] = [week for week in chart.weeks if "beyond_limit" in week.point.signals]
    assert week.period.key == "2026-W43"
    assert (round(week.point.value or 0, 3), round(week.point.high or 0, 3)) == (23.404, 22.524)
    assert chart.is_worse(week)


def test_f16_a_share_that_only_looks_bad_is_no_signal(company: Tree) -> None:
    """38 of 50 lies above the lower limit of 75.67 %."""
    found = one("on_time", [(hits, n) for hits, n in SHARES])
    last = found.weeks[-1].point
    assert (round(found.chart.centre or 0, 5), found.signals) == (0.88963, [])
    assert (last.value, (last.low or 0) <= 0.7567) == (0.76, True)


def test_f16_counts_without_shipments_are_charted_by_their_steps(company: Tree) -> None:
    numbers = [85, 86, 84, 88, 85, 87, 83, 86, 88, 85, 84, 86, 79, 78, 77]
    counted(company.branch, numbers)
    chart = charts()["branch", "count", company.branch.pk]
    assert not chart.chart.provisional
    assert [week.pair[0] for week in chart.weeks] == numbers
    assert chart.signals[0].pair[0] == 77
    assert not chart.is_worse(chart.signals[0])


def test_f16_limits_rest_on_the_weeks_before_those_that_are_watched() -> None:
    """A jump of the last weeks does not lift the limits that it is measured by."""
    found = one("rate", [(10, 1.0)] * 13 + [(30, 1.0)] * 8)
    assert (found.chart.centre, found.chart.provisional) == (10, False)
    assert len(found.signals) == 8
    newer = one("rate", [(10, 1.0)] * 13 + [(30, 1.0)])
    assert (newer.chart.centre, newer.chart.provisional, len(newer.signals)) == (10, False, 1)
    short = one("rate", [(10, 1.0)] * 6 + [(30, 1.0)] * 6)
    assert (short.chart.centre, short.chart.provisional) == (20, True)


def test_f16_weeks_without_exposure_are_gaps() -> None:
    found = one("rate", [(9, 0.9), (0, 0), (8, 0.9), (3, 0), (9, 0.9)])
    assert [week.point.value is None for week in found.weeks] == [False, True, False, True, False]
    weeks = series.ended_weeks(CLOSING)
    assert changes.charted(Series("branch", "rate", weeks, [(0, 0)] * 26, branch=1)) is None
    assert changes.charted(Series("branch", "on_time", weeks, [(1, 1)] * 26, branch=1)) is None


def jumped(company: Tree, executive: Person, number: int = 22) -> str:
    """Wuxi's complaints of the newest week are many; the page in English."""
    category = Category.objects.create(code="late", name="延误", name_en="Delay")
    for place, week in enumerate(mondays(14)):
        for _each in range(number if place == 13 else 3 + place % 2):
            at = CLOSING.replace(year=week.year, month=week.month, day=week.day) + DAY
            history(company.branch, {"result": "met"}, at=at, category=category)
    from reports.actions import summaries  # noqa: PLC0415

    summaries.rebuild(now=CLOSING)
    return signed_in(executive).get("/rankings/changes/").content.decode()


def test_u14_the_page_lists_signals_with_chart_table_and_list(
    company: Tree, executive: Person
) -> None:
    text = jumped(company, executive)
    assert text.count('data-chart="control"') == 3
    for words in ("Wuxi", "Delay", "Company", "Valid complaints a week", "Week 46, 2026"):
        assert words in text
    assert "above the limit of" in text
    links = dict(re.findall(r'<a href="(/complaints/\?[^"]+)">(\d+)</a>', text))
    assert set(links.values()) == {"22"}
    for link in links:
        found = signed_in(executive).get(link.replace("&amp;", "&")).content.decode()
        assert ">22 in all" in found.replace("\n", "")
    table = re.findall(
        r'data-value="([\d.]*)" data-low="([\d.]*)" data-high="([\d.]*)">([\d.]+)<', text
    )
    assert len(table) == 3 * 14
    assert all(abs(float(value) - float(words)) < 0.06 for value, _l, _h, words in table)


def test_u14_nothing_beyond_chance_says_so(company: Tree, executive: Person) -> None:
    text = jumped(company, executive, number=4)
    assert "Nothing changed beyond chance" in text
    assert 'data-chart="control"' not in text
    own = signed_in(executive).get("/rankings/changes/?branch=WX").content.decode()
    assert own.count('data-chart="control"') == 2
    assert "No signal in the last eight weeks." in own
    zh = signed_in(executive, "zh-hans").get("/rankings/changes/").content.decode()
    assert "没有超出偶然的变化" in zh


def test_changes_without_anything_to_judge(company: Tree, executive: Person) -> None:
    assert (
        "Too little to judge yet" in signed_in(executive).get("/rankings/changes/").content.decode()
    )
    assert signed_in(executive).get("/rankings/changes/?branch=NOBODY").status_code == 404
    assert signed_in(executive).get("/rankings/changes/?page=x").status_code == 200


def test_b02_a_handler_sees_the_figures_and_opens_their_own(
    company: Tree, executive: Person
) -> None:
    """Suzhou's handler reads of Wuxi's signal; the list behind it is not theirs."""
    jumped(company, executive)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    text = signed_in(stranger).get("/rankings/changes/").content.decode()
    assert "above the limit of" in text
    assert not re.findall(r'<a href="/complaints/\?[^"]+">\d+</a>', text)


def test_the_page_asks_the_same_for_1_branch_and_for_20(company: Tree, executive: Person) -> None:
    client, numbers = signed_in(executive), []
    for count in (1, 20):
        for place in range(count):
            branch = company.branch if count == 1 else BranchFactory.create()
            if not BranchDay.objects.filter(branch=branch).exists():
                counted(branch, [3, 4] * 6 + [3, 40 + place])
        client.get("/rankings/changes/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/rankings/changes/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_weeks_are_the_last_26_that_have_ended() -> None:
    weeks = series.ended_weeks(CLOSING)
    assert (len(weeks), weeks[-1].key) == (26, "2026-W46")
    assert weeks[0].first_on + 25 * timedelta(days=7) == weeks[-1].first_on
    assert not ClockDay.objects.exists()
