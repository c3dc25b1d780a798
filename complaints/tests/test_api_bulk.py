"""One act on many complaints by the API."""

from typing import Any

import pytest

from complaints.actions import hand_overs
from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Complaint
from complaints.tests.rows import everything
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    CategoryFactory.create(code="wet")
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


def at(branch: Branch, until: str = "handling", **more: Any) -> Complaint:
    return ComplaintFactory.create(branch=branch, until=until, **more)


def call(person: Person, body: Any, **headers: str) -> Any:
    return Caller(person).post("complaints/bulk/", body, headers=headers)


def outcomes(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200, answer.content
    return {row["number"]: row["outcome"] for row in answer.json()["results"]}


def test_c05_numbers_and_versions_answer_by_row(company: Tree) -> None:
    region = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER)
    fine, stale, closed = at(company.branch), at(company.branch), at(company.branch, "closed")
    foreign = at(company.headquarters)
    versions = {stale.number: stale.version, fine.number: fine.version}
    other = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    hand_overs.assign(complaint=stale, handler=other, by=region, now=clock.now())
    before = {row["id"]: row for row in everything()["Complaint"]}
    body = {
        "act": "transfer",
        "numbers": [row.number for row in (fine, stale, closed, foreign)] + ["TS0-0"],
        "versions": versions,
        "branch": company.sibling.code,
        "reason": "It lies there.",
    }
    answer = call(region, body)
    assert outcomes(answer) == {
        fine.number: "done",
        stale.number: "stale",
        closed.number: "not_open",
        foreign.number: "not_found",
        "TS0-0": "not_found",
    }
    assert answer.json()["done"] == 1
    messages = {row["number"]: row["message"] for row in answer.json()["results"]}
    assert messages[foreign.number] == messages["TS0-0"] == "not found"
    after = {row["id"]: row for row in everything()["Complaint"]}
    assert [pk for pk in after if after[pk] != before[pk]] == [fine.pk]


@pytest.mark.parametrize(
    ("act", "until", "fields"),
    [
        ("triage", "received", {"branch": "SZ", "category": "wet"}),
        ("assign", "handling", {"handler": "zhou"}),
        ("note", "handling", {"text": "Please look."}),
        ("urge", "handling", {}),
    ],
)
def test_the_other_acts_by_a_query(
    act: str, until: str, fields: dict[str, Any], company: Tree, quality: Person
) -> None:
    rows = [at(company.branch, until), at(company.branch, until)]
    PersonFactory.create(branch=company.branch, role=Role.HANDLER, username="zhou")
    at(company.branch, "assigned")
    answer = call(quality, {"act": act, "query": f"status={until}&ordering=due", **fields})
    assert outcomes(answer) == dict.fromkeys([row.number for row in rows], "done")


BAD: tuple[Any, ...] = (
    {},
    {"act": "explode", "numbers": ["x"]},
    {"act": "urge"},
    {"act": "urge", "numbers": ["x"], "query": ""},
    {"act": "urge", "query": "status=unheard"},
    {"act": "urge", "numbers": "x"},
    {"act": "urge", "numbers": ["x"], "version": 3},
    {"act": "urge", "numbers": ["\0"]},
    {"act": "urge", "numbers": ["x"] * 1001},
    {"act": "urge", "numbers": ["x"], "versions": {"x": "y"}},
    {"act": "note", "numbers": ["x"], "text": " "},
    {"act": "transfer", "numbers": ["x"], "branch": "nowhere", "reason": "x"},
    {"act": "transfer", "numbers": ["x"], "branch": "SZ"},
    [],
)


@pytest.mark.parametrize("body", BAD, ids=map(str, range(len(BAD))))
def test_b14_what_cannot_be_read_changes_nothing(body: Any, company: Tree, quality: Person) -> None:
    before = everything()
    answer = call(quality, body)
    assert answer.status_code == 400
    assert answer.json()["code"] in ("invalid", "malformed")
    assert everything() == before


def test_b01_who_may_not_is_told_so_first(company: Tree) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    refused(call(executive, {}), 403, "forbidden")
    refused(call(handler, {"act": "transfer", "numbers": ["x"]}), 403, "forbidden")


def test_the_same_call_twice_is_done_once(company: Tree, quality: Person) -> None:
    row = at(company.branch)
    body = {"act": "note", "numbers": [row.number], "text": "Please look."}
    answers = [call(quality, body, **{"Idempotency-Key": "n-1"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert row.notes.count() == 1
