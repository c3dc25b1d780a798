"""What customers said, through the API: answers, comments, diagnoses, the journey (S-04, S-13)."""

import io
from datetime import datetime
from typing import Any

import docx
import pytest

from complaints.factories import CategoryFactory
from complaints.models import DissatisfiedItem
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.actions import touchpoints
from surveys.models import AnswerTag, Diagnosis, Response

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


def test_s04_s05_answers_of_an_invitation_are_kept_as_told_to_staff(
    editor: Person, places: Tree
) -> None:
    now, caller = clock.now(), Caller(editor)
    survey = factories.survey(places.headquarters, now=now, method="phone")
    invited = factories.invitation(survey, places.branch, now)
    address = f"invitations/{invited.pk}/answers/"
    begun = {"answers": [{"question": "wish", "text": "快"}], "is_complete": False}
    assert caller.post(address, begun).json()["completed_at"] is None
    sheet = [{"question": "total", "value": 4, "text": "慢"}, {"question": "wish", "text": "快"}]
    for wrong, code in (
        ([{"question": "total", "value": 11}], "refused"),
        ([{"question": "none", "value": 1}], "refused"),
        ([*sheet, sheet[0]], "refused"),
        ([{"question": "total", "item": "x", "value": 1}], "refused"),
        ([{"question": "total", "value": "x"}], "invalid"),
        ([{"question": "wish", "text": "x" * 5001}], "invalid"),
        ([], "invalid"),
    ):
        refused(caller.post(address, {"answers": wrong}), 400, code)
    refused(caller.post(address, {"answers": sheet, "source": "customer"}), 400, "invalid")
    assert Response.objects.get().answers.count() == 1
    made = caller.post(address, {"answers": sheet})
    assert made.status_code == 201, made.content
    assert (made.json()["source"], made.json()["answers"]) == ("phone", 2)
    response = Response.objects.get()
    assert (response.entered_by, response.source, response.customer) == (
        editor,
        "phone",
        invited.customer,
    )
    assert DissatisfiedItem.objects.get().opinion == "慢"
    refused(caller.post(address, {"answers": sheet}), 409, "not_open")
    secret = factories.survey(
        places.headquarters, now=now, method="interview", is_anonymous=True, edition=survey.edition
    )
    row = factories.invitation(secret, places.branch, now)
    kept = caller.post(f"invitations/{row.pk}/answers/", {"answers": sheet}).json()
    assert (kept["id"], kept["source"]) == (None, "note")


def test_comments_are_searched_and_tagged(editor: Person, places: Tree, now: datetime) -> None:
    survey, caller = factories.survey(places.headquarters, now=now), Caller(editor)
    words = ("包装破损", "送货很快", "包装太差")
    rows = factories.responses(survey, places.branch, now, [{"wish": each} for each in words])
    address = f"surveys/{survey.pk}/comments/"
    assert [row["text"] for row in caller.get(address).json()["results"]] == [*reversed(words)]
    assert len(caller.get(f"{address}?search=包装").json()["results"]) == 2
    assert len(caller.get(f"{address}?period=2026-10").json()["results"]) == 0
    refused(caller.get(f"{address}?period=x"), 400, "refused")
    one = f"{address}{rows[0].answers.get().pk}/"
    for _twice in range(2):
        assert caller.post(f"{one}tag/", {"name": "包装"}).json()["tags"] == ["包装"]
    refused(caller.post(f"{one}tag/", {"name": "字" * 31}), 400, "invalid")
    assert len(caller.get(f"{address}?tag=包装").json()["results"]) == 1
    assert caller.post(f"{one}untag/", {"name": "包装"}).json()["tags"] == []
    assert not AnswerTag.objects.exists()


def test_comments_of_an_anonymous_survey_name_no_branch(
    editor: Person, places: Tree, now: datetime
) -> None:
    survey = factories.survey(places.headquarters, now=now, is_anonymous=True)
    address = f"surveys/{survey.pk}/comments/"
    factories.responses(survey, places.branch, now, [{"wish": "x"}] * 4)
    assert Caller(editor).get(address).json()["results"] == []
    factories.responses(survey, places.branch, now, [{"wish": "x"}])
    assert {row["branch"] for row in Caller(editor).get(address).json()["results"]} == {None}


def test_o10_a_diagnosis_is_drafted_corrected_finished_and_handed_out(
    editor: Person, places: Tree, now: datetime
) -> None:
    survey, caller = factories.survey(places.headquarters, now=now), Caller(editor)
    factories.responses(survey, places.branch, now, [{"total": 9}] * 6 + [{"total": 2}] * 4)
    address = f"surveys/{survey.pk}/diagnoses/"
    made = caller.post(address, {"period": "2026-Q4"})
    assert made.status_code == 201, made.content
    assert "10 complete answers." in made.json()["texts"]["level"]
    assert caller.post(address, {"period": "2026-Q4"}).json()["id"] == made.json()["id"]
    refused(caller.post(address, {"period": "soon"}), 400, "refused")
    one = f"diagnoses/{made.json()['id']}/"
    problem = {"text": "慢", "breadth": "common", "reach": "strategic"}
    change: dict[str, Any] = {"texts": {"causes": "人手不足"}, "problems": [problem], "version": 1}
    changed = caller.patch(one, change).json()
    assert (changed["texts"]["causes"], changed["problems"]) == ("人手不足", [problem])
    assert changed["texts"]["level"] == made.json()["texts"]["level"]
    refused(caller.patch(one, change), 409, "stale")
    refused(caller.patch(one, {"texts": {"odd": "x"}}), 400, "invalid")
    assert caller.post(f"{one}finish/", {}).json()["status"] == "finished"
    refused(caller.patch(one, {"texts": {}}), 409, "not_open")
    assert len(caller.get(address).json()["results"]) == Diagnosis.objects.count() == 1
    paper: Any = caller.get(f"{one}document/")
    file = b"".join(paper.streaming_content)
    assert "人手不足" in [row.text for row in docx.Document(io.BytesIO(file)).paragraphs]


def test_s14_the_journey_map(editor: Person, places: Tree, now: datetime) -> None:
    survey = factories.survey(places.headquarters, now=now)
    factories.responses(survey, places.branch, now, [{"total": 8}] * 5)
    category = CategoryFactory.create()
    touchpoints.save(
        touchpoint=None,
        name="提货",
        name_en="Collection",
        leg="use",
        position=1,
        moment="",
        weight=2,
        question_keys=["total"],
        categories=[category],
        by=editor,
        now=now,
    )
    address = "journey/?from=2026-11-01&to=2026-11-30"
    answer = Caller(editor).get(address).json()
    assert (answer["experience"], len(answer["stages"])) == (80.0, 7)
    [stop] = answer["stages"][3]["touchpoints"]
    assert (stop["name"], stop["n"], stop["experience"]) == ("提货", 5, 80.0)
    refused(Caller(editor).get("journey/?from=2026-11-30&to=2026-11-01"), 400, "refused")


@pytest.mark.parametrize("rows", [1, 20])
def test_as_many_queries_for_twenty_as_for_one(
    editor: Person, places: Tree, now: datetime, rows: int, django_assert_num_queries: Any
) -> None:
    survey, caller = factories.survey(places.headquarters, now=now), Caller(editor)
    factories.responses(survey, places.branch, now, [{"wish": "好"}] * rows)
    with django_assert_num_queries(6):
        assert caller.get(f"surveys/{survey.pk}/comments/").status_code == 200
