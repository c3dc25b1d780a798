"""What the programme asks of whom: late first, mine first, and nothing that is done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from complaints.tests.clockwork import Desk, at, opened_desk
from complaints.tests.clockwork import told as heard
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Posting, Role
from staff import factories, learning_factories
from staff.actions import contact_audits, programme, tips
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


def test_t17_t22_what_others_wait_for(desk: Desk) -> None:
    """Two hear of a tip but for whom it concerns; experts of questions, never of their own."""
    place = desk.company.headquarters
    auditor, resources = (
        PersonFactory.create(branch=place, role=role, name=role, email="")
        for role in (Role.AUDITOR, Role.HUMAN_RESOURCES)
    )
    tips.report(
        branch=place, subject="回扣", text="收了礼", receipt=tips.new_receipt(),
        kept_from=[auditor], by=desk.handler, now=at(0),
    )  # fmt: skip
    learning_factories.proposed(desk.handler, desk.quality, title="甲", now=at(0))
    learning_factories.proposed(desk.handler, desk.specialist, title="乙", now=at(0))

    def waiting(person: Person, hour: float) -> list[list[str]]:
        found = [[words for words, _mine in group] for group in told(person, hour)]
        return [[words for words in group if "survey" not in words] for group in found]

    answers = "Review answers of experts: 1"
    assert waiting(resources, 0) == [[], [], ["Decide on what was reported: 1"]]
    assert waiting(resources, 15 * DAY) == [["Decide on what was reported: 1"], [], []]
    assert waiting(auditor, 0) == [[], [], []]
    assert waiting(desk.quality, 0) == [[], [answers], []]
    assert waiting(desk.specialist, 4 * DAY) == [[answers], [], []]
    for hour in (6 * DAY, 8 * DAY, 9 * DAY):
        programme.run(now=at(hour))
    assert heard("tip_waiting") == [Role.HUMAN_RESOURCES]
    # The answer of the specialist alone: of the quality manager's own nobody else is near.
    assert heard("question_waiting") == ["quality"]


def test_t12_t20_draws_and_decisions_of_the_quarter(desk: Desk) -> None:
    """Contacts by 17 December, decisions by 28 January: told and reminded once each."""
    place = desk.company.headquarters
    auditor, boss = (
        PersonFactory.create(branch=place, role=role, name=role, email="")
        for role in (Role.AUDITOR, Role.HUMAN_RESOURCES)
    )
    draw = "Draw the first contacts of Quarter 4, 2026"
    assert told(auditor, 0) == [[], [], []]
    desk.complaint("answered", by=desk.handler)
    assert told(auditor, 0) == [[], [], [(draw, True)]]
    for hour in (20 * DAY, 29 * DAY, 30 * DAY):
        programme.run(now=at(hour))
    assert [row.recipient.name for row in due("contacts")] == [Role.AUDITOR]
    contact_audits.draw(
        branch=place, first_on=date(2026, 11, 1), last_on=date(2026, 11, 30), per_branch=5,
        by=auditor, now=at(30 * DAY),
    )  # fmt: skip
    assert told(auditor, 30 * DAY) == [[], [], []]
    manager = PersonFactory.create(branch=desk.company.branch, role=Role.ACCOUNT_MANAGER, email="")
    Posting.objects.create(person=boss, branch=desk.company.branch, role=Role.ACCOUNT_MANAGER)
    Person.objects.filter(pk__in=(manager.pk, boss.pk)).update(created_at=at(0))
    words = "Decide on account managers for Quarter 4, 2026: 1"
    assert [row for group in told(boss, 50 * DAY) for row in group if "account" in row[0]] == [
        (words, True)
    ]
    for hour in (50 * DAY, 58 * DAY, 59 * DAY):
        programme.run(now=at(hour))
    assert [row.recipient.name for row in due("accounts")] == [Role.HUMAN_RESOURCES]


def due(what: str) -> list[Message]:
    rows = Message.objects.filter(text="quarter_due", channel="inbox", context__what=what)
    return list(rows.select_related("recipient"))


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
        assert page.index(each) < page.index("Every week")
    assert {task["is_mine"] for group in found.values() for task in group} == {True}
    last = (timezone.localdate(now) + timedelta(days=13)).isoformat()
    assert f"Answer the survey of staff until {last} · mine" in page
