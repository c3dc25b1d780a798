"""Morning meetings, spot-checks and the rate of awareness (T-04, T-05, F-18, F-13)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from complaints.tests.clockwork import Desk, at, opened_desk, told
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.statistics import shrink_proportions
from csm.tests.api import Caller
from csm.tests.api import refused as refused_by_api
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Message, Person
from staff import factories as staff
from staff import report_reading as reading
from staff.actions import awareness, programme, reminders
from staff.models import AskedPerson, MicroReport, MorningMeeting, SpotCheck

pytestmark = pytest.mark.django_db
# Monday 23 November 2026, eight o'clock; the Friday of that week, ten.
MONDAY, FRIDAY = at(24 * 5 - 2), at(24 * 9)
DAY = timedelta(days=1)
RIGHT = [question.right for question in staff.QUESTIONS]


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def opened(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def published(desk: Desk) -> MicroReport:
    return staff.report(
        desk.company.branch, by=desk.handler, reviewer=desk.quality, now=MONDAY, until="published"
    )


def test_t04_the_manager_records_who_was_there_in_the_week(desk: Desk) -> None:
    report = published(desk)
    given: dict[str, Any] = {
        "report": report, "branch": desk.company.branch, "held_on": date(2026, 11, 24),
        "attendees": [desk.handler, desk.manager], "by": desk.manager, "now": FRIDAY,
    }  # fmt: skip
    for refused, wrong in (
        ("held_on", {"held_on": date(2026, 11, 22)}),
        ("held_on", {"held_on": date(2026, 11, 30)}),
        ("held_on", {"held_on": date(2026, 11, 28)}),
        ("attendees", {"attendees": []}),
        ("attendees", {"attendees": [desk.neighbour]}),
    ):
        with pytest.raises(Refused) as refusal:
            awareness.record_meeting(**given | wrong)
        assert list(refusal.value.fields) == [refused]
    for person in (desk.handler, desk.neighbour_manager, desk.quality):
        with pytest.raises(Forbidden):
            awareness.record_meeting(**given | {"by": person})
    assert not MorningMeeting.objects.exists()
    awareness.record_meeting(**given)
    corrected = awareness.record_meeting(**given | {"attendees": [desk.manager]})
    assert [person.name for person in corrected.attendees.all()] == ["manager"]
    assert MorningMeeting.objects.count() == 1


def test_t04_on_friday_managers_without_a_record_are_reminded_once(desk: Desk) -> None:
    report = published(desk)
    awareness.record_meeting(
        report=report, branch=desk.company.branch, held_on=date(2026, 11, 24),
        attendees=[desk.handler], by=desk.manager, now=MONDAY + DAY,
    )  # fmt: skip
    assert reminders.meetings_missing(now=FRIDAY - 2 * timedelta(hours=1)) == 0
    assert told("meeting_missing") == []
    for _time in range(2):
        programme.run(now=FRIDAY)
    # Xinwu has no manager of its own: that of Wuxi hears for it.
    assert told("meeting_missing") == ["manager", "neighbour_manager"]


def crowd(desk: Desk) -> None:
    """Seven more at Wuxi, nobody more at its child, three more at its sibling."""
    for place, number in ((desk.company.branch, 7), (desk.company.sibling, 3)):
        for _each in range(number):
            PersonFactory.create(branch=place, email="")


def test_t05_the_draw_takes_five_of_each_branch_or_all_and_can_be_repeated(desk: Desk) -> None:
    crowd(desk)
    report = published(desk)
    draw: dict[str, Any] = {"report": report, "now": MONDAY + DAY}
    for person in (desk.manager, desk.specialist, desk.executive):
        with pytest.raises(Forbidden):
            awareness.draw(by=person, **draw)
    with pytest.raises(Refused) as refusal:
        awareness.draw(by=desk.quality, per_branch=4, **draw)
    assert list(refusal.value.fields) == ["per_branch"]
    check = awareness.draw(by=desk.quality, **draw)
    people = list(AskedPerson.objects.values_list("branch", "person"))
    counts = {code: AskedPerson.objects.filter(branch__code=code).count() for code in ("WX", "SZ")}
    # Wuxi has nine; its handler wrote the story. Suzhou has five, all are asked.
    assert (counts, len(people)) == ({"WX": 5, "SZ": 5}, 10)
    assert desk.handler.pk not in {person for _branch, person in people}
    group = awareness.candidates({desk.handler.pk, desk.quality.pk})
    assert sorted(awareness.drawn(group, check.seed, 5)) == sorted(people)
    assert awareness.drawn(group, check.seed + 1, 5) != awareness.drawn(group, check.seed, 5)
    assert Message.objects.filter(text="awareness_asked").count() == 10
    with pytest.raises(NotOpen):
        awareness.draw(by=desk.quality, **draw)
    with pytest.raises(DatabaseError), transaction.atomic():
        SpotCheck.objects.update(seed=1)


def asked(desk: Desk) -> tuple[AskedPerson, AskedPerson]:
    """Two who were drawn at Suzhou."""
    awareness.draw(report=published(desk), by=desk.quality, now=MONDAY + DAY)
    first, second = AskedPerson.objects.filter(branch=desk.company.sibling).order_by("pk")
    return first, second


def test_t05_two_right_answers_of_three_are_enough_by_page_or_phone(desk: Desk) -> None:
    mine, other = asked(desk)
    now: datetime = MONDAY + 2 * DAY
    with pytest.raises(Forbidden):
        awareness.answer(asked=mine, chosen=RIGHT, by=other.person, now=now)
    with pytest.raises(Refused):
        awareness.answer(asked=mine, chosen=RIGHT[:2], by=mine.person, now=now)
    with pytest.raises(NotOpen):
        awareness.answer(asked=mine, chosen=RIGHT, by=mine.person, now=now + 7 * DAY)
    assert not AskedPerson.objects.filter(answered_at__isnull=False).exists()
    assert awareness.answer(
        asked=mine, chosen=[*RIGHT[:2], "something else"], by=mine.person, now=now
    )
    type_in: dict[str, Any] = {"asked": other, "marks": [True, False, False], "now": now}
    with pytest.raises(Forbidden):
        awareness.type_in(by=desk.manager, **type_in)
    assert not awareness.type_in(by=desk.quality, **type_in)
    mine.refresh_from_db()
    assert (mine.marks, mine.is_aware, mine.typed_by) == ([True, True, False], True, None)
    with pytest.raises(NotOpen):
        awareness.answer(asked=mine, chosen=RIGHT, by=mine.person, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        AskedPerson.objects.filter(pk=mine.pk).update(is_aware=False)


def test_t03_a_report_is_withdrawn_with_a_reason_and_only_reviewers_still_see_it(
    desk: Desk,
) -> None:
    """The number stays given and the week punctual; nobody reads or answers about it any more."""
    mine, _other = asked(desk)
    report = MicroReport.objects.get()
    one, api = f"/staff/micro-reports/{report.pk}/", f"micro-reports/{report.pk}/withdraw/"
    reviews, reads, writes = (opened(each) for each in (desk.quality, mine.person, desk.handler))
    assert writes.post(f"{one}withdraw/", {"reason": "x"}).status_code == 403
    empty = reviews.post(f"{one}withdraw/", {"reason": " ", "version": report.version})
    assert (empty.status_code, "Say why the story is withdrawn" in empty.content.decode()) == (
        422,
        True,
    )
    refused_by_api(Caller(desk.quality).post(api, {"reason": "x", "version": 1}), 409, "stale")
    report.refresh_from_db()
    assert (report.status, told("micro_report_withdrawn")) == ("published", [])
    sent = {"reason": "The customer did not agree", "version": report.version}
    assert reviews.post(f"{one}withdraw/", sent).status_code == 302
    refused_by_api(Caller(desk.quality).post(api, {"reason": "x"}), 409, "not_open")
    assert {"handler", "manager", "neighbour_manager"} <= set(told("micro_report_withdrawn"))
    assert report.title in reviews.get("/staff/micro-reports/").content.decode()
    assert "The customer did not agree" in reviews.get(one).content.decode()
    for person, page in ((mine.person, reads), (desk.handler, writes)):
        assert page.get(one).status_code == 404
        assert report.title not in page.get("/staff/micro-reports/").content.decode()
        assert Caller(person).get("micro-reports/").json()["results"] == []
    own = reads.get(f"/staff/awareness/{mine.pk}/").content.decode()
    assert ("The story was withdrawn" in own, report.title in own) == (True, False)
    with pytest.raises(NotOpen):
        awareness.answer(asked=mine, chosen=RIGHT, by=mine.person, now=MONDAY + DAY)
    quarter = reading.quarter("2026-Q4", MONDAY)
    assert not reading.asked_in(quarter).exists()
    punctual = reading.punctuality(MONDAY + DAY, quarter)
    assert (punctual.k, punctual.n) == (1, 1)
    assert reminders.meetings_missing(now=FRIDAY) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        MicroReport.objects.update(status="published")


@pytest.mark.django_db(transaction=True)
def test_t05_of_two_answers_at_once_one_counts() -> None:
    desk = opened_desk()
    mine, _other = asked(desk)
    job: dict[str, Any] = {"asked": mine, "now": MONDAY + 2 * DAY}
    results = race(
        lambda: awareness.answer(chosen=RIGHT, by=mine.person, **job),
        lambda: awareness.type_in(marks=[False] * 3, by=desk.quality, **job),
        lambda: awareness.answer(chosen=RIGHT, by=mine.person, **job),
    )
    assert sum(isinstance(result, bool) for result in results) == 1


def answered(desk: Desk, place: Any, right: int, n: int, check: SpotCheck) -> None:
    people = [PersonFactory.create(branch=place, email="") for _each in range(n)]
    AskedPerson.objects.bulk_create(
        AskedPerson(
            spot_check=check, person=person, branch=place, marks=[number < right] * 3,
            is_aware=number < right, answered_at=MONDAY,
        )
        for number, person in enumerate(people)
    )  # fmt: skip


def test_f18_the_rate_has_wilsons_interval(desk: Desk) -> None:
    """17 of 20 are 85.00 % (63.96 to 94.76)."""
    report = published(desk)
    check = awareness.draw(report=report, by=desk.quality, now=MONDAY)
    AskedPerson.objects.all().delete()
    answered(desk, desk.company.branch, 17, 20, check)
    total, _lines = reading.awareness(reading.asked_about(report))
    figures = [total.value, total.low, total.high]
    assert [round(100 * (each or 0), 2) for each in figures] == [85.00, 63.96, 94.76]


def test_f13_branches_are_ordered_fairly_not_by_the_raw_rate(desk: Desk) -> None:
    """18/40, 5/6 and 9/30: five of six do not lead by as much as they seem to."""
    report = published(desk)
    check = awareness.draw(report=report, by=desk.quality, now=MONDAY)
    AskedPerson.objects.all().delete()
    counts = {"WX": (18, 40), "WX1": (5, 6), "SZ": (9, 30)}
    places = (desk.company.branch, desk.company.child, desk.company.sibling)
    for place in places:
        answered(desk, place, *counts[place.code], check)
    period = reading.quarter("2026-Q4", MONDAY)
    _total, lines = reading.awareness(reading.asked_in(period))
    shrunk = shrink_proportions([counts[line.branch.code] for line in lines])
    assert [line.fair for line in lines] == pytest.approx([each.value for each in shrunk])
    ranks = sorted(each.expected_rank or 0 for each in shrunk)
    assert [line.place for line in lines] == pytest.approx(ranks)
    assert [line.share.n for line in lines if line.branch.code == "WX1"] == [6]
    assert reading.awareness(reading.asked_in(period.previous))[1] == []


@pytest.mark.parametrize("number", [1, 20])
def test_t05_pages_ask_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_max_num_queries: Any, client: Any
) -> None:
    report = published(desk)
    for _each in range(number):
        PersonFactory.create(branch=desk.company.sibling, email="")
    awareness.draw(report=report, by=desk.quality, per_branch=50, now=MONDAY)
    client.force_login(Person.objects.get(pk=desk.quality.pk))
    for url, most in (
        (f"/staff/micro-reports/{report.pk}/awareness/", 9),
        ("/staff/awareness/?quarter=2026-Q4", 7),
        (f"/staff/micro-reports/{report.pk}/", 16),
        ("/staff/micro-reports/", 12),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
