"""The weekly micro-report: rotation, review, publication, names, awareness (T-01 … T-05, P-09)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from complaints.tests.clockwork import Desk, opened_desk, told
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller, refused
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.actions import calendars
from organisation.factories import PersonFactory
from organisation.models import Branch, CalendarDay, Person, Role
from staff import factories as staff
from staff import report_reading
from staff.actions import micro_reports, programme, turns
from staff.actions.micro_reports import Question, Story
from staff.models import AskedPerson, MicroReport, ReportStatus, Swap, Turn, TurnStep

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
QUESTIONS = tuple(
    Question(f"Question {n}?", f"right {n}", f"wrong {n}", f"worse {n}") for n in (1, 2, 3)
)
STORY = Story(
    title="Stayed until the goods were there",
    text="The driver waited four hours.",
    tone="positive",
    layer="heart",
    realm="family",
    questions=QUESTIONS,
)


def local(day: date, hour: float = 8) -> datetime:
    """That hour in Shanghai."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    return midnight + timedelta(hours=hour)


# A Wednesday in Advent: the whole first quarter of 2026 lies ahead.
ADVENT = local(date(2025, 12, 24), 10)


@pytest.fixture
def desk() -> Desk:
    found = opened_desk()
    calendar = calendars.create(name="客服中心", timezone="Asia/Shanghai", by=None)
    for year in (2025, 2026):
        calendars.load_year(calendar=calendar, year=year, by=None)
    turns.plan(now=ADVENT)
    return found


def writer(branch: Branch) -> Person:
    found = Person.objects.filter(postings__branch=branch, postings__role=Role.HANDLER).first()
    return found or PersonFactory.create(branch=branch, role=Role.HANDLER, email="")


def local_day(moment: datetime) -> date:
    return timezone.localdate(moment)


def written(turn: Turn, story: Story = STORY, *, now: datetime = ADVENT) -> MicroReport:
    return micro_reports.write(turn=turn, story=story, by=writer(turn.branch), now=now)


def submitted(turn: Turn, *, now: datetime = ADVENT) -> MicroReport:
    report = written(turn, now=now)
    micro_reports.submit(report=report, by=writer(turn.branch), now=now)
    return report


def test_t01_thirteen_mondays_of_a_quarter_with_a_holiday_week(desk: Desk) -> None:
    """Spring Festival takes one week out, moves the next to its Tuesday; one report is late."""
    first, last = date(2026, 1, 5), date(2026, 3, 30)
    mondays = [first + n * WEEK for n in range(13)]
    assert mondays[-1] == last
    planned = list(Turn.objects.filter(monday__range=(first, last)))
    spring = date(2026, 2, 16)
    assert [turn.monday for turn in planned] == [day for day in mondays if day != spring]
    moments = {turn.monday: turn.publish_at for turn in planned}
    assert moments.pop(date(2026, 2, 23)) == local(date(2026, 2, 24))
    assert all(moment == local(monday) for monday, moment in moments.items())
    assert set(Counter(turn.branch.code for turn in planned).values()) == {4}
    late = planned[4]
    for turn in planned:
        eve = turn.publish_at - DAY
        report = submitted(turn, now=eve)
        programme.run(now=turn.publish_at - timedelta(minutes=1))
        if turn == late:
            programme.run(now=turn.publish_at)
            assert "quality" in told("micro_report_late")
        approved = turn.publish_at + timedelta(hours=2) if turn == late else eve
        micro_reports.approve(report=report, by=desk.quality, now=approved)
        programme.run(now=approved + DAY)
        programme.run(now=approved + DAY)
    reports = MicroReport.objects.order_by("turn__monday")
    assert {report.status for report in reports} == {ReportStatus.PUBLISHED}
    assert [report.number for report in reports] == [f"微报【2026】{n:03d}号" for n in range(1, 13)]
    assert [report.turn.monday for report in reports if report.is_late] == [late.monday]
    quarter = report_reading.quarter("2026-Q1", ADVENT)
    punctual = report_reading.punctuality(local(date(2026, 4, 5)), quarter)
    assert (punctual.k, punctual.n) == (11, 12)


def test_t01_a_calendar_that_is_announced_later_moves_the_turns_along(desk: Desk) -> None:
    order = list(Turn.objects.values_list("pk", flat=True))
    for day in range(12, 17):
        calendars.set_day(
            calendar=CalendarDay.objects.first().calendar,  # type: ignore[union-attr]
            on=date(2026, 1, day), is_working=False, name="停工", by=None,
        )  # fmt: skip
    turns.plan(now=ADVENT)
    assert list(Turn.objects.values_list("pk", flat=True))[: len(order)] == order
    assert not Turn.objects.filter(monday=date(2026, 1, 12)).exists()
    assert TurnStep.objects.filter(kind="moved").exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.filter(pk=order[0]).delete()


def named(desk: Desk, code: str) -> Turn:
    """The next turn of a branch."""
    return Turn.objects.filter(branch__code=code).earliest("monday")


def weeks() -> dict[date, int]:
    return dict(Turn.objects.values_list("monday", "branch"))


def test_t01_two_branches_change_weeks_when_the_other_agrees(desk: Desk) -> None:
    ours, theirs = named(desk, "WX"), named(desk, "SZ")
    draft = written(ours)
    before = weeks()
    ask: dict[str, Any] = {"turn": ours, "week": theirs.monday + 2 * DAY, "now": ADVENT}
    swap = turns.ask_swap(reason="Inventory", by=desk.manager, **ask)
    assert (weeks(), told("swap_asked")) == (before, ["neighbour_manager"])
    with pytest.raises(NotOpen):
        turns.ask_swap(reason="Again", by=desk.manager, **ask)
    answer: dict[str, Any] = {"swap": swap, "is_agreed": True, "now": ADVENT}
    for person in (desk.manager, desk.handler):
        with pytest.raises(Forbidden):
            turns.answer_swap(by=person, **answer)
    turns.answer_swap(by=desk.neighbour_manager, **answer)
    with pytest.raises(NotOpen):
        turns.answer_swap(by=desk.neighbour_manager, **answer)
    after = weeks()
    changed = {day for day in before if before[day] != after[day]}
    assert changed == {ours.monday, theirs.monday}
    assert (after[ours.monday], told("swap_answered")) == (theirs.branch_id, ["manager"])
    # The story goes with its branch.
    assert MicroReport.objects.get(pk=draft.pk).turn.monday == theirs.monday


def test_t01_a_week_is_never_left_empty(desk: Desk) -> None:
    turn, before = named(desk, "WX"), weeks()
    ask: dict[str, Any] = {"turn": turn, "by": desk.quality, "now": ADVENT}
    # Spring Festival, and a week of the branch itself.
    own = Turn.objects.filter(branch=turn.branch).exclude(pk=turn.pk)[0].monday
    for week in (date(2026, 2, 18), own):
        with pytest.raises(Refused) as refusal:
            turns.swap(week=week, **ask)
        assert list(refusal.value.fields) == ["week"]
    with pytest.raises(Refused) as refusal:
        turns.hand_on(branch=None, **ask)
    assert list(refusal.value.fields) == ["branch"]
    for person in (desk.manager, desk.specialist):
        with pytest.raises(Forbidden):
            turns.hand_on(**ask | {"branch": desk.company.sibling, "by": person})
    with pytest.raises(NotOpen):
        turns.swap(week=named(desk, "SZ").monday, **ask | {"now": turn.publish_at})
    assert weeks() == before
    turns.hand_on(branch=desk.company.sibling, **ask)
    assert weeks() == before | {turn.monday: desk.company.sibling.pk}
    with pytest.raises(DatabaseError), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(branch=None)


@pytest.mark.django_db(transaction=True)
def test_t01_two_swaps_of_one_week_at_once_leave_each_week_one_branch() -> None:
    desk = opened_desk()
    turns.plan(now=ADVENT)
    turn, week = named(desk, "WX"), named(desk, "SZ").monday
    other = named(desk, "WX1").monday
    jobs = [
        lambda day=day: turns.swap(turn=turn, week=day, by=desk.quality, now=ADVENT)
        for day in (week, other, week, other)
    ]
    race(*jobs)
    assert len(weeks()) == Turn.objects.count()
    assert set(Counter(weeks().values())) == {desk.company.branch.pk, desk.company.child.pk,
                                              desk.company.sibling.pk}  # fmt: skip


def test_t02_review_returns_with_a_reason_or_numbers_with_a_copy_to_hr(desk: Desk) -> None:
    resources = PersonFactory.create(
        name="resources", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )
    report = written(named(desk, "WX"), replace(STORY, questions=QUESTIONS[:2]))
    act: dict[str, Any] = {"report": report, "now": ADVENT}
    with pytest.raises(Refused) as refusal:
        micro_reports.submit(by=desk.handler, **act)
    assert list(refusal.value.fields) == ["question_1"]
    assert report.status == ReportStatus.DRAFT
    written(report.turn)  # without the version that was read
    report.refresh_from_db()
    micro_reports.submit(by=desk.handler, **act)
    assert told("micro_report_submitted") == ["quality"]
    for person in (desk.handler, desk.manager, desk.specialist):
        with pytest.raises(Forbidden):
            micro_reports.approve(by=person, **act)
    with pytest.raises(Refused) as refusal:
        micro_reports.send_back(reason=" ", by=desk.quality, **act)
    micro_reports.send_back(reason="Who was the driver?", by=desk.quality, **act)
    assert (report.number, told("micro_report_returned")) == (None, ["handler"])
    with pytest.raises(NotOpen):
        micro_reports.approve(by=desk.quality, **act)
    with pytest.raises(Stale):
        micro_reports.write(turn=report.turn, story=STORY, by=desk.handler, now=ADVENT, version=1)
    micro_reports.submit(by=desk.handler, **act)
    with pytest.raises(NotOpen):
        written(report.turn)
    micro_reports.approve(by=desk.quality, **act)
    assert report.number == "微报【2025】001号"
    assert told("micro_report_approved") == ["handler", resources.name]
    for change in ({"raw_story": "Other"}, {"title": "Other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            MicroReport.objects.filter(pk=report.pk).update(**change)


def test_t02_nobody_reviews_their_own_story(desk: Desk) -> None:
    turn = named(desk, "WX")
    given: dict[str, Any] = {"by": desk.quality, "now": ADVENT}
    report = micro_reports.write(turn=turn, story=STORY, **given)
    micro_reports.submit(report=report, **given)
    with pytest.raises(Forbidden):
        micro_reports.approve(report=report, **given)
    assert MicroReport.objects.get().status == ReportStatus.SUBMITTED


def test_t02_a_colleague_who_writes_last_does_not_make_it_somebody_elses(desk: Desk) -> None:
    turn = named(desk, "WX")
    report = micro_reports.write(turn=turn, story=STORY, by=desk.quality, now=ADVENT)
    report = micro_reports.write(
        turn=turn, story=STORY, by=desk.handler, now=ADVENT, version=report.version
    )
    micro_reports.submit(report=report, by=desk.handler, now=ADVENT)
    answer = client(desk.quality).post(f"/staff/micro-reports/{report.pk}/approve/", {})
    assert answer.status_code == 403
    assert MicroReport.objects.get().status == ReportStatus.SUBMITTED


def test_t01_names_of_customers_and_people_are_masked(desk: Desk) -> None:
    """Of the complaint told of, of customers only mentioned, of colleagues, and typed ones."""
    customer = CustomerFactory.create(
        kind="company", name="恒达物流有限公司", contact_name="欧阳小明"
    )
    CustomerFactory.create(kind="company", name="北方重工", contact_name="赵铁柱")
    Person.objects.filter(pk=desk.handler.pk).update(name="王建国")
    complaint = desk.complaint(customer=customer)
    words = (
        "恒达物流有限公司的欧阳小明打来电话 13812348000，王建国接了，"
        "北方重工赵铁柱和John Smith也在，2026-11-30 共 1200000 元。邮箱 zhang@hengda.cn"
    )
    told_of = replace(STORY, text=words, about=complaint, hidden_names=["John Smith"])
    report = written(named(desk, "WX"), told_of)
    assert report.story == (
        "某客户的欧阳**打来电话 138****8000，王**接了，"
        "某客户赵**和J*** S***也在，2026-11-30 共 1200000 元。邮箱 z***@hengda.cn"
    )
    assert report.raw_story == words
    named_ones = replace(told_of, names_colleagues=True)
    written_again = micro_reports.write(
        turn=report.turn, story=named_ones, by=desk.handler, now=ADVENT, version=report.version
    )
    assert "王建国接了" in written_again.story
    with pytest.raises(Refused) as refusal:
        written(report.turn, replace(named_ones, tone="negative"))
    assert list(refusal.value.fields) == ["names_colleagues"]


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def form(**more: Any) -> dict[str, Any]:
    fields = {"title": STORY.title, "story": STORY.text, "tone": "positive", "layer": "heart",
              "realm": "family"}  # fmt: skip
    for place, question in enumerate(QUESTIONS, start=1):
        fields |= {f"question_{place}": question.text}
        for part in ("right", "wrong", "wrong_too"):
            fields |= {f"question_{place}_{part}": getattr(question, part)}
    return fields | more


def test_t01_the_pages_from_the_first_word_to_the_check_of_awareness() -> None:
    """Written, refused, returned, approved, published, read together, asked about."""
    desk, now = opened_desk(), clock.now()
    turn = staff.turn(desk.company.branch)
    writes, reviews = client(desk.handler), client(desk.quality)
    url = f"/staff/micro-reports/rotation/{turn.pk}/write/"
    assert client(desk.neighbour).get(url).status_code == 404
    assert client(desk.executive).get(url).status_code == 403
    wrong = writes.post(url, form(title="", about="TS0", question_2_wrong="right 2"))
    page = wrong.content.decode()
    assert (wrong.status_code, MicroReport.objects.count()) == (422, 0)
    assert "Enter the title." in page
    assert "You see no complaint and no work order" in page
    assert STORY.text in page, "what was typed stays"
    wrong = writes.post(url, form(question_2_wrong="right 2"))
    assert "Write the question and three different answers." in wrong.content.decode()
    assert writes.post(url, form(hidden_names="driver")).status_code == 302
    report = MicroReport.objects.get()
    one = f"/staff/micro-reports/{report.pk}/"
    assert "The d*** waited" in writes.get(one).content.decode()
    assert client(desk.neighbour).get(one).status_code == 404
    assert writes.post(f"{one}submit/", {"version": "7"}).status_code == 409
    assert writes.post(f"{one}submit/", {"version": "1"}).status_code == 302
    assert "Review: Stayed" in reviews.get("/staff/micro-reports/").content.decode()
    assert reviews.post(f"{one}return/", {"reason": ""}).status_code == 422
    assert reviews.post(f"{one}return/", {"reason": "Too short"}).status_code == 302
    assert "Too short" in writes.get(one).content.decode()
    assert writes.post(url, form(version="3")).status_code == 302
    assert writes.post(f"{one}submit/", {"version": "4"}).status_code == 302
    assert reviews.post(f"{one}approve/", {"version": "5"}).status_code == 302
    Turn.objects.filter(pk=turn.pk).update(
        publish_at=now, monday=local_day(now) - timedelta(days=local_day(now).weekday())
    )
    programme.run(now=now + timedelta(seconds=1))
    reader = client(desk.neighbour)
    listed = reader.get("/staff/micro-reports/?search=waited").content.decode()
    assert STORY.title in listed
    assert STORY.title not in reader.get("/staff/micro-reports/?search=no+no").content.decode()
    assert "As it was written" not in reader.get(one).content.decode()
    # Whoever writes there may be drawn, and does not find the answers.
    assert "right 1" not in writes.get(one).content.decode()
    assert "right 1" in reviews.get(one).content.decode()
    boss = client(desk.manager)
    meeting = {"branch": desk.company.branch.pk, "held_on": local_day(now).isoformat(),
               "attendees": [desk.handler.pk, desk.manager.pk]}  # fmt: skip
    assert boss.post(f"{one}meeting/", meeting | {"attendees": []}).status_code == 422
    assert boss.post(f"{one}meeting/", meeting).status_code == 302
    assert "1 branch has read it together" in reader.get(one).content.decode()
    assert reviews.post(f"{one}awareness/", {"per_branch": "3"}).status_code == 422
    assert reviews.post(f"{one}awareness/", {"per_branch": "5"}).status_code == 302
    mine = AskedPerson.objects.get(person=desk.neighbour)
    answers = {f"question_{n}": f"right {n}" for n in (1, 2, 3)}
    url = f"/staff/awareness/{mine.pk}/"
    assert boss.get(url).status_code == 404
    assert reader.post(url, answers | {"question_2": "made up"}).status_code == 422
    assert reader.post(url, answers).status_code == 302
    assert reader.post(url, answers).status_code == 409
    assert "Answered: the story is known." in reader.get(url).content.decode()
    other = AskedPerson.objects.get(person=desk.manager)
    phone = {f"question_{n}": "False" for n in (1, 2, 3)}
    assert reviews.post(f"/staff/awareness/{other.pk}/", phone).status_code == 302
    check = reviews.get(f"{one}awareness/").content.decode()
    assert "50.00%" in check
    assert "on the phone, quality" in check


def test_t01_the_rotation_is_changed_on_its_pages(desk: Desk) -> None:
    moment = clock.now()
    turns.plan(now=moment)
    rows = Turn.objects.filter(publish_at__gt=moment)
    ours = rows.filter(branch=desk.company.branch).earliest("monday")
    theirs = rows.filter(branch=desk.company.sibling).earliest("monday")
    boss, other = client(desk.manager), client(desk.neighbour_manager)
    url = f"/staff/micro-reports/rotation/{ours.pk}/swap/"
    assert other.get(url).status_code == 404
    assert boss.post(url, {"week": theirs.pk, "reason": ""}).status_code == 422
    assert boss.post(url, {"week": theirs.pk, "reason": "Inventory"}).status_code == 302
    assert "Inventory" in other.get("/staff/micro-reports/rotation/").content.decode()
    answer = f"/staff/micro-reports/swaps/{Swap.objects.get().pk}/"
    assert boss.post(answer, {"is_agreed": "1"}).status_code == 403
    assert other.post(answer, {"is_agreed": "1"}).status_code == 302
    assert Turn.objects.get(pk=ours.pk).monday == theirs.monday
    reviews = client(desk.quality)
    url = f"/staff/micro-reports/rotation/{theirs.pk}/hand-on/"
    nobody = reviews.post(url, {"branch": "", "sent": "1"})
    assert (nobody.status_code, "no report" in nobody.content.decode()) == (422, True)
    assert reviews.post(url, {"branch": desk.company.child.pk}).status_code == 302
    assert Turn.objects.get(pk=theirs.pk).branch == desk.company.child


def test_t01_programs_write_review_and_read(desk: Desk) -> None:
    turn = named(desk, "WX")
    writes, reviews = Caller(desk.handler), Caller(desk.quality)
    questions = [vars(question) for question in QUESTIONS]
    body = {"title": STORY.title, "story": STORY.text, "tone": "positive", "layer": "heart",
            "realm": "family", "questions": questions}  # fmt: skip
    story = f"micro-reports/turns/{turn.pk}/story/"
    refused(writes.post(story, body | {"about": "TS1"}), 400, "refused")
    made = writes.post(story, body).json()
    one = f"micro-reports/{made['id']}/"
    assert writes.post(f"{one}submit/", {}).json()["status"] == "submitted"
    refused(writes.post(f"{one}approve/", {}), 403, "forbidden")
    assert reviews.post(f"{one}approve/", {}).json()["status"] == "approved"
    refused(writes.post(story, body), 409, "not_open")
    refused(reviews.post(f"micro-reports/turns/{turn.pk}/hand-on/", {"branch": None}), 409,
            "not_open")  # fmt: skip
    assert Caller(desk.neighbour).get("micro-reports/").json()["results"] == []
    micro_reports.publish_due(now=turn.publish_at)
    listed = Caller(desk.neighbour).get("micro-reports/?search=stayed").json()["results"]
    assert [row["number"] for row in listed] == ["微报【2026】001号"]
    assert reviews.post(f"{one}awareness/", {}).json()["total"]["n"] == 0
    mine = AskedPerson.objects.get(person=desk.neighbour)
    answers = {"answers": [question.right for question in QUESTIONS]}
    said = Caller(desk.neighbour).post(f"awareness/{mine.pk}/answers/", answers)
    assert said.json() == {"is_aware": True}
    assert Caller(desk.handler).get(f"{one}awareness/").json()["total"]["k"] == 1
    refused(reviews.get("awareness/?quarter=2026"), 400, "invalid")
