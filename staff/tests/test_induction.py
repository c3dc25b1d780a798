"""The first months of a new person: mentor, steps, assessments, result, reminders (T-13)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Role
from staff.actions import induction, induction_news
from staff.models import Induction

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def desk() -> Desk:
    found = opened_desk()
    branch, root = found.company.branch, found.company.headquarters
    for name, place, role in (
        ("mentor", branch, Role.MENTOR),
        ("resources", root, Role.HUMAN_RESOURCES),
    ):
        found.people[name] = PersonFactory.create(name=name, branch=place, role=role, email="")
    return found


def planning(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "person": desk.handler,
        "branch": desk.company.branch,
        "mentor": desk.mentor,
        "started_on": date(2026, 11, 18),
        "steps": ["One", " ", "Two"],
        "by": desk.manager,
        "now": at(0),
    } | more


def running(desk: Desk) -> Induction:
    made = induction.plan(**planning(desk))
    induction.confirm(induction=made, by=desk.resources, now=at(1))
    return made


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def test_t13_nobody_mentors_or_confirms_themselves(desk: Desk) -> None:
    both = PersonFactory.create(
        name="both",
        postings=[(desk.company.branch, Role.HANDLER), (desk.company.branch, Role.MENTOR)],
    )
    for field, wrong in (
        ("mentor", {"person": both, "mentor": both}),
        ("mentor", {"mentor": desk.manager}),
        ("person", {"person": desk.manager}),
        ("person", {"person": desk.neighbour}),
        ("started_on", {"started_on": date(2024, 1, 1)}),
    ):
        with refused(Refused, field):
            induction.plan(**planning(desk, **wrong))
    with refused(Forbidden):
        induction.plan(**planning(desk, branch=desk.company.sibling, person=desk.neighbour))
    with refused(Forbidden):
        induction.plan(**planning(desk, by=desk.quality))
    made = induction.plan(**planning(desk, by=desk.resources))
    assert [row.text for row in made.steps.all()] == ["One", "Two"]
    with refused(Refused, "person"):
        induction.plan(**planning(desk))
    # HR proposed it: another of HR confirms.
    with refused(Forbidden):
        induction.confirm(induction=made, by=desk.resources, now=at(1))
    with refused(Forbidden):
        induction.confirm(induction=made, by=desk.manager, now=at(1))
    with refused(NotOpen):
        induction.finish_step(
            induction=made, step=made.steps.earliest("pk").pk, by=desk.handler, now=at(1)
        )
    for change in ({"mentor": made.person_id}, {"status": "running"}, {"status": "passed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Induction.objects.filter(pk=made.pk).update(**change)


def test_t13_assessments_lead_to_the_result(desk: Desk) -> None:
    plan = running(desk)
    assert told("mentor_confirmed") == ["handler", "manager", "mentor"]
    said: dict[str, Any] = {"induction": plan, "score": 4, "words": "Calm on the phone"}
    with refused(NotOpen):
        induction.assess(days=30, by=desk.mentor, now=at(22 * DAY), **said)
    with refused(Forbidden):
        induction.assess(days=30, by=desk.handler, now=at(30 * DAY), **said)
    with refused(Refused, "days"):
        induction.assess(days=31, by=desk.mentor, now=at(30 * DAY), **said)
    with refused(Refused, "words"):
        induction.assess(days=30, by=desk.mentor, now=at(30 * DAY), **said | {"words": " "})
    result: dict[str, Any] = {"induction": plan, "grounds": "As seen"}
    with refused(Refused, "result"):
        induction.decide(result="extended", by=desk.manager, now=at(30 * DAY), **result)
    for days in (30, 60, 90):
        induction.assess(days=days, by=desk.mentor, now=at(days * DAY), **said)
    with refused(NotOpen):
        induction.assess(days=90, by=desk.mentor, now=at(90 * DAY), **said)
    with refused(Forbidden):
        induction.decide(result="passed", by=desk.mentor, now=at(90 * DAY), **result)
    with refused(Refused, "grounds"):
        induction.decide(
            result="passed", by=desk.manager, now=at(90 * DAY), **result | {"grounds": ""}
        )
    induction.decide(result="extended", by=desk.manager, now=at(90 * DAY), **result)
    assert list(plan.assessments.values_list("days", flat=True)) == [30, 60, 90, 120]
    with refused(Refused, "result"):
        induction.decide(result="passed", by=desk.manager, now=at(91 * DAY), **result)
    induction.assess(days=120, by=desk.manager, now=at(120 * DAY), **said)
    induction.decide(result="passed", by=desk.manager, now=at(121 * DAY), **result)
    with refused(NotOpen):
        induction.decide(result="not_passed", by=desk.manager, now=at(122 * DAY), **result)
    plan.refresh_from_db()
    assert (plan.status, plan.decided_by, told("induction_decided")) == (
        "passed",
        desk.manager,
        ["handler", "handler", "mentor", "mentor", "resources", "resources"],
    )


def test_t13_the_mentor_hears_before_and_the_manager_when_it_is_late(desk: Desk) -> None:
    plan = running(desk)
    Message.objects.all().delete()
    for days, count in ((26, 0), (27, 1), (30, 0), (31, 2), (32, 0), (57, 1)):
        assert induction_news.remind(now=at(days * DAY)) == count, days
    assert told("induction_assessment_due") == ["manager", "mentor", "mentor", "mentor"]
    induction.propose(induction=plan, mentor=desk.mentor, by=desk.manager, now=at(58 * DAY))
    # Nobody is reminded of what has no confirmed mentor.
    assert induction_news.remind(now=at(70 * DAY)) == 0


def test_t13_only_those_concerned_see_it_and_act_through_the_page(desk: Desk) -> None:
    plan = running(desk)
    page = f"/staff/inductions/{plan.pk}/"
    for person, status in (
        (desk.handler, 200),
        (desk.mentor, 200),
        (desk.manager, 200),
        (desk.resources, 200),
        (desk.neighbour_manager, 404),
        (desk.quality, 404),
        (desk.executive, 404),
    ):
        assert client(person).get(page).status_code == status, person
    new, mentor = client(desk.handler), client(desk.mentor)
    step = plan.steps.earliest("pk")
    assert new.post(f"{page}steps/done/", {"step": step.pk}).status_code == 302
    assert new.post(f"{page}steps/done/", {"step": step.pk}).status_code == 409
    assert new.post(f"{page}steps/", {"text": "x", "due_on": "2026-12-01"}).status_code == 403
    wrong = mentor.post(f"{page}steps/", {"text": "Three", "due_on": "2036-12-01"})
    assert (wrong.status_code, b'value="Three"' in wrong.content) == (422, True)
    given = {"text": "Three", "due_on": "2026-12-01", "version": "1"}
    assert mentor.post(f"{page}steps/", given).status_code == 409
    assert mentor.post(f"{page}steps/", given | {"version": "2"}).status_code == 302
    assert plan.steps.count() == 3


def test_t13_the_api_plans_and_confirms(desk: Desk) -> None:
    boss = Caller(desk.manager)
    given = {"person": desk.handler.pk, "branch": "WX", "mentor": desk.mentor.pk}
    start = {"started_on": clock.now().date().isoformat()}
    assert Caller(desk.handler).post("inductions/", given | start).status_code == 403
    refused_ = boss.post("inductions/", given | start | {"mentor": desk.handler.pk})
    assert (refused_.status_code, list(refused_.json()["fields"])) == (400, ["mentor"])
    made = boss.post("inductions/", given | start | {"steps": ["One"]}).json()
    page = f"inductions/{made['id']}/"
    assert boss.post(f"{page}confirm/", {}).status_code == 403
    confirmed = Caller(desk.resources).post(f"{page}confirm/", {}).json()
    assert (confirmed["status"], len(confirmed["assessments"])) == ("running", 3)
    done = Caller(desk.handler).post(f"{page}steps/done/", {"step": made["steps"][0]["id"]})
    assert done.json()["steps"][0]["done_by"]["name"] == "handler"
    assert Caller(desk.quality).get(page).status_code == 404
    assert len(Caller(desk.mentor).get("inductions/").json()["results"]) == 1


@pytest.mark.parametrize("number", [1, 20])
def test_t13_the_list_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        new = PersonFactory.create(name=f"{place}", branch=desk.company.branch)
        plan = induction.plan(**planning(desk, person=new))
        induction.confirm(induction=plan, by=desk.resources, now=at(0) + timedelta(hours=1))
    browser = client(desk.manager)
    browser.get("/staff/inductions/")
    with django_assert_num_queries(7):
        assert browser.get("/staff/inductions/").status_code == 200
