"""`GET /api/v1/rankings/{period}/` (contract, "REST API")."""

import pytest

from complaints.models import MILESTONES
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, headquarters, tree
from organisation.models import Person, Role
from reports.actions import periods
from reports.figures import VERDICTS
from reports.measures import PARTS
from reports.models import FrozenRanking
from reports.tests.histories import CLOSING, all_four, history

pytestmark = pytest.mark.django_db
PATH = "rankings/2026-W46/"


@pytest.fixture
def executive() -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.EXECUTIVE)


def test_a_ranking_has_the_shape_of_the_contract(executive: Person) -> None:
    company = tree()
    for _number in range(3):
        history(company.branch, all_four("met"))
    history(company.branch, {"callback": "waived", "result": "breached"})
    periods.close(period="2026-W46", now=CLOSING, by=None)
    body = Caller(executive).get(PATH).json()
    assert body["period"] == "2026-W46"
    assert body["frozen_at"] == "2026-11-16T08:00:00+08:00"
    assert body["formula"] == "composite-1"
    assert body["starts_at"] == "2026-11-09T00:00:00+08:00"
    assert body["ends_at"] == "2026-11-16T00:00:00+08:00"
    assert [row["branch"] for row in body["rows"]] == [
        {"code": "SZ", "name": "苏州"},
        {"code": "WX", "name": "无锡"},
        {"code": "WX1", "name": "新吴"},
    ]
    second, first, _third = body["rows"]
    none = dict.fromkeys(VERDICTS, 0)
    assert first["timers"] == {
        "apology": none | {"met": 3},
        "result": none | {"met": 3, "breached": 1},
        "work_order": none | {"met": 3},
        "callback": none | {"met": 3, "waived": 1},
    }
    assert (first["rank"], first["previous_rank"], first["score"]) == (None, None, None)
    assert (first["barrier"], first["is_complete"]) == ("customers", False)
    assert list(first["parts"]) == list(PARTS)
    on_time = first["parts"]["on_time"]
    assert (on_time["hits"], on_time["n"], on_time["rank"]) == (12, 13, 1)
    assert (on_time["low"], on_time["high"]) == (first["pooled"]["low"], first["pooled"]["high"])
    assert body["company"]["rule"]["parts"]["csat"] == {
        "floor": 60,
        "target": 95,
        "weight": 30,
        "least": 10,
    }
    assert (first["complaints"], first["valid"]) == (4, 4)
    assert (first["pooled"]["met"], first["pooled"]["n"]) == (12, 13)
    assert first["pooled"]["low"] < 12 / 13 < first["pooled"]["high"]
    assert (first["all_four"]["met"], first["all_four"]["n"]) == (3, 3)
    assert first["complaints_by_verdict"] == none | {"met": 3, "breached": 1, "waived": 1}
    assert first["is_small_sample"]
    assert (second["rank"], second["score"], second["conclusion"]) == (None, None, None)
    assert list(first["shares"]) == list(MILESTONES)
    assert body["company"]["pooled"] == first["pooled"]


def test_a_period_that_is_not_closed_is_computed(executive: Person) -> None:
    company = tree()
    history(company.branch, {"result": "met"})
    body = Caller(executive).get(PATH).json()
    assert body["frozen_at"] is None
    assert body["rows"][0]["branch"]["code"] == "SZ"
    assert {row["branch"]["code"]: row["pooled"]["share"] for row in body["rows"]} == {
        "WX": 1.0,
        "WX1": None,
        "SZ": None,
    }
    assert not FrozenRanking.objects.exists()


def test_a_region_and_a_month(executive: Person) -> None:
    company = tree()
    history(company.child, {"result": "met"})
    body = Caller(executive).get("rankings/2026-11/?level=region").json()
    assert (body["period"], body["level"]) == ("2026-11", "region")
    rows = {row["branch"]["code"]: row["complaints"] for row in body["rows"]}
    assert rows == {"JS": 1, "GN": 0}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.HANDLER, Role.ADMINISTRATOR, None])
def test_every_person_reads_every_row(role: str | None) -> None:
    company = tree()
    history(company.sibling, all_four("met"))
    person = PersonFactory.create(postings=[(company.child, role)] if role else [])
    body = Caller(person).get(PATH).json()
    assert {row["branch"]["code"]: row["complaints"] for row in body["rows"]} == {
        "WX": 0,
        "WX1": 0,
        "SZ": 1,
    }


def test_nobody_else_does() -> None:
    tree()
    refused(Caller().get(PATH), 401, "not_authenticated")


@pytest.mark.parametrize("period", ["2026-W54", "2026-13", "w46", "2026", "0000-W01", "2026-W460"])
def test_what_is_no_period_is_refused(executive: Person, period: str) -> None:
    body = refused(Caller(executive).get(f"rankings/{period}/"), 400, "invalid")
    assert set(body["fields"]) == {"period"}


@pytest.mark.parametrize("level", ["headquarters", "", "branch'--", "BRANCH"])
def test_what_is_no_level_is_refused(executive: Person, level: str) -> None:
    body = refused(Caller(executive).get(PATH, {"level": level}), 400, "invalid")
    assert set(body["fields"]) == {"level"}


def test_reading_changes_nothing(executive: Person) -> None:
    tree()
    for method in ("post", "put", "patch", "delete"):
        refused(getattr(Caller(executive), method)(PATH, {}), 405, "method_not_allowed")


def test_the_schema_names_everything(executive: Person) -> None:
    schema = Caller(executive).get("schema/?format=json").json()
    operation = schema["paths"]["/api/v1/rankings/{period}/"]["get"]
    level = next(found for found in operation["parameters"] if found["name"] == "level")
    assert level["schema"] == {"type": "string", "enum": ["branch", "region"], "default": "branch"}
    row = schema["components"]["schemas"]["RankingRow"]
    assert set(row["required"]) >= {"branch", "rank", "previous_rank", "score", "timers", "pooled"}
