"""Work calendars: golden due times of 2024 to 2026 (U-17), unknown years, and their pages."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from complaints.actions import intake, policies
from complaints.models import LadderStep, Policy, PolicyRevision, Target
from csm.kit import clock, worktime
from organisation.actions import calendars
from organisation.factories import PersonFactory, headquarters, tree
from organisation.models import CalendarDay, Person, Role, WorkCalendar

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Saturdays and Sundays that were worked: an hour from 09:00 ends at 10:00 of the same day.
MAKE_UP = (
    *("2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28"),
    *("2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12"),
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)
# The first day of each holiday, and the first working day after it.
HOLIDAYS = {
    "2024-01-01": "2024-01-02",
    "2024-02-10": "2024-02-18",
    "2024-04-04": "2024-04-07",
    "2024-05-01": "2024-05-06",
    "2024-06-10": "2024-06-11",
    "2024-09-15": "2024-09-18",
    "2024-10-01": "2024-10-08",
    "2025-01-01": "2025-01-02",
    "2025-01-28": "2025-02-05",
    "2025-04-04": "2025-04-07",
    "2025-05-01": "2025-05-06",
    "2025-05-31": "2025-06-03",
    "2025-10-01": "2025-10-09",
    "2026-01-01": "2026-01-04",
    "2026-02-15": "2026-02-24",
    "2026-04-04": "2026-04-07",
    "2026-05-01": "2026-05-06",
    "2026-06-19": "2026-06-22",
    "2026-09-25": "2026-09-28",
    "2026-10-01": "2026-10-08",
}


def at(day: str, clock_time: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock_time), SHANGHAI)


@pytest.fixture
def calendar() -> WorkCalendar:
    """China's office hours with the three announced years."""
    made = calendars.create(name="中国", timezone="Asia/Shanghai", by=None)
    for year in (2024, 2025, 2026):
        calendars.load_year(calendar=made, year=year, by=None)
    return made


@pytest.fixture
def admin() -> Person:
    return PersonFactory.create(branch=headquarters(), role=Role.ADMINISTRATOR)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_u17_make_up_days_of_2024_to_2026_are_worked(calendar: WorkCalendar) -> None:
    hours = policies.working_hours(calendar)
    assert len(MAKE_UP) == 19
    for day in MAKE_UP:
        assert date.fromisoformat(day).weekday() >= 5
        due = worktime.add(at(day, "09:00"), timedelta(hours=1), hours)
        assert due == at(day, "10:00"), day


def test_u17_holidays_of_2024_to_2026_are_skipped(calendar: WorkCalendar) -> None:
    hours = policies.working_hours(calendar)
    assert len(HOLIDAYS) == 20
    for day, next_day in HOLIDAYS.items():
        due = worktime.add(at(day, "10:30"), timedelta(hours=1), hours)
        assert due == at(next_day, "10:00"), day


def test_u17_f04_the_clocks_of_a_complaint_follow_the_calendar(calendar: WorkCalendar) -> None:
    latest = PolicyRevision.objects.latest("number")
    Policy.objects.update(is_active=False)
    policy = Policy.objects.create(name="工作时间", position=1)
    revision = PolicyRevision.objects.create(
        policy=policy,
        number=1,
        calendar=calendar,
        pause_limit=latest.pause_limit,
        callback_attempts=3,
        callback_spread=latest.callback_spread,
        created_at=clock.now(),
    )
    for target in Target.objects.filter(revision=latest):
        Target.objects.create(revision=revision, kind=target.kind, duration=target.duration)
    for step in LadderStep.objects.filter(revision=latest):
        step.pk, step.revision = None, revision
        step._state.adding = True
        LadderStep.objects.bulk_create([step])
    complaint = intake.log_complaint(
        subject="x", by=None, now=at("2024-06-30", "12:00"), received_at=at("2024-05-31", "16:20"),
        intake_branch=headquarters(),
    )  # fmt: skip
    due = {row.kind: row.due_at for row in complaint.timers.all()}
    assert due == {
        "apology": at("2024-05-31", "17:20"),
        "result": at("2024-06-05", "13:20"),
        "work_order": at("2024-06-11", "10:20"),
        "callback": at("2024-06-13", "16:20"),
    }


def test_u17_an_unknown_year_warns_and_never_raises(calendar: WorkCalendar, admin: Person) -> None:
    assert calendars.unannounced_year(date(2026, 11, 30)) is None
    assert calendars.unannounced_year(date(2026, 12, 1)) == 2027
    assert calendars.unannounced_year(date(2027, 1, 1)) == 2027
    # Weekends only, and no error: 1 October 2027 is a Friday.
    hours = policies.working_hours(calendar)
    due = worktime.add(at("2027-10-01", "17:30"), timedelta(hours=1), hours)
    assert due == at("2027-10-04", "09:30")
    client = signed_in(admin)
    page = client.get(reverse("calendar", args=[calendar.pk]), {"year": "2027"})
    assert "make-up working days of 2027 are not entered yet" in page.content.decode()
    # The holidays that are known can be loaded; the year stays unannounced.
    client.post(reverse("calendar-load-year", args=[calendar.pk]), {"year": "2027"})
    assert calendar.days.filter(on__year=2027).count() > 0
    assert calendars.unannounced_year(date(2027, 1, 1)) == 2027


@pytest.mark.parametrize("year", ["2000", "2050", "2100"])
def test_any_year_can_be_loaded(admin: Person, calendar: WorkCalendar, year: str) -> None:
    url = reverse("calendar-load-year", args=[calendar.pk])
    assert signed_in(admin).post(url, {"year": year}).status_code == 302


@pytest.mark.parametrize("year", ["", "1999", "2101", "99999999999", "next"])
def test_no_other_year_can(admin: Person, calendar: WorkCalendar, year: str) -> None:
    before = calendar.days.count()
    url = reverse("calendar-load-year", args=[calendar.pk])
    response = signed_in(admin).post(url, {"year": year})
    assert response.status_code == 422
    assert calendar.days.count() == before
    shown = signed_in(admin).get(reverse("calendar", args=[calendar.pk]), {"year": year})
    assert shown.status_code == 200


def test_days_entered_by_hand_stay_when_the_year_is_loaded(
    admin: Person, calendar: WorkCalendar
) -> None:
    client = signed_in(admin)
    given = {"on": "2026-10-08", "is_working": "no", "name": "台风"}
    assert client.post(reverse("calendar-set-day", args=[calendar.pk]), given).status_code == 302
    given = {"on": "2026-10-01", "is_working": "yes", "name": "加班"}
    client.post(reverse("calendar-set-day", args=[calendar.pk]), given)
    before = calendar.days.count()
    client.post(reverse("calendar-load-year", args=[calendar.pk]), {"year": "2026"})
    assert calendar.days.count() == before
    assert calendar.days.get(on="2026-10-08").name == "台风"
    assert calendar.days.get(on="2026-10-01").is_working
    day = calendar.days.get(on="2026-10-08")
    removed = client.post(reverse("calendar-remove-day", args=[calendar.pk, day.pk]))
    assert removed.status_code == 302
    assert not CalendarDay.objects.filter(pk=day.pk).exists()


@pytest.mark.parametrize("given", [
    {"on": "", "is_working": "no"}, {"on": "2026-02-30", "is_working": "no"},
    {"on": "2026-03-01", "is_working": "perhaps"}, {"on": "2026-03-01"},
    {"on": "2026-03-01", "is_working": "no", "name": "x" * 81},
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused(
    admin: Person, calendar: WorkCalendar, given: dict[str, str]
) -> None:
    before = calendar.days.count()
    response = signed_in(admin).post(reverse("calendar-set-day", args=[calendar.pk]), given)
    assert response.status_code == 422
    assert calendar.days.count() == before


def test_a_calendar_is_added_with_office_hours(admin: Person) -> None:
    client = signed_in(admin)
    given = {"name": "新疆", "timezone": "Asia/Urumqi"}
    assert client.post(reverse("calendars"), given).status_code == 302
    made = WorkCalendar.objects.get()
    assert made.hours[0] == [(time(9), time(18))]
    assert 5 not in made.hours
    again = client.post(reverse("calendars"), given | {"timezone": "Mars/Base"})
    assert again.status_code == 422
    assert set(again.context["form"].errors) == {"name", "timezone"}


@pytest.mark.parametrize("is_regional", [False, True])
def test_calendars_are_the_headquarters_administrators(
    calendar: WorkCalendar, is_regional: bool
) -> None:
    """The whole company shares them: a regional administrator does not change them."""
    person = PersonFactory.create(branch=headquarters(), role=Role.QUALITY_MANAGER)
    if is_regional:
        person = PersonFactory.create(branch=tree().region, role=Role.ADMINISTRATOR)
    client = signed_in(person)
    before = calendar.days.count()
    day: Any = calendar.days.first()
    pages = [
        client.get(reverse("calendars")),
        client.get(reverse("calendar", args=[calendar.pk])),
        client.post(reverse("calendars"), {"name": "x", "timezone": "UTC"}),
        client.post(reverse("calendar-load-year", args=[calendar.pk]), {"year": "2027"}),
        client.post(reverse("calendar-set-day", args=[calendar.pk]), {"on": "2026-03-01"}),
        client.post(reverse("calendar-remove-day", args=[calendar.pk, day.pk])),
    ]
    assert [page.status_code for page in pages] == [403] * 6
    assert (calendar.days.count(), WorkCalendar.objects.count()) == (before, 1)
