"""The pages of surveys: list, form with preview, one survey and its acts (S-01, S-02, F-17)."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from csm.tests.crawler import text_of as whole_text
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.actions import drawing, surveys
from surveys.models import Edition, Invitation, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def door(editor: Person) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def edition(places: Tree, now: datetime) -> Edition:
    return factories.edition(places.headquarters, now=now)


def text_of(response: Any) -> str:
    """The words alone."""
    return " ".join(re.sub("<[^>]+>", " ", whole_text(response)).split())


def filled(edition: Edition, places: Tree, **given: Any) -> dict[str, Any]:
    return {
        "name": "年度满意度",
        "edition": edition.pk,
        "branch": places.headquarters.pk,
        "method": "online",
        "margin": "5",
        "cool_down_days": "30",
        "remind_every_days": "3",
        "remind_at_most": "2",
        "open_for_days": "14",
        "delay_hours": "24",
    } | given


def customers(number: int, places: Tree) -> None:
    for place in range(number):
        CustomerFactory.create(email=f"{place}@example.com", home_branch=places.branch)


def test_s01_s02_a_survey_is_prepared_drawn_begun_and_closed_on_its_pages(
    door: Client, places: Tree, edition: Edition
) -> None:
    customers(12, places)
    given = filled(edition, places, stratum="tier", quotas="Gold 5\n", tiers=["gold", "silver"])
    response = door.post("/surveys/new/", given)
    survey = Survey.objects.get()
    assert response.headers["Location"] == f"/surveys/{survey.pk}/"
    assert (survey.frame, survey.quotas) == ({"tiers": ["gold", "silver"]}, {"gold": 5})
    address = f"/surveys/{survey.pk}/"
    assert "Nobody is drawn yet" in text_of(door.get(address))
    refused = door.post(f"{address}draw/", {"version": survey.version})
    assert refused.status_code == 422
    assert "drawn of: Silver" in text_of(refused)
    edited = door.post(f"{address}edit/", given | {"tiers": ["gold"], "version": 1})
    assert edited.status_code == 302
    stale = door.post(f"{address}edit/", given | {"tiers": ["gold"], "version": 1})
    assert stale.status_code == 409
    door.post(f"{address}draw/", {"version": 2})
    shown = text_of(door.get(address))
    survey.refresh_from_db()
    assert str(survey.seed) in shown
    assert "Could be drawn 12" in shown
    door.post(f"{address}open/", {"version": survey.version})
    assert door.post(f"{address}delete/").status_code == 409
    Invitation.objects.filter(
        pk__in=list(Invitation.objects.values_list("pk", flat=True)[:4])
    ).update(status="complete", next_message_at=None)
    assert "100.0%" in text_of(door.get(address))
    door.post(f"{address}close/")
    survey.refresh_from_db()
    assert survey.status == "closed"
    assert Invitation.objects.filter(status="expired").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "name"),
        ({"quotas": "Gold"}, "write the stratum and a number"),
        ({"quotas": "Gold 0", "stratum": "tier"}, "1 or more"),
        ({"quotas": "Gold 3"}, "Quotas need strata"),
        ({"margin": "0"}, "greater than or equal to 1"),
        ({"open_for_days": "99999"}, "less than or equal to 365"),
        ({"size": "0"}, "Nobody would be asked"),
        ({"edition": "999999"}, "edition"),
        ({"branches": ["nowhere"]}, "nowhere"),
        ({"opens_complaint": "on"}, "Choose the category"),
    ],
)
def test_s01_bad_input_is_named_keeps_what_was_typed_and_changes_nothing(
    door: Client, places: Tree, edition: Edition, wrong: dict[str, Any], words: str
) -> None:
    response = door.post("/surveys/new/", filled(edition, places, name_en="Kept") | wrong)
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'role="alert"' in shown
    assert words in shown
    assert 'value="Kept"' in shown
    assert not Survey.objects.exists()


def test_s02_the_preview_counts_while_the_form_is_filled_in(
    door: Client, places: Tree, edition: Edition
) -> None:
    customers(12, places)
    CustomerFactory.create(email="")

    def preview(**given: Any) -> str:
        response = door.post("/surveys/preview/", filled(edition, places, name="") | given)
        return text_of(response)

    assert "match 13 Can be drawn 12" in preview()
    assert "12 customers would be asked" in preview()
    assert "fewer than 20" in preview(size="20")
    assert "Gold 12 4" in preview(stratum="tier", quotas="gold 4")
    assert "without a sample" in preview(after_closing="on")
    assert "Choose the issuing unit" in preview(branch="")
    whole = door.post("/surveys/new/", filled(edition, places, name="") | {"do": "preview"})
    assert "12</span> customers would be asked" in whole.content.decode()
    assert not Survey.objects.exists()


@pytest.mark.parametrize("rows", [1, 20])
def test_s01_the_list_takes_as_many_queries_for_twenty_as_for_one(
    door: Client,
    places: Tree,
    now: datetime,
    edition: Edition,
    rows: int,
    django_assert_num_queries: Any,
) -> None:
    for _each in range(rows):
        factories.survey(places.branch, now=now, edition=edition)
    door.get("/surveys/")
    with django_assert_num_queries(7):
        shown = door.get("/surveys/")
    assert text_of(shown).count("年度满意度调查") + text_of(shown).count("Yearly satis") == rows


def test_s01_empty_lists_say_what_will_stand_there(door: Client, places: Tree) -> None:
    assert "No surveys yet" in text_of(door.get("/surveys/"))
    assert "No survey in this state" in text_of(door.get("/surveys/?status=closed"))


def test_b02_a_branch_that_is_only_asked_sees_its_own_invitations(
    places: Tree, editor: Person, edition: Edition, now: datetime
) -> None:
    customers(3, places)
    CustomerFactory.create(email="x@example.com", home_branch=places.other_region)
    survey = surveys.create(
        name="x", branch=places.headquarters, edition=edition, by=editor, now=now
    )
    drawing.draw(survey=survey, by=editor, now=now)
    surveys.open_(survey=survey, by=editor, now=now)
    client = Client()
    client.force_login(PersonFactory.create(branch=places.branch, role=Role.HANDLER))
    shown = text_of(client.get(f"/surveys/{survey.pk}/"))
    assert "Waiting 3" in shown
    assert "Seed" not in shown
    stranger = Client()
    stranger.force_login(PersonFactory.create(branch=places.sibling, role=Role.HANDLER))
    assert stranger.get(f"/surveys/{survey.pk}/").status_code == 404
