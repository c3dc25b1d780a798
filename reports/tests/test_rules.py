"""The weights of the ranking: versions, who edits them, what is refused (F-12, O-16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from csm.kit.errors import Forbidden, Refused, Stale
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, headquarters, tree
from organisation.models import Level, Person, Role
from reports import standings
from reports.actions import periods, rules
from reports.actions.rules import PartRule
from reports.models import FrozenRanking, RankingRule
from reports.tests.histories import CLOSING, DAY, MONDAY
from reports.tests.said import asked, called
from reports.tests.test_ranking_page import signed_in
from reports.tests.test_rankings import FIRST

pytestmark = pytest.mark.django_db
PATH = "ranking-rules/"
# Monday of 2026-W46 in the company's zone begins at that moment.
BEFORE, AFTER = MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1)


@pytest.fixture
def admin() -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.ADMINISTRATOR)


def parts(**changed: Mapping[str, Any]) -> dict[str, PartRule]:
    found = {
        name: PartRule(weight, Decimal(floor), Decimal(target), least)
        for name, (floor, target, weight, least) in FIRST.items()
    }
    return found | {name: replace(found[name], **more) for name, more in changed.items()}


def revised(now: datetime, seen: int = 1, **changed: Mapping[str, Any]) -> RankingRule:
    return rules.revise(parts=parts(**changed), seen=seen, by=None, now=now)


def fields(**changed: object) -> dict[str, str]:
    """The form as the page has it."""
    found: dict[str, object] = {"seen": 1}
    for name, part in parts().items():
        found |= {f"{name}_{field}": value for field, value in vars(part).items()}
    return {name: str(value) for name, value in (found | changed).items()}


def body(**changed: Any) -> dict[str, Any]:
    found = {
        name: {"weight": part.weight, "floor": str(part.floor), "target": str(part.target)}
        | {"least": part.least}
        for name, part in parts().items()
    }
    return {"seen": 1, "parts": found | changed}


def test_f12_the_first_version_is_the_requirements_table() -> None:
    rule = RankingRule.objects.get()
    assert (rule.number, rule.created_by) == (1, None)
    assert {
        name: (part["floor"], part["target"], part["weight"], part["least"])
        for name, part in rule.as_rule()["parts"].items()
    } == FIRST


def test_r01_a_version_holds_for_periods_that_start_after_it() -> None:
    """Made on Monday morning: not for that week, not for that month, but for the next ones."""
    company = tree()
    revised(AFTER, csat={"weight": 50}, callback={"weight": 0})
    by_period = {
        key: standings.computed(standings.period_of(key), level=Level.BRANCH, now=CLOSING).company[
            "rule"
        ]
        for key in ("2026-W46", "2026-W47", "2026-11", "2026-12")
    }
    assert [(rule or {"number": 0})["number"] for rule in by_period.values()] == [1, 2, 1, 2]
    asked(company.branch, 9, 10)
    called(company.branch, 0, 10)
    key = standings.period_of("2026-W46")
    row = standings.computed(key, level=Level.BRANCH, now=CLOSING).rows[0]
    assert row["parts"]["callback"]["weight"] == 20


def test_r01_a_closed_period_keeps_its_version() -> None:
    company = tree()
    revised(BEFORE, csat={"target": Decimal(90)})
    asked(company.branch, 9, 10)
    periods.close(period="2026-W46", now=CLOSING, by=None)
    revised(CLOSING, seen=2)
    row = FrozenRanking.objects.get(period="2026-W46", level=Level.BRANCH)
    assert (row.company["rule"]["number"], row.rows[0]["score"]) == (2, 100.0)
    standing = standings.standing(standings.period_of("2026-W46"), level="branch", now=CLOSING)
    rule = standing.company["rule"]
    assert rule
    assert rule["parts"]["csat"]["target"] == 90


def test_f12_a_part_without_weight_is_shown_and_does_not_count() -> None:
    company = tree()
    revised(BEFORE, csat={"weight": 50}, callback={"weight": 0})
    asked(company.branch, 9, 10)
    called(company.branch, 0, 10)
    key = standings.period_of("2026-W46")
    row = standings.computed(key, level=Level.BRANCH, now=CLOSING).rows[0]
    assert row["score"] == pytest.approx(100 * 30 / 35)
    callback = row["parts"]["callback"]
    assert (callback["n"], callback["raw"], callback["share"], callback["points"]) == (
        10,
        0,
        0,
        None,
    )


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"csat": {"weight": 31}}, "csat_weight", "make 100"),
        ({"csat": {"weight": 29}}, "csat_weight", "make 100"),
        ({"csat": {"weight": 29}, "rate": {"weight": 16}}, "csat_weight", "50 or more"),
        ({"csat": {"weight": 130}, "rate": {"weight": -85}}, "csat_weight", "0 to 100"),
        ({"on_time": {"target": Decimal(60)}}, "on_time_target", "other than the floor"),
        ({"on_time": {"target": Decimal(50)}}, "on_time_target", "above the floor"),
        ({"rate": {"target": Decimal(20)}}, "rate_target", "below the floor"),
        ({"csat": {"target": Decimal(101)}}, "csat_target", "0 to 100"),
        ({"rate": {"floor": Decimal(10_001)}}, "rate_floor", "0 to 10,000"),
        ({"csat": {"least": 0}}, "csat_least", "1 to 1,000,000"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(changed: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        revised(CLOSING, **changed)
    assert words in caught.value.fields[field]
    assert RankingRule.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"weights": [31, 20, 20, 15, 10, 5]},
        {"weights": [29, 20, 20, 16, 10, 5]},
        {"weights": [50, 50]},
        {"floors": [95, 70, 60, 12, 50, 50]},
        {"leasts": [0, 10, 10, 1000, 5, 5]},
        {"number": 1},
    ],
)
def test_o16_the_database_refuses_it_too(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        "number": 2,
        "weights": [30, 20, 20, 15, 10, 5],
        "floors": [60, 70, 60, 12, 50, 50],
        "targets": [95, 98, 98, 2, 100, 95],
        "leasts": [10, 10, 10, 1000, 5, 5],
        "created_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingRule.objects.create(**given | wrong)
    RankingRule.objects.create(**given)
    rows = RankingRule.objects.filter(number=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(number=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    assert rows.exists()


def test_only_an_administrator_of_the_company_sets_it() -> None:
    company = tree()
    for branch, role in (
        (company.headquarters, Role.QUALITY_MANAGER),
        (company.headquarters, Role.EXECUTIVE),
        (company.region, Role.ADMINISTRATOR),
    ):
        by = PersonFactory.create(branch=branch, role=role)
        with pytest.raises(Forbidden):
            rules.revise(parts=parts(), seen=1, by=by, now=CLOSING)
        assert signed_in(by).get(reverse("ranking-rules")).status_code == 403
        refused(Caller(by).post(PATH, body()), 403, "forbidden")
    assert RankingRule.objects.count() == 1


def test_who_read_an_older_version_is_told(admin: Person) -> None:
    revised(CLOSING)
    with pytest.raises(Stale):
        rules.revise(parts=parts(), seen=1, by=admin, now=CLOSING + DAY)
    assert RankingRule.objects.count() == 2


def test_the_page_makes_the_next_version(admin: Person) -> None:
    client, url = signed_in(admin), reverse("ranking-rules")
    html = client.get(url).content.decode()
    assert "Version 1" in html
    assert 'name="rate_floor" value="12"' in html
    answer = client.post(url, fields(on_time_floor="70.5"), follow=True)
    assert "It holds from Week" in answer.content.decode()
    rule = RankingRule.objects.get(number=2)
    assert (rule.floors[2], rule.created_by) == (Decimal("70.50"), admin)
    assert rule.weights == [30, 20, 20, 15, 10, 5]


def test_weights_that_do_not_make_100_keep_what_was_typed(admin: Person) -> None:
    client, url = signed_in(admin), reverse("ranking-rules")
    answer = client.post(url, fields(csat_weight="45", awareness_least=""))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a whole number." in html
    answer = client.post(url, fields(csat_weight="45"))
    html = answer.content.decode()
    assert (answer.status_code, "The weights make 100 together." in html) == (422, True)
    assert 'name="csat_weight" value="45"' in html
    assert client.post(url).status_code == 422
    assert RankingRule.objects.count() == 1


def test_the_api_lists_versions_for_everybody_and_makes_the_next(admin: Person) -> None:
    reader = PersonFactory.create(postings=[])
    (first,) = Caller(reader).get(PATH).json()
    assert (first["number"], first["parts"]["rate"]["target"]) == (1, 2.0)
    wrong = body()
    wrong["parts"]["csat"]["weight"] = 45
    answer = refused(Caller(admin).post(PATH, wrong), 400, "refused")
    assert set(answer["fields"]) == {"csat_weight"}
    lacking = body()
    del lacking["parts"]["rate"]
    refused(Caller(admin).post(PATH, lacking), 400, "invalid")
    assert RankingRule.objects.count() == 1
    made = Caller(admin).post(PATH, body())
    assert (made.status_code, made.json()["number"]) == (201, 2)
    assert [row["number"] for row in Caller(reader).get(PATH).json()] == [2, 1]
