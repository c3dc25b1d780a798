"""What the programme asks of whom: late first, mine first, and nothing that is done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from complaints.tests.clockwork import Desk, at, opened_desk
from organisation.factories import PersonFactory
from organisation.models import Person, Role
from staff import factories
from staff.agenda import agenda
from staff.models import Turn
from staff.quarter_factories import begin_round
from staff.tests.test_scorecards import client, text_of

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def told(person: Person, hour: float) -> list[list[tuple[str, bool]]]:
    """What is late, due this week, and due later: words, and whether it is theirs."""
    found = agenda(person, now=at(hour))
    return [
        [(f"{task.words} {task.whose}".strip(), task.is_mine) for task in tasks]
        for tasks in (found.late, found.week, found.quarter)
    ]


def test_t06_s20_tasks_by_person_and_day(desk: Desk) -> None:
    """Plans are due on Saturday, 28 November, the survey ends on Tuesday, 1 December."""
    made = factories.contest(now=at(0))
    begin_round(now=at(0))
    plan, survey = "Submit the plan for the contest Wuxi", "Answer the survey of staff"
    assert told(desk.manager, 0) == [[], [], [(plan, True), (survey, True)]]
    # Others of the branch may write it; mine stands before it.
    assert told(desk.handler, 0) == [[], [], [(survey, True), (plan, False)]]
    assert told(desk.handler, 6 * DAY) == [[], [(plan, False)], [(survey, True)]]
    assert told(desk.handler, 12 * DAY) == [[(plan, False)], [(survey, True)], []]
    factories.plan(made, desk.company.branch, desk.handler, now=at(1), until="submitted")
    assert told(desk.manager, 12 * DAY) == [[], [(survey, True)], []]
    assert told(PersonFactory.create(email=""), 0) == [[], [], []]


def test_t01_t05_the_report_of_the_week_and_its_questions(desk: Desk) -> None:
    """The week of 23 November: to be handed in by Sunday, late on Monday, asked of the branch."""
    Turn.objects.create(
        branch=desk.company.branch, monday=date(2026, 11, 23), publish_at=at(4 * DAY + 22)
    )
    words = "Hand in the micro-report of the week of 2026-11-23 Wuxi"
    assert told(desk.manager, 0) == [[], [(words, True)], []]
    assert told(desk.handler, 5 * DAY) == [[(words, False)], [], []]
    assert told(desk.neighbour_manager, 0) == [[], [], []]


def test_t06_the_page_begins_with_it_and_the_api_says_the_same(desk: Desk) -> None:
    resources = PersonFactory.create(
        branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )
    now = timezone.now()
    begin_round(now=now)
    browser = client(resources)
    page = text_of(browser.get("/staff/"))
    found = browser.get("/api/v1/programme/").json()
    words = [task["words"] for group in found.values() for task in group]
    assert words
    for each in words:
        assert page.index(each) < page.index("All parts of the programme")
    assert {task["is_mine"] for group in found.values() for task in group} == {True}
    last = (timezone.localdate(now) + timedelta(days=13)).isoformat()
    assert f"Answer the survey of staff until {last} · mine" in page
