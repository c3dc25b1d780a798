"""The pages of surveys: list, form with preview, one survey and its acts (S-01, S-02, F-17)."""

import re
from datetime import datetime
from typing import Any, cast

import pytest
from django.http import FileResponse
from django.test import Client

from complaints.documents import qr
from csm.kit import clock
from csm.tests.crawler import text_of as whole_text
from customers.factories import CustomerFactory
from organisation.actions.tokens import path_of
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role
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


def test_b02_a_branch_where_a_code_hangs_sees_what_is_answered_there(
    places: Tree, edition: Edition
) -> None:
    now = clock.now()
    survey = factories.survey(places.headquarters, now=now, edition=edition, method="intercept")
    for branch in (places.branch, places.other_region):
        factories.responses(survey, branch, now, [{"total": 9}] * 6)
        factories.counter(survey, branch, now)
    client, stranger = Client(), Client()
    client.force_login(PersonFactory.create(branch=places.branch, role=Role.HANDLER))
    stranger.force_login(PersonFactory.create(branch=places.sibling, role=Role.HANDLER))
    assert "Yearly satisfaction" in text_of(client.get("/surveys/"))
    assert "前台" in text_of(client.get(f"/surveys/{survey.pk}/"))
    assert "6 responses" in text_of(client.get(f"/surveys/{survey.pk}/responses/"))
    for page in ("", "results/", "responses/", "comments/", "counters/"):
        assert stranger.get(f"/surveys/{survey.pk}/{page}").status_code == 404


def by_phone(places: Tree, edition: Edition, editor: Person, now: datetime) -> Survey:
    CustomerFactory.create(name="李娜公司", phone="13912345678", home_branch=places.branch)
    CustomerFactory.create(phone="13912345679", home_branch=places.other_region)
    survey = surveys.create(
        name="电话", branch=places.headquarters, edition=edition, by=editor, now=now, method="phone"
    )
    drawing.draw(survey=survey, by=editor, now=now)
    surveys.open_(survey=survey, by=editor, now=now)
    return survey


def test_s01_b25_a_caller_sees_whom_to_call_and_the_number_once_it_is_asked_for(
    door: Client, places: Tree, edition: Edition, editor: Person, now: datetime
) -> None:
    survey = by_phone(places, edition, editor, now)
    sheet = f"/surveys/{survey.pk}/calls/"
    shown = text_of(door.get(sheet))
    assert "2 customers to call" in shown
    mine = Invitation.objects.get(customer__name="李娜公司")
    address = f"/surveys/invitations/{mine.pk}"
    assert "139****5678" in text_of(door.get(f"{address}/call/"))
    assert "13912345678" not in door.get(f"{address}/call/").content.decode()
    revealed = door.post(f"{address}/phone/")
    assert "13912345678" in revealed.content.decode()
    assert revealed.headers["Cache-Control"] == "private, no-store"
    [record] = AccessRecord.objects.all()
    assert (record.person, record.what, record.reference) == (editor, "phone", f"survey:{mine.pk}")
    assert door.post(f"{address}/call/", {}).status_code == 422
    past = {"outcome": "no_reply", "next_at": "2020-01-01T10:00"}
    refused = door.post(f"{address}/call/", past)
    assert refused.status_code == 422
    assert "2020-01-01T10:00" in refused.content.decode()
    assert not mine.tries.exists()
    door.post(f"{address}/call/", {"outcome": "no_reply"})
    assert "No reply" in text_of(door.get(f"{address}/call/"))
    asked = door.post(f"{address}/call/", {"outcome": "reached"})
    assert asked.headers["Location"] == f"{address}/enter/"
    assert "1 customer to call" in text_of(door.get(sheet))


def test_b02_a_caller_calls_those_of_the_own_branch(
    places: Tree, edition: Edition, editor: Person, now: datetime
) -> None:
    survey = by_phone(places, edition, editor, now)
    client = Client()
    client.force_login(PersonFactory.create(branch=places.branch, role=Role.FRONT_DESK))
    shown = text_of(client.get(f"/surveys/{survey.pk}/calls/"))
    assert "1 customer to call" in shown
    foreign = Invitation.objects.get(branch=places.other_region)
    assert client.get(f"/surveys/invitations/{foreign.pk}/call/").status_code == 404
    assert client.post(f"/surveys/invitations/{foreign.pk}/phone/").status_code == 404
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("rows", [1, 20])
def test_s01_the_caller_sheet_takes_as_many_queries_for_twenty_as_for_one(
    door: Client,
    places: Tree,
    edition: Edition,
    now: datetime,
    rows: int,
    django_assert_num_queries: Any,
) -> None:
    survey = factories.survey(places.branch, now=now, edition=edition, method="phone")
    for _each in range(rows):
        factories.invitation(survey, places.branch, now, call_at=now)
    door.get(f"/surveys/{survey.pk}/calls/")
    with django_assert_num_queries(11):
        assert door.get(f"/surveys/{survey.pk}/calls/").status_code == 200


def test_s18_the_customer_page_takes_down_a_wish_and_takes_it_back(
    door: Client, places: Tree, now: datetime
) -> None:
    customer = CustomerFactory.create(home_branch=places.branch)
    address = f"/customers/{customer.pk}/surveys/"
    assert f'hx-get="{address}"' in door.get(f"/customers/{customer.pk}/").content.decode()
    assert "Never asked in a survey" in text_of(door.get(address))
    # A whole page in place of a part would take the reader away from the customer.
    part = door.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<section class="card" id="customer-surveys"')
    door.post(f"{address}decline/")
    assert "Does not wish to be asked, since" in text_of(door.get(address))
    assert "Does not wish to be asked" in text_of(door.get(f"/customers/{customer.pk}/"))
    door.post(f"{address}allow/")
    assert "Never ask in surveys" in text_of(door.get(address))


def test_s01_a_qr_code_hangs_at_a_counter_opens_the_sheet_and_is_taken_down(
    door: Client, places: Tree, edition: Edition, now: datetime
) -> None:
    survey = factories.survey(places.region, now=clock.now(), edition=edition, method="intercept")
    address = f"/surveys/{survey.pk}/counters/"
    for wrong in ({"place": " "}, {"branch": places.other_region.pk}):
        given = {"branch": places.branch.pk, "place": "前台"} | wrong
        assert door.post(address, given).status_code == 422
    assert not survey.counters.exists()
    response = door.post(address, {"branch": places.branch.pk, "place": "前台"})
    counter = survey.counters.get()
    page = f"{address}{counter.pk}/"
    assert response.headers["Location"] == page
    assert door.post(address, {"branch": places.branch.pk, "place": "前台"}).status_code == 422
    assert "<svg" in door.get(page).content.decode()
    file = door.get(f"{page}qr.svg")
    assert file.headers["Content-Type"] == "image/svg+xml"
    assert b"".join(cast(FileResponse, file)) == qr.file(
        f"http://localhost:8000{path_of(counter.link)}"
    )
    assert Client().get(path_of(counter.link)).status_code == 200
    assert "前台" in text_of(door.get(f"/surveys/{survey.pk}/"))
    door.post(f"{page}take-down/")
    assert "taken down" in text_of(door.get(f"/surveys/{survey.pk}/"))
    assert Client().get(path_of(counter.link)).status_code == 404
