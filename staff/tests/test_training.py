"""Training: needs, courses, sessions, tests, effect, timeliness (T-18, T-19, W-15)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.actions import improvements
from complaints.factories import CategoryFactory, ComplaintFactory, WorkOrderFactory
from complaints.models import Complaint
from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Posting, Role
from staff import training as reading
from staff import training_needs
from staff.actions import training, training_news
from staff.actions.training import Result
from staff.learning_factories import course, trained
from staff.models import Attendance, Course, TrainingSession
from surveys import factories as surveys

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def desk() -> Desk:
    found = opened_desk()
    branch = found.company.branch
    found.people["colleague"] = PersonFactory.create(name="colleague", branch=branch, email="")
    root = found.company.headquarters
    found.people["resources"] = PersonFactory.create(
        name="resources", branch=root, role=Role.HUMAN_RESOURCES, email=""
    )
    return found


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def session(desk: Desk, **more: Any) -> TrainingSession:
    made = course(desk.resources, desk.company.headquarters, now=at(0), **more)
    people = [desk.handler, desk.colleague]
    return trained(made, desk.company.branch, desk.manager, people, now=at(0), starts_at=at(48))


def test_t18_a_session_is_planned_and_recorded_by_its_trainer(desk: Desk) -> None:
    made = course(desk.resources, desk.company.headquarters, now=at(0))
    given: dict[str, Any] = {
        "course": made, "branch": desk.company.branch, "place": "Hall", "starts_at": at(48),
        "minutes": 60, "trainer": desk.quality, "people": [desk.handler, desk.colleague],
        "by": desk.manager, "now": at(0),
    }  # fmt: skip
    for field, wrong in (
        ("place", {"place": " "}),
        ("minutes", {"minutes": 0}),
        ("starts_at", {"starts_at": at(400 * DAY)}),
        ("people", {"people": []}),
        ("people", {"people": [desk.neighbour]}),
        ("people", {"trainer": desk.handler}),
    ):
        with refused(Refused, field):
            training.plan_session(**given | wrong)
    with refused(Forbidden):
        training.plan_session(**given | {"branch": desk.company.sibling})
    row = training.plan_session(**given)
    assert told("training_planned") == ["colleague", "handler", "quality"]
    results = [Result(desk.handler.pk, attended=True, score=80), Result(desk.colleague.pk, False)]
    said: dict[str, Any] = {"session": row, "by": desk.quality, "now": at(49)}
    with refused(NotOpen):
        training.record(results=results, **said | {"now": at(47)})
    with refused(Forbidden):
        training.record(results=results, **said | {"by": desk.handler})
    # Whoever may record there does not record their own score.
    Posting.objects.create(
        person=desk.colleague, branch=desk.company.branch, role=Role.BRANCH_MANAGER
    )
    own = Person.objects.get(pk=desk.colleague.pk)
    with refused(Forbidden):
        training.record(results=results, **said | {"by": own})
    assert training.acts(_again(row), own, now=at(49)) == ["cancel"]
    for wrong_results in (
        results[:1],
        [results[0], Result(desk.colleague.pk, attended=False, score=3)],
        [results[0], Result(desk.colleague.pk, attended=True, score=101)],
    ):
        with refused(Refused, "results"):
            training.record(results=wrong_results, **said | {"session": _again(row)})
    row = _again(row)
    training.record(results=results, **said | {"session": row})
    with refused(Stale):
        training.record(results=results, version=1, **said | {"session": row})
    with refused(NotOpen):
        training.cancel(session=row, reason="x", by=desk.manager, now=at(50))
    assert list(Attendance.objects.order_by("pk").values_list("attended", "score")) == [
        (True, 80),
        (False, None),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.update(score=101)


def _again(row: TrainingSession) -> TrainingSession:
    return TrainingSession.objects.select_related("course", "branch", "trainer").get(pk=row.pk)


def test_t18_scores_are_seen_by_oneself_and_who_trains_there(desk: Desk) -> None:
    row = session(desk)
    results = [Result(desk.handler.pk, True, 81), Result(desk.colleague.pk, True, 92)]
    training.record(session=row, results=results, by=desk.manager, now=at(49))
    page = f"/staff/training/sessions/{row.pk}/"
    for person, seen in (
        (desk.handler, {81}),
        (desk.manager, {81, 92}),
        (desk.resources, {81, 92}),
        (desk.quality, set()),
    ):
        text = client(person).get(page).content.decode()
        found = {n for n in (81, 92) if f"{n} of 100" in text or f'value="{n}"' in text}
        assert found == seen, person
    assert client(desk.neighbour).get(page).status_code == 404
    assert "81 of 100" in client(desk.handler).get("/staff/training/").content.decode()


def test_t18_reminders_a_day_before_and_when_a_course_is_late(desk: Desk) -> None:
    session(desk)
    Message.objects.all().delete()
    for hour, count in ((23, 0), (24, 3), (25, 0), (29 * DAY, 1), (30 * DAY, 0)):
        assert training_news.remind(now=at(hour)) == count, hour
    assert (told("training_soon"), told("course_late")) == (
        ["colleague", "handler", "manager"],
        ["resources"],
    )


def test_t18_timeliness_counts_what_was_to_be_held(desk: Desk) -> None:
    row = session(desk)
    late = course(desk.resources, desk.company.headquarters, now=at(0))
    course(desk.resources, desk.company.headquarters, now=at(0), hold_by=date(2027, 6, 1))
    assert reading.timeliness(now=at(1)).share is None
    results = [Result(desk.handler.pk, True), Result(desk.colleague.pk, True)]
    training.record(session=row, results=results, by=desk.manager, now=at(49))
    found = reading.timeliness(now=at(29 * DAY))
    assert (found.due, found.in_time) == (2, 1)
    assert (late.sessions.count(), found.low is not None) == (0, True)


def test_t18_the_effect_compares_a_branch_with_itself(desk: Desk) -> None:
    """20 complaints in 90 days before and 2 in 45 days after: 6.7 and 1.3 in 30 days.

    Wilson's interval of 2 in 22 is 0.0253 to 0.2782; as odds, times 90/45: 0.052 to 0.771.
    """
    category = CategoryFactory.create(code="attitude")
    below = CategoryFactory.create(code="rude", parent=category)
    made = course(desk.resources, desk.company.headquarters, now=at(0), category=category)
    given: dict[str, Any] = {"scores": {desk.handler.pk: 70}, "starts_at": at(0)}
    trained(made, desk.company.branch, desk.manager, [desk.handler], now=at(0), **given)
    wx, other = desk.company.branch, desk.company.sibling
    for day, count, branch, of in (
        (-10, 18, wx, category),
        (-5, 2, wx, below),
        (-100, 5, wx, category),
        (-3, 7, other, category),
        (10, 2, wx, category),
    ):
        for _each in range(count):
            row = ComplaintFactory.create(category=of, now=at(day * DAY))
            Complaint.objects.filter(pk=row.pk).update(branch=branch)
    assert reading.effect(made, desk.quality, now=at(5 * DAY))[0].verdict == "early"
    [found] = reading.effect(made, desk.quality, now=at(45 * DAY))
    assert (found.before, found.after, found.people, found.score) == (20, 2, 1, 70)
    rates = [each.rate for each in (found.rate_before, found.rate_after)]
    assert [round(rate, 2) for rate in rates if rate] == [6.67, 1.33]
    low, high = found.ratio
    assert (round(low or 0, 3), round(high or 0, 3), found.verdict) == (0.052, 0.771, "fewer")
    # Who does not see the branch's complaints is told nothing of them.
    assert reading.effect(made, desk.neighbour, now=at(45 * DAY)) == []


def test_w15_needs_follow_from_complaints_orders_and_surveys(desk: Desk) -> None:
    category = CategoryFactory.create(code="damage")
    for hour in (-100 * DAY, -10, -5):
        ComplaintFactory.create(branch=desk.company.branch, category=category, now=at(hour))
    [need] = training_needs.of_categories(desk.manager, now=at(0))
    assert (need.category, need.recent, need.earlier, need.courses) == (category, 2, 1, 0)
    assert training_needs.of_categories(desk.neighbour_manager, now=at(0)) == []
    order = WorkOrderFactory.create(complaint=desk.complaint("handling"), filler=desk.handler)
    asked = improvements.request(
        order=order, kind="course", title="Packing", reason="Broken", by=desk.handler, now=at(0)
    )
    improvements.request(
        order=order, kind="qc_topic", title="Topic", reason="x", by=desk.handler, now=at(0)
    )
    assert list(training_needs.of_orders(desk.manager)) == [asked]
    browser = client(desk.manager)
    page = browser.get("/staff/training/needs/").content.decode()
    assert f"/staff/training/new/?improvement={asked.pk}" in page
    form = browser.get(f"/staff/training/new/?improvement={asked.pk}").content.decode()
    assert 'value="Packing"' in form
    given = {
        "branch": desk.company.branch.pk, "title": "Packing", "topic": "product", "level": "entry",
        "category": category.pk, "hold_by": f"{clock.now() + timedelta(days=20):%Y-%m-%d}",
    }  # fmt: skip
    url = f"/staff/training/new/?improvement={asked.pk}"
    wrong = browser.post(url, given | {"hold_by": "2020-01-01"})
    assert (wrong.status_code, b'value="Packing"' in wrong.content) == (422, True)
    assert browser.post(url, given).status_code == 302
    assert (Course.objects.get().improvement, list(training_needs.of_orders(desk.manager))) == (
        asked,
        [],
    )
    linked = f"/staff/training/?improvement={asked.pk}"
    assert linked in browser.get(f"/improvements/{asked.pk}/").content.decode()
    assert "Packing" in browser.get(linked).content.decode()


def test_t20_gaps_in_surveys_become_needs_from_five_answers_on(desk: Desk) -> None:
    """2 of 1…5 is 2.5 of 1…7, and 6 was expected: 3.5 short."""
    asked = {"kind": "csat5", "text": "?", "with_expectation": True, "dimension": "empathy"}
    branch = desk.company.branch
    edition = surveys.edition(branch, questions=({"key": "calm", **asked},), now=at(0))
    survey = surveys.survey(branch, edition=edition, now=at(0))
    sheet = {"calm": {"value": 2, "expectation": 6}}
    surveys.responses(survey, branch, at(1), [sheet] * 4)
    assert training_needs.of_surveys(desk.manager, now=at(2)) == []
    surveys.responses(survey, branch, at(1), [sheet])
    [need] = training_needs.of_surveys(desk.manager, now=at(2))
    assert (need.dimension, need.topic, need.n, need.gap) == ("empathy", "emotion", 5, -3.5)
    assert training_needs.of_surveys(desk.neighbour_manager, now=at(2)) == []


def test_t19_the_api_plans_and_records(desk: Desk) -> None:
    boss = Caller(desk.manager)
    day = clock.now() + timedelta(days=3)
    given = {"branch": "WX", "title": "Calm", "topic": "emotion", "hold_by": f"{day:%Y-%m-%d}"}
    assert Caller(desk.handler).post("courses/", given).status_code == 403
    assert boss.post("courses/", given | {"topic": "cooking"}).status_code == 400
    made = boss.post("courses/", given).json()
    page = f"courses/{made['id']}/"
    assert boss.patch(page, {"level": "expert", "version": 1}).json()["level"] == "expert"
    assert boss.patch(page, {"level": "entry", "version": 1}).status_code == 409
    plan = {"branch": "WX", "place": "Hall", "minutes": 30, "trainer": desk.manager.pk}
    people = {"people": [desk.handler.pk], "starts_at": clock.now().isoformat()}
    planned = boss.post(f"{page}sessions/", plan | people)
    assert planned.status_code == 201, planned.content
    url = f"training-sessions/{planned.json()['id']}/"
    assert boss.post(f"{page}close/", {}).status_code == 409
    result = {"results": [{"person": desk.handler.pk, "attended": True, "score": 77}]}
    held = boss.post(f"{url}record/", result).json()
    assert (held["status"], held["people"][0]["score"]) == ("held", 77)
    assert Caller(desk.colleague).get(url).json()["people"] == []
    assert boss.get(f"{page}effect/").json() == []
    assert set(boss.get("training-needs/").json()) == {"categories", "orders", "surveys"}
    assert boss.post(f"{page}close/", {}).json()["status"] == "closed"


@pytest.mark.parametrize("number", [1, 20])
def test_t18_the_list_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    for _each in range(number):
        session(desk)
    browser = client(desk.handler)
    browser.get("/staff/training/")
    with django_assert_num_queries(9):
        assert browser.get("/staff/training/").status_code == 200
