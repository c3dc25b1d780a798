"""Surveys through the API: prepared, drawn, begun, closed; invitations and wishes (S-02, S-18)."""

from typing import Any

import pytest

from csm.kit import clock
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.models import Edition, Invitation, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def edition(places: Tree) -> Edition:
    return factories.edition(places.headquarters, now=clock.now())


def body(asked: Edition, **given: Any) -> dict[str, Any]:
    return {"name": "年度满意度", "edition": asked.pk, "branch": "HQ"} | given


def test_s02_a_survey_is_prepared_changed_drawn_begun_and_closed(
    editor: Person, places: Tree, edition: Edition
) -> None:
    for number in range(10):
        CustomerFactory.create(email=f"{number}@example.com", home_branch=places.branch)
    caller = Caller(editor)
    made = caller.post("surveys/", body(edition, frame={"tiers": ["gold"], "kinds": []}))
    assert made.status_code == 201, made.content
    one = f"surveys/{made.json()['id']}/"
    assert made.json()["frame"] == {"tiers": ["gold"]}
    assert caller.patch(one, {"size": 11}).json()["size"] == 11
    refused(caller.post(f"{one}draw/", {}), 400, "refused")
    assert caller.patch(one, {"size": 4, "version": 2}).status_code == 200
    refused(caller.patch(one, {"size": 5, "version": 2}), 409, "stale")
    drawn = caller.post(f"{one}draw/", {"seed": 7}).json()
    assert (drawn["draw"]["frame_size"], drawn["draw"]["seed"]) == (10, 7)
    assert drawn["invitations"]["by_status"] == {"waiting": 4}
    refused(caller.post(f"{one}draw/", {}), 409, "not_open")
    assert caller.post(f"{one}open/", {}).json()["status"] == "open"
    refused(caller.delete(one), 409, "not_open")
    listed = caller.get(f"{one}invitations/?status=waiting").json()["results"]
    assert len(listed) == 4
    assert "example.com" not in str(listed)
    assert caller.post(f"{one}close/", {}).json()["status"] == "closed"
    assert [row["status"] for row in caller.get("surveys/?status=closed").json()["results"]] == [
        "closed"
    ]
    refused(caller.get("surveys/?status=odd"), 400, "invalid")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"frame": {"colours": ["red"]}}, "frame"),
        ({"quotas": {"gold": 0}}, "quotas"),
        ({"quotas": {"gold\0": 1}}, "quotas"),
        ({"margin": "0.5"}, "margin"),
        ({"edition": 999_999}, "edition"),
        ({"branch": "nowhere"}, "branch"),
        ({"seed": 4}, "seed"),
        ({"opens_complaint": True}, "category"),
    ],
)
def test_s01_bad_input_is_named_and_prepares_nothing(
    editor: Person, edition: Edition, wrong: dict[str, Any], field: str
) -> None:
    response = Caller(editor).post("surveys/", body(edition, **wrong))
    assert response.status_code == 400
    assert any(name.startswith(field) for name in response.json()["fields"])
    assert not Survey.objects.exists()


def test_s01_s18_calls_counters_and_wishes(editor: Person, places: Tree, edition: Edition) -> None:
    now, caller = clock.now(), Caller(editor)
    phone = factories.survey(places.branch, now=now, edition=edition, method="phone")
    row = factories.invitation(phone, places.branch, now, call_at=now)
    answer = caller.post(f"invitations/{row.pk}/calls/", {"outcome": "no_reply"})
    assert answer.json()["call_at"] > now.isoformat()
    refused(caller.post(f"invitations/{row.pk}/calls/", {"outcome": "odd"}), 400, "invalid")
    assert caller.get(f"invitations/{row.pk}/").json()["status"] == "sent"
    customer = f"customers/{row.customer_id}/"
    declined = caller.post(f"{customer}decline-surveys/", {})
    assert declined.json()["declines_surveys_at"]
    assert Invitation.objects.get().status == "opted_out"
    assert caller.post(f"{customer}allow-surveys/", {}).json() == {"declines_surveys_at": None}
    online = factories.survey(places.branch, now=now, edition=edition)
    counters = f"surveys/{online.pk}/counters/"
    hung = caller.post(counters, {"branch": "WX", "place": "前台"})
    assert hung.status_code == 201
    refused(caller.post(counters, {"branch": "WX", "place": "前台"}), 400, "refused")
    assert [each["place"] for each in caller.get(counters).json()] == ["前台"]


@pytest.mark.parametrize("rows", [1, 20])
def test_s01_lists_take_as_many_queries_for_twenty_as_for_one(
    editor: Person, places: Tree, edition: Edition, rows: int, django_assert_num_queries: Any
) -> None:
    now, caller = clock.now(), Caller(editor)
    survey = factories.survey(places.branch, now=now, edition=edition)
    for _each in range(rows):
        factories.invitation(survey, places.branch, now)
        factories.survey(places.branch, now=now, edition=edition)
    for address, queries in (("surveys/", 5), (f"surveys/{survey.pk}/invitations/", 5)):
        with django_assert_num_queries(queries):
            assert caller.get(address).status_code == 200
