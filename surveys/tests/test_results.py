"""Figures of surveys, through the database: the fixtures of F-01 … F-03, F-07, F-08, F-17, F-22."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from csm.kit import periods
from organisation.factories import BranchFactory, PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.models import Question, Survey
from surveys.results import counting, gaps, reading, scores, tables
from surveys.results.counting import Counts

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
THREE: tuple[dict[str, Any], ...] = (
    {"key": "service", "kind": "csat5", "text": "服务", "driver": "product", "element": "time"},
    {"key": "recommend", "kind": "nps", "text": "推荐"},
    {"key": "effort", "kind": "ces", "text": "省力"},
    {
        "key": "way",
        "kind": "multiple",
        "text": "渠道",
        "options": [{"key": "app", "text": "应用"}, {"key": "phone", "text": "电话"}],
    },
    {"key": "count", "kind": "number", "text": "几次"},
)
SERVICE_MARKS = {1: 3, 2: 5, 3: 12, 4: 48, 5: 52}
EFFORT_MARKS = {1: 2, 2: 3, 3: 5, 4: 10, 5: 20, 6: 35, 7: 25}


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def person(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.SERVICE_FUNCTION)


@pytest.fixture
def survey(places: Tree, now: datetime) -> Survey:
    edition = factories.edition(places.headquarters, questions=THREE, now=now)
    return factories.survey(places.headquarters, edition=edition, now=now)


def marks(key: str, given: Mapping[int, int]) -> Iterable[dict[str, int]]:
    return ({key: mark} for mark, number in given.items() for _ in range(number))


def asked(survey: Survey) -> list[Question]:
    return list(survey.edition.questions.all())


def of(survey: Survey, key: str) -> Question:
    return survey.edition.questions.get(key=key)


def counted(survey: Survey, person: Person, **given: Any) -> Counts:
    return counting.counted(counting.responses(survey, person), asked(survey), **given)


def found(survey: Survey, person: Person, key: str) -> scores.Figure:
    question = of(survey, key)
    return scores.figure(question.kind, counted(survey, person).total[question.pk, ""])


def about(value: float) -> Any:
    return pytest.approx(value)


def near(*values: float) -> Any:
    return pytest.approx(values, abs=0.005)


def per_cent(row: scores.Figure) -> tuple[float, ...]:
    return tuple(100 * each for each in (row.value, row.low, row.high) if each is not None)


def test_f01_f02_f03_of_those_who_answered(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    for branch, key, given in (
        (places.branch, "service", SERVICE_MARKS),
        (places.sibling, "effort", EFFORT_MARKS),
        (places.child, "recommend", {10: 6, 8: 4, 3: 2}),
    ):
        factories.responses(survey, branch, now, marks(key, given))
    # Neither begun ones nor what was asked again.
    factories.responses(survey, places.branch, now, [{"service": 1}], completed_at=None)
    factories.responses(survey, places.branch, now, [{"service": 1}], is_repeat=True)

    service = found(survey, person, "service")
    assert (service.n, service.mean) == (120, about(4.175))
    assert per_cent(service) == near(83.33, 75.65, 88.94)
    effort = found(survey, person, "effort")
    assert (effort.n, effort.mean) == (100, about(5.48))
    assert per_cent(effort) == near(80, 71.12, 86.66)
    recommend = found(survey, person, "recommend")
    assert recommend.n == 12
    assert (recommend.value, recommend.low, recommend.high) == near(33.33, -11.28, 64.61)
    counts = counted(survey, person)
    assert counts.responses == 232
    [driver, element] = tables.groups(asked(survey), counts.total)
    assert driver.figure.mean == pytest.approx(79.375)  # the index of F-01
    assert driver.figure.value == element.figure.value == service.value
    assert tables.distribution(of(survey, "service"), "", counts.total)[3] == (4, 48, 0.4)


def test_f01_nobody_answered_is_no_figure(survey: Survey, person: Person) -> None:
    nothing = found(survey, person, "service")
    assert (nothing.value, nothing.mean, nothing.n) == (None, None, 0)
    assert tables.tables(counted(survey, person), []) == []


def test_f02_no_detectable_change_between_two_months(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    june, july = datetime(2024, 6, 30, 15, tzinfo=UTC), datetime(2024, 6, 30, 17, tzinfo=UTC)
    factories.responses(survey, places.branch, june, marks("recommend", {10: 60, 8: 25, 2: 15}))
    factories.responses(survey, places.branch, july, marks("recommend", {9: 66, 7: 20, 6: 14}))
    period = periods.parse("2024-07", zone=SHANGHAI)
    counts = counted(survey, person, period=period)
    question = of(survey, "recommend")
    assert counts.responses == 100
    before, after = (
        counts.by["month"][month][question.pk, ""]
        for month in (period.previous.first_on, period.first_on)
    )
    change = scores.change("nps", before, after)
    assert (change.difference, change.is_detectable) == (about(7), False)
    assert scores.change("nps", {10: 20, 0: 80}, after).is_detectable
    line = tables.trend(counts, [question]).lines
    assert [(row.key, row.figures[0].value) for row in line] == [
        ("2024-06", about(45)),
        ("2024-07", about(52)),
    ]


def test_f17_tier_weighted_beside_pooled(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    for tier, content, number in (
        ("diamond", 36, 40),
        ("gold", 51, 60),
        ("silver", 72, 90),
        ("basic", 236, 310),
    ):
        given = marks("service", {4: content, 2: number - content})
        factories.responses(survey, places.branch, now, given, tier=tier)
    counts = counted(survey, person)
    key = (of(survey, "service").pk, "")
    tiers = {rank: tallies[key] for rank, tallies in counts.by["rank"].items()}
    weighted = scores.tier_weighted("csat5", tiers)
    assert (weighted.n, round(weighted.value or 0, 4)) == (500, 0.8511)
    assert scores.figure("csat5", counts.total[key]).value == pytest.approx(0.79)


def lines_of(name: str, survey: Survey, person: Person) -> dict[str, tuple[int, bool]]:
    made = tables.tables(counted(survey, person), scores.headlines(asked(survey)))
    [table] = [row for row in made if row.name == name]
    for line in table.lines:
        assert all(figure.value is None for figure in line.figures) or not line.is_hidden
    return {line.label: (line.responses, line.is_hidden) for line in table.lines}


def test_f22_small_cells_are_hidden_with_their_complement(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    far = BranchFactory.create(parent=places.other_region, name="远", name_en="Far")
    for branch, number in ((places.branch, 40), (places.sibling, 12), (places.child, 3), (far, 9)):
        tier = {40: "gold", 12: "silver", 3: "basic", 9: "gold"}[number]
        factories.responses(
            survey, branch, now, marks("service", {5: number}), tier=tier, stage="growth"
        )
    assert lines_of("branch", survey, person) == {
        "Wuxi": (40, False),
        "Xinwu": (3, True),
        "Suzhou": (12, True),  # or its region, less Wuxi, would tell the three
        "Far": (9, False),  # alone in its region, which shows it
    }
    assert lines_of("rank", survey, person)["Gold"] == (49, False)
    assert lines_of("rank", survey, person)["Silver"] == (12, True)


def test_f22_a_region_does_not_tell_what_few_answered_of_its_branches(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    """Six of Wuxi sent a sheet, and three answered this question."""
    far, farther = (BranchFactory.create(parent=places.other_region) for _each in range(2))
    for branch, answering, silent in (
        (places.branch, 3, 3),
        (places.sibling, 6, 0),
        (far, 5, 0),
        (farther, 10, 0),
    ):
        factories.responses(survey, branch, now, marks("service", {5: answering}))
        factories.responses(survey, branch, now, [{"recommend": 9}] * silent)
    made = tables.tables(counted(survey, person), scores.headlines(asked(survey)))
    shown = {
        table.name: {line.key: line.figures[0].value for line in table.lines} for table in made
    }
    assert shown["region"] == {str(places.region.pk): 1, str(places.other_region.pk): 1}
    keys = [str(branch.pk) for branch in (places.branch, places.sibling, far, farther)]
    assert [shown["branch"][key] for key in keys] == [None, None, 1, 1]


def test_f22_a_period_and_the_whole_do_not_tell_what_lies_between(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    """Wuxi has nine in November and three before, which both figures together would tell."""
    for branch, number, days in (
        (places.branch, 9, 0),
        (places.branch, 3, 40),
        (places.sibling, 20, 0),
        (places.child, 30, 0),
        (places.child, 6, 40),
    ):
        given = marks("service", {5: number})
        factories.responses(survey, branch, now - timedelta(days=days), given, tier="gold")
    november = periods.parse("2026-11", zone=SHANGHAI)
    counts = counted(survey, person, period=november)
    assert (counts.responses, counts.outside) == (59, 9)
    found = tables.tables(counts, scores.headlines(asked(survey)))
    [branches] = [row for row in found if row.name == "branch"]
    assert {line.label: (line.responses, line.is_hidden) for line in branches.lines} == {
        "Wuxi": (9, True),
        "Xinwu": (30, True),  # six beside it: the smaller part goes with the hidden one
        "Suzhou": (20, False),
    }
    assert lines_of("branch", survey, person)["Wuxi"] == (12, False)


def test_f22_a_period_of_an_anonymous_survey_is_not_broken_down(
    places: Tree, person: Person, now: datetime
) -> None:
    edition = factories.edition(places.headquarters, questions=THREE, now=now)
    survey = factories.survey(places.headquarters, edition=edition, now=now, is_anonymous=True)
    for branch, tier in ((places.branch, "gold"), (places.sibling, "silver")):
        factories.responses(survey, branch, now, marks("service", {5: 8, 2: 2}), tier=tier)
    late = now + timedelta(days=1)
    factories.responses(survey, places.branch, late, marks("service", {1: 1}), tier="gold")
    whole = reading.results(reading.Asked(survey, person))
    assert [table.name for table in whole.tables] == ["branch", "rank"]
    assert whole.weighted is not None
    # One day more or less is one answer: without branch, tier and source it is nobody's.
    for key in ("2026-11-19/2026-11-20", "2026-11-19/2026-11-19", "2026-11", "2026"):
        period = periods.parse(key, zone=SHANGHAI, kinds=periods.EVERY_KIND)
        found = reading.results(reading.Asked(survey, person, period))
        assert (found.tables, found.weighted) == ([], None)
        assert found.is_too_few is (key == "2026-11-19/2026-11-19")


def test_only_what_a_person_sees_counts(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    factories.responses(survey, places.child, now, marks("service", {5: 6}))
    factories.responses(survey, places.sibling, now, marks("service", {1: 7}))
    local = PersonFactory.create(branch=places.branch, role=Role.HANDLER)
    assert found(survey, local, "service").n == 6
    assert found(survey, person, "service").n == 13
    assert found(survey, PersonFactory.create(), "service").n == 0


def test_options_and_numbers(survey: Survey, places: Tree, person: Person, now: datetime) -> None:
    sheets: list[dict[str, Any]] = [
        {"way": ["app", "phone"], "count": 1},
        {"way": ["app"], "count": 2},
        {"count": 9},
    ]
    factories.responses(survey, places.branch, now, sheets)
    rows = counting.responses(survey, person)
    way, count = of(survey, "way"), of(survey, "count")
    assert counting.choices(rows, [way]) == {way.pk: {"app": 2, "phone": 1, "": 2}}
    assert counting.numbers(rows, [count]) == {count.pk: (3, 4.0, 2.0)}


def spread(mean: float, n: int = 10) -> list[int]:
    """So many whole marks with that mean."""
    low, total = int(mean), round(mean * n)
    return [low + 1] * (total - low * n) + [low] * (n - total + low * n)


def matrix(key: str, names: Iterable[str], **given: Any) -> dict[str, Any]:
    items = [{"key": f"i{place}", "text": name} for place, name in enumerate(names)]
    return {"key": key, "kind": "matrix", "text": key, "items": items, **given}


def test_f07_gaps_of_the_service_dimensions(places: Tree, person: Person, now: datetime) -> None:
    perceived, expected = (5.2, 5.0, 5.1, 5.7, 5.3), (5.6, 6.4, 6.2, 6.1, 5.9)
    questions = [
        matrix(name, ("甲", "乙"), dimension=name, with_expectation=True) for name in gaps.WEIGHTS
    ]
    edition = factories.edition(places.headquarters, questions=questions, now=now)
    survey = factories.survey(places.headquarters, edition=edition, now=now)
    sheets: list[dict[str, Any]] = [{} for _ in range(10)]
    for name, own, other in zip(gaps.WEIGHTS, perceived, expected, strict=True):
        for sheet, value, expectation in zip(sheets, spread(own), spread(other), strict=True):
            sheet[f"{name}.i0"] = {"value": value, "expectation": expectation}
    factories.responses(survey, places.branch, now, sheets)
    rows = counting.responses(survey, person)
    service = gaps.service(gaps.beside(rows, list(edition.questions.all())))
    assert service.gap.gaps == near(-0.4, -1.4, -1.1, -0.4, -0.6)
    assert service.gap.mean == pytest.approx(-0.78)
    assert service.gap.weighted == pytest.approx(-0.906)


def test_f08_stated_and_derived_importance(places: Tree, person: Person, now: datetime) -> None:
    names = {
        "准时": (6.4, 5.1, "concentrate"),
        "安全": (6.6, 6.0, "keep"),
        "异常": (6.2, 4.6, "concentrate"),
        "态度": (5.4, 6.1, "overkill"),
        "价格": (5.9, 4.9, "concentrate"),
        "发票": (4.6, 5.7, "overkill"),
    }
    questions = [
        {"key": "overall", "kind": "csat5", "text": "总体"},
        matrix("items", names, with_importance=True),
        {"key": "a1", "kind": "csat5", "text": "甲"},
        {"key": "a2", "kind": "csat5", "text": "乙"},
        {"key": "flat", "kind": "csat5", "text": "不变"},
    ]
    edition = factories.edition(places.headquarters, questions=questions, now=now)
    survey = factories.survey(places.headquarters, edition=edition, now=now)
    sheets: list[dict[str, Any]] = [{} for _ in range(10)]
    for place, (importance, own, _quadrant) in enumerate(names.values()):
        for sheet, value, weight in zip(sheets, spread(own), spread(importance), strict=True):
            sheet[f"items.i{place}"] = {"value": value, "importance": weight}
    factories.responses(survey, places.branch, now, sheets)
    questions_there, rows = list(edition.questions.all()), counting.responses(survey, person)
    stated = gaps.stated_map(gaps.beside(rows, questions_there))
    assert {name: quadrant for name, (_point, quadrant) in stated.items()} == {
        name: quadrant for name, (*_means, quadrant) in names.items()
    }

    # n = 24 and 32: only the latter suffices; what never varies says nothing.
    eight = zip(
        [4, 5, 3, 2, 5, 4, 3, 4], [4, 5, 2, 2, 5, 4, 3, 4], [5, 5, 4, 5, 4, 5, 4, 5], strict=True
    )
    together = [{"overall": o, "a1": a, "a2": b, "flat": 3} for o, a, b in eight]
    factories.responses(survey, places.branch, now, together * 3)
    assert gaps.derived(rows, questions_there[0], questions_there) == {}
    factories.responses(survey, places.branch, now, together)
    derived = gaps.derived(rows, questions_there[0], questions_there)
    assert {name: round(r, 4) for name, (r, _performance) in derived.items()} == {
        "甲": 0.9586,
        "乙": 0.0667,
    }


def test_the_same_statements_however_many_branches(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            counts = counted(survey, Person.objects.get(pk=person.pk))
            tables.tables(counts, scores.headlines(asked(survey)))
        return len(seen)

    factories.responses(survey, places.branch, now, marks("service", {5: 6}))
    few = queries()
    for branch in (BranchFactory.create(parent=places.region) for _ in range(19)):
        factories.responses(survey, branch, now + timedelta(days=40), marks("service", {5: 6}))
    assert queries() == few
