"""Working time: the figures of F-04, calendars of China, changes of the clock."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from csm.kit.worktime import NATURAL, Calendar, Span, add, between

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_SIX = ((time(9), time(18)),)
ALL_DAY = ((time(0), time(0)),)
WEEKDAYS = dict.fromkeys(range(5), NINE_TO_SIX)
ALWAYS = dict.fromkeys(range(7), ALL_DAY)
OFFICE = Calendar("Asia/Shanghai", WEEKDAYS)
DRAGON_BOAT = Calendar("Asia/Shanghai", WEEKDAYS, holidays={date(2024, 6, 10)})
HOUR = timedelta(hours=1)
ZERO = timedelta(0)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def new_york(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold)


INTAKE = china("2024-05-31 16:20")


@pytest.mark.parametrize(
    ("calendar", "hours", "due"),
    [
        (NATURAL, 1, "2024-05-31 17:20"),
        (NATURAL, 24, "2024-06-01 16:20"),
        (NATURAL, 48, "2024-06-02 16:20"),
        (NATURAL, 72, "2024-06-03 16:20"),
        (OFFICE, 1, "2024-05-31 17:20"),
        (OFFICE, 24, "2024-06-05 13:20"),
        (OFFICE, 48, "2024-06-10 10:20"),
        (OFFICE, 72, "2024-06-12 16:20"),
        (DRAGON_BOAT, 24, "2024-06-05 13:20"),
        (DRAGON_BOAT, 48, "2024-06-11 10:20"),
        (DRAGON_BOAT, 72, "2024-06-13 16:20"),
    ],
)
def test_f04_due_times(calendar: Calendar, hours: int, due: str) -> None:
    assert add(INTAKE, hours * HOUR, calendar) == china(due)
    assert between(INTAKE, china(due), calendar) == hours * HOUR


def test_f04_pause_moves_the_due_time() -> None:
    due = add(INTAKE, 24 * HOUR, NATURAL)
    assert add(due, timedelta(hours=3, minutes=10), NATURAL) == china("2024-06-01 19:30")


def test_f04_the_answer_is_in_the_zone_of_the_start() -> None:
    fixed = datetime(2024, 5, 31, 16, 20, tzinfo=timezone(8 * HOUR))
    assert add(fixed, 24 * HOUR, OFFICE).isoformat() == "2024-06-05T13:20:00+08:00"
    in_utc = add(fixed.astimezone(UTC), 24 * HOUR, OFFICE)
    assert in_utc.isoformat() == "2024-06-05T05:20:00+00:00"


def test_u3_make_up_saturdays_have_mondays_hours() -> None:
    week = WEEKDAYS | {0: [(time(10), time(12)), (time(13), time(16))]}
    spring_festival = {date(2026, 2, 15) + timedelta(days=day) for day in range(9)}
    calendar = Calendar("Asia/Shanghai", week, spring_festival, {date(2026, 2, 14)})
    friday = china("2026-02-13 17:00")
    assert add(friday, 2 * HOUR, calendar) == china("2026-02-14 11:00")
    assert add(friday, 6 * HOUR, calendar) == china("2026-02-14 16:00")
    assert add(friday, 7 * HOUR, calendar) == china("2026-02-24 10:00")
    assert between(friday, china("2026-02-24 00:00"), calendar) == 6 * HOUR


def test_u3_a_make_up_day_beats_a_holiday_of_the_same_date() -> None:
    day = date(2026, 10, 10)
    calendar = Calendar("Asia/Shanghai", WEEKDAYS, {day}, {day})
    start, end = china("2026-10-10 00:00"), china("2026-10-11 00:00")
    assert between(start, end, calendar) == 9 * HOUR


def test_add_gives_the_earliest_moment() -> None:
    assert add(china("2024-06-03 10:00"), 8 * HOUR, OFFICE) == china("2024-06-03 18:00")
    assert add(china("2024-06-03 20:00"), 9 * HOUR, OFFICE) == china("2024-06-04 18:00")


@pytest.mark.parametrize("calendar", [NATURAL, OFFICE])
def test_add_nothing_stays_even_where_it_is_closed(calendar: Calendar) -> None:
    night = china("2024-06-01 03:00")
    assert add(night, ZERO, calendar) is night


def test_spans_may_meet_at_midnight() -> None:
    calendar = Calendar("Asia/Shanghai", {0: [(time(22), time(0))], 1: [(time(0), time(6))]})
    assert add(china("2024-06-03 21:00"), 2 * HOUR, calendar) == china("2024-06-04 00:00")
    assert add(china("2024-06-03 21:00"), 3 * HOUR, calendar) == china("2024-06-04 01:00")
    assert between(china("2024-06-03 00:00"), china("2024-06-10 00:00"), calendar) == 8 * HOUR


def test_several_spans_a_day_in_any_order() -> None:
    calendar = Calendar(
        "Asia/Shanghai", {0: [(time(13, 30), time(17, 30)), (time(8, 30), time(12))]}
    )
    assert calendar.weekly[0] == ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
    assert add(china("2024-06-03 11:00"), 2 * HOUR, calendar) == china("2024-06-03 14:30")


def test_between_backwards_is_negative() -> None:
    start, end = china("2024-06-03 10:00"), china("2024-06-04 10:00")
    assert between(end, start, OFFICE) == -9 * HOUR
    assert between(end, start, NATURAL) == -24 * HOUR


# Changes of the clock. New York 2024: 03-10 02:00 → 03:00, 11-03 02:00 → 01:00.


def test_natural_hours_are_elapsed_hours_over_a_clock_change() -> None:
    assert add(new_york("2024-03-09 12:00"), 24 * HOUR, NATURAL) == new_york("2024-03-10 13:00")
    start, end = new_york("2024-11-02 12:00"), new_york("2024-11-03 12:00")
    assert between(start, end, NATURAL) == 25 * HOUR


@pytest.mark.parametrize(
    ("day", "span", "hours"),
    [
        ("2024-03-10", (time(0), time(0)), 23),
        ("2024-03-10", (time(0), time(6)), 5),
        ("2024-03-10", (time(1), time(2, 30)), 1),
        ("2024-03-10", (time(2, 15), time(2, 45)), 0),
        ("2024-03-10", (time(2, 30), time(6)), 3),
        ("2024-03-10", (time(9), time(18)), 9),
        ("2024-11-03", (time(0), time(0)), 25),
        ("2024-11-03", (time(0), time(6)), 7),
        ("2024-11-03", (time(0), time(1, 30)), 1.5),
        ("2024-11-03", (time(1, 30), time(6)), 5.5),
        ("2024-11-03", (time(9), time(18)), 9),
    ],
)
def test_spans_on_the_day_of_a_clock_change(day: str, span: Span, hours: float) -> None:
    calendar = Calendar("America/New_York", {6: [span]})
    start = new_york(f"{day} 00:00")
    end = start + timedelta(days=1)
    assert between(start, end, calendar) == hours * HOUR


def test_the_hour_that_comes_twice_counts_twice() -> None:
    calendar = Calendar("America/New_York", ALWAYS)
    first, second = new_york("2024-11-03 01:30"), new_york("2024-11-03 01:30", fold=1)
    assert between(first, second, calendar) == HOUR
    assert add(first, HOUR, calendar).fold == 1


def test_spans_meeting_in_a_skipped_hour_neither_overlap_nor_leave_a_hole() -> None:
    spans = [(time(1), time(2, 30)), (time(2, 30), time(3)), (time(3), time(6))]
    calendar = Calendar("America/New_York", {6: spans})
    start, end = new_york("2024-03-10 00:00"), new_york("2024-03-10 12:00")
    assert between(start, end, calendar) == 4 * HOUR


def test_a_skipped_day_has_no_hours() -> None:
    # Samoa went over the date line: after 2011-12-29 came 2011-12-31, a Saturday.
    apia = ZoneInfo("Pacific/Apia")
    start, end = datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia)
    assert between(start, end, Calendar("Pacific/Apia", ALWAYS)) == 48 * HOUR
    friday_only = Calendar("Pacific/Apia", {4: NINE_TO_SIX})
    assert between(start, end, friday_only) == ZERO


# What is refused.


@pytest.mark.parametrize("calendar", [NATURAL, OFFICE])
def test_naive_moments_are_refused(calendar: Calendar) -> None:
    naive = datetime(2024, 6, 3, 10, 0)
    with pytest.raises(ValueError, match="time zone"):
        add(naive, HOUR, calendar)
    with pytest.raises(ValueError, match="time zone"):
        add(naive, ZERO, calendar)
    with pytest.raises(ValueError, match="time zone"):
        between(naive, INTAKE, calendar)
    with pytest.raises(ValueError, match="time zone"):
        between(INTAKE, naive, calendar)


@pytest.mark.parametrize("calendar", [NATURAL, OFFICE])
def test_negative_durations_are_refused(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="negative"):
        add(INTAKE, -HOUR, calendar)


@pytest.mark.parametrize("weekly", [{}, {0: [], 3: ()}])
def test_a_calendar_that_never_opens_is_refused(weekly: dict[int, list[Span]]) -> None:
    # A make-up day has Monday's hours, and Monday has none.
    calendar = Calendar("Asia/Shanghai", weekly, workdays={date(2024, 6, 3)})
    with pytest.raises(ValueError, match="never opens"):
        add(INTAKE, HOUR, calendar)
    with pytest.raises(ValueError, match="never opens"):
        between(INTAKE, INTAKE + HOUR, calendar)


@pytest.mark.parametrize(
    ("zone", "weekly", "message"),
    [
        ("Asia/Wuxi", WEEKDAYS, "unknown time zone"),
        ("", WEEKDAYS, "keys"),
        ("UTC", {7: NINE_TO_SIX}, "weekdays run from 0"),
        ("UTC", {0: [(time(18), time(9))]}, "does not end after"),
        ("UTC", {0: [(time(9), time(9))]}, "does not end after"),
        ("UTC", {0: [(time(9), time(12)), (time(11), time(18))]}, "overlap"),
        ("UTC", {0: [(time(0), time(0)), (time(9), time(18))]}, "overlap"),
        ("UTC", {0: [(time(9), time(0)), (time(18), time(0))]}, "overlap"),
        ("UTC", {0: [(time(9, tzinfo=UTC), time(18, tzinfo=UTC))]}, "zone of their own"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    zone: str, weekly: dict[int, list[Span]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Calendar(zone, weekly)


def test_a_moment_is_no_holiday() -> None:
    with pytest.raises(ValueError, match="not moments"):
        Calendar("UTC", WEEKDAYS, holidays={INTAKE})


def test_calendars_are_values() -> None:
    weekly, holidays = dict(WEEKDAYS), {date(2024, 6, 10)}
    calendar = Calendar("Asia/Shanghai", weekly, holidays)
    weekly.clear()
    holidays.clear()
    assert calendar == DRAGON_BOAT
    assert hash(calendar) == hash(DRAGON_BOAT)
    assert calendar != OFFICE
    with pytest.raises(FrozenInstanceError):
        calendar.timezone = "UTC"  # type: ignore[misc]
    with pytest.raises(TypeError):
        calendar.weekly[6] = NINE_TO_SIX  # type: ignore[index]


# Properties, around the changes of the clock of each zone.

ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",  # by half an hour
    "America/St_Johns",  # in 2006 at one minute past midnight
    "Africa/Cairo",  # at midnight
]


ANY_MINUTE = st.integers(0, 24 * 60)


@st.composite
def spans(draw: st.DrawFn, minutes: st.SearchStrategy[int]) -> list[Span]:
    """Up to three spans of one day, which may meet and may end at midnight."""
    borders = sorted(draw(st.sets(minutes, max_size=6)))
    borders = borders[: len(borders) // 2 * 2]
    clock = [time(m // 60 % 24, m % 60) for m in borders]
    return list(zip(clock[::2], clock[1::2], strict=True))


@st.composite
def calendars(
    draw: st.DrawFn,
    zones: list[str],
    minutes: st.SearchStrategy[int] = ANY_MINUTE,
) -> Calendar:
    weekly = draw(st.dictionaries(st.integers(0, 6), spans(minutes), min_size=1))
    assume(any(weekly.values()))
    days = st.sets(st.dates(date(2024, 3, 1), date(2024, 3, 20)), max_size=4)
    return Calendar(draw(st.sampled_from(zones)), weekly, draw(days), draw(days))


moments = st.one_of(
    st.datetimes(datetime(2024, 3, 1), datetime(2024, 3, 20)),
    st.datetimes(datetime(2024, 10, 25), datetime(2024, 11, 10)),
    st.datetimes(datetime(2006, 10, 27), datetime(2006, 11, 3)),
).flatmap(
    lambda wall: st.sampled_from([UTC, NEW_YORK, CHINA]).map(lambda z: wall.replace(tzinfo=z))
)
durations = st.timedeltas(ZERO, timedelta(days=9))
any_calendar = st.one_of(st.just(NATURAL), calendars(ZONES))
relaxed = settings(deadline=None)


def elapsed(start: datetime, end: datetime) -> timedelta:
    return end.astimezone(UTC) - start.astimezone(UTC)


@relaxed
@given(moments, durations, any_calendar)
def test_between_undoes_add(start: datetime, duration: timedelta, calendar: Calendar) -> None:
    assert between(start, add(start, duration, calendar), calendar) == duration


@relaxed
@given(moments, durations, any_calendar)
def test_add_undoes_between_inside_a_span(
    start: datetime, duration: timedelta, calendar: Calendar
) -> None:
    # What `add` reaches lies after the start of a span, up to its end.
    end = add(start, duration, calendar)
    assert add(start, between(start, end, calendar), calendar) == end


@relaxed
@given(moments, durations, any_calendar)
def test_add_is_the_earliest(start: datetime, duration: timedelta, calendar: Calendar) -> None:
    end = add(start, between(start, start + duration, calendar), calendar)
    assert elapsed(start, end) <= elapsed(start, start + duration)
    assume(duration)
    reached = add(start, duration, calendar).astimezone(UTC)
    assert between(start, reached - timedelta.resolution, calendar) < duration


@relaxed
@given(moments, durations, durations, any_calendar)
def test_add_is_monotonic_and_additive(
    start: datetime, one: timedelta, two: timedelta, calendar: Calendar
) -> None:
    halfway, whole = add(start, one, calendar), add(start, one + two, calendar)
    assert halfway.astimezone(UTC) <= whole.astimezone(UTC)
    assert add(halfway, two, calendar).astimezone(UTC) == whole.astimezone(UTC)


@relaxed
@given(moments, durations, st.timedeltas(timedelta(days=-9), timedelta(days=9)), any_calendar)
def test_between_is_additive(
    first: datetime, one: timedelta, two: timedelta, calendar: Calendar
) -> None:
    second = first + one
    third = second + two
    parts = between(first, second, calendar) + between(second, third, calendar)
    assert parts == between(first, third, calendar)


@relaxed
@given(moments, durations, any_calendar)
def test_between_is_never_more_than_the_time_elapsed(
    start: datetime, duration: timedelta, calendar: Calendar
) -> None:
    end = start + duration
    assert ZERO <= between(start, end, calendar) <= max(ZERO, elapsed(start, end))
    assert between(end, start, calendar) == -between(start, end, calendar)


@relaxed
@given(
    calendars(["America/New_York", "Asia/Shanghai"], st.integers(0, 24).map(lambda h: h * 60)),
    st.sampled_from([datetime(2024, 3, 8, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC)]),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_between_is_what_a_walk_by_the_clock_counts(
    calendar: Calendar, origin: datetime, skipped: int, steps: int
) -> None:
    quarter = timedelta(minutes=15)
    start = origin + skipped * quarter
    walk = (start + step * quarter for step in range(steps))
    counted = sum(is_open(moment, calendar) for moment in walk)
    assert between(start, start + steps * quarter, calendar) == counted * quarter


def is_open(moment: datetime, calendar: Calendar) -> bool:
    """Whether the clock on the wall shows a time inside a span of the day on the calendar."""
    local = moment.astimezone(ZoneInfo(calendar.timezone))
    day = local.date()
    if day in calendar.workdays:
        today = calendar.weekly.get(0, ())
    else:
        today = () if day in calendar.holidays else calendar.weekly.get(day.weekday(), ())
    now = local.time()
    return any(opens <= now and (now < closes or closes == time(0)) for opens, closes in today)
