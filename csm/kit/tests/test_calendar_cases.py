"""Forty and more cases of calendars and clock changes, worked out by hand (A-16)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from csm.kit import periods
from csm.kit.worktime import NATURAL, Calendar, Span, add, between

NINE_TO_SIX = ((time(9), time(18)),)
ROUND_LUNCH = ((time(9), time(12)), (time(13), time(18)))
WEEKDAYS = dict.fromkeys(range(5), NINE_TO_SIX)


def every_day(opens: int, closes: int) -> dict[int, tuple[Span, ...]]:
    return dict.fromkeys(range(7), ((time(opens), time(closes)),))


CALENDARS = {
    "natural": NATURAL,
    "office": Calendar("Asia/Shanghai", WEEKDAYS),
    "lunch": Calendar("Asia/Shanghai", dict.fromkeys(range(5), ROUND_LUNCH)),
    # National Day of 2026, with the two make-up days that were announced for it.
    "golden week": Calendar(
        "Asia/Shanghai",
        WEEKDAYS,
        holidays={date(2026, 10, day) for day in range(1, 8)},
        workdays={date(2026, 9, 20), date(2026, 10, 10)},
    ),
    "New York": Calendar("America/New_York", WEEKDAYS),
    "New York nights": Calendar("America/New_York", every_day(0, 6)),
    "New York always": Calendar("America/New_York", every_day(0, 0)),
    "São Paulo nights": Calendar("America/Sao_Paulo", every_day(0, 4)),
    "Lord Howe nights": Calendar("Australia/Lord_Howe", every_day(0, 6)),
    "Apia": Calendar("Pacific/Apia", every_day(8, 16)),
    "Kathmandu": Calendar("Asia/Kathmandu", WEEKDAYS),
}
# Calendar, start on its wall (Shanghai for the natural one unless it ends in a zone), hours, due.
DUE = [
    ("office", "2026-11-20 17:30", 1, "2026-11-23 09:30 +0800"),
    ("office", "2026-11-20 18:00", 1, "2026-11-23 10:00 +0800"),
    ("office", "2026-11-21 12:00", 0.5, "2026-11-23 09:30 +0800"),
    ("office", "2026-11-20 09:00", 9, "2026-11-20 18:00 +0800"),
    ("office", "2026-11-20 09:00", 18, "2026-11-23 18:00 +0800"),
    ("lunch", "2026-11-18 11:30", 1, "2026-11-18 13:30 +0800"),
    ("lunch", "2026-11-18 12:30", 0.5, "2026-11-18 13:30 +0800"),
    ("lunch", "2026-11-18 10:00", 8, "2026-11-19 10:00 +0800"),
    ("lunch", "2026-11-18 09:00", 3, "2026-11-18 12:00 +0800"),
    ("golden week", "2026-09-30 17:00", 2, "2026-10-08 10:00 +0800"),
    ("golden week", "2026-10-09 17:00", 2, "2026-10-10 10:00 +0800"),
    ("golden week", "2026-10-10 17:00", 2, "2026-10-12 10:00 +0800"),
    ("golden week", "2026-09-18 17:00", 2, "2026-09-20 10:00 +0800"),
    ("golden week", "2026-09-30 10:00", 24, "2026-10-09 16:00 +0800"),
    ("natural", "2026-03-07 12:00 America/New_York", 24, "2026-03-08 13:00 -0400"),
    ("natural", "2026-10-31 12:00 America/New_York", 24, "2026-11-01 11:00 -0500"),
    ("natural", "2026-12-31 23:30 Asia/Shanghai", 1, "2027-01-01 00:30 +0800"),
    ("natural", "2028-02-28 12:00 Asia/Shanghai", 24, "2028-02-29 12:00 +0800"),
    ("New York", "2026-03-06 17:00", 2, "2026-03-09 10:00 -0400"),
    ("New York", "2026-10-30 17:00", 2, "2026-11-02 10:00 -0500"),
    ("New York nights", "2026-03-08 00:00", 3, "2026-03-08 04:00 -0400"),
    ("New York nights", "2026-11-01 00:00", 3, "2026-11-01 02:00 -0500"),
    ("New York nights", "2026-03-07 05:00", 6, "2026-03-08 06:00 -0400"),
    ("New York nights", "2026-11-01 05:00", 2, "2026-11-02 01:00 -0500"),
    ("New York always", "2026-03-07 12:00", 24, "2026-03-08 13:00 -0400"),
    ("New York always", "2026-11-01 00:30", 2, "2026-11-01 01:30 -0500"),
    ("São Paulo nights", "2018-11-03 23:00", 2, "2018-11-04 03:00 -0200"),
    ("São Paulo nights", "2018-11-03 03:00", 4, "2018-11-04 04:00 -0200"),
    ("Lord Howe nights", "2026-10-04 00:00", 3, "2026-10-04 03:30 +1100"),
    ("Lord Howe nights", "2026-04-05 00:00", 3, "2026-04-05 02:30 +1030"),
    ("Apia", "2011-12-29 15:00", 2, "2011-12-31 09:00 +1400"),
    ("Kathmandu", "2026-11-20 17:30", 1, "2026-11-23 09:30 +0545"),
]
# A moment in UTC, the zone of the company, its week.
WEEKS = [
    ("2026-11-22T15:59:59", "Asia/Shanghai", "2026-W47"),
    ("2026-11-22T16:00:00", "Asia/Shanghai", "2026-W48"),
    ("2027-01-01T04:00:00", "Asia/Shanghai", "2026-W53"),
    ("2027-01-03T16:00:00", "Asia/Shanghai", "2027-W01"),
    ("2025-12-28T16:00:00", "Asia/Shanghai", "2026-W01"),
    ("2024-12-31T12:00:00", "Asia/Shanghai", "2025-W01"),
    ("2026-11-02T04:59:59", "America/New_York", "2026-W44"),
    ("2026-11-02T05:00:00", "America/New_York", "2026-W45"),
    ("2026-03-09T03:59:59", "America/New_York", "2026-W10"),
    ("2026-03-09T04:00:00", "America/New_York", "2026-W11"),
]


def started(calendar: str, start: str) -> datetime:
    day, at, *named = start.split()
    zone = named[0] if named else CALENDARS[calendar].timezone
    return datetime.fromisoformat(f"{day} {at}").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(("calendar", "start", "hours", "due"), DUE)
def test_a16_due_times(calendar: str, start: str, hours: float, due: str) -> None:
    begin, span = started(calendar, start), timedelta(hours=hours)
    found = add(begin, span, CALENDARS[calendar])
    assert f"{found:%Y-%m-%d %H:%M %z}" == due
    assert between(begin, found, CALENDARS[calendar]) == span


@pytest.mark.parametrize(("moment", "zone", "key"), WEEKS)
def test_a16_the_week_of_a_moment(moment: str, zone: str, key: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = periods.at(at, kind="week", zone=ZoneInfo(zone))
    assert (found.key, found.start <= at < found.end) == (key, True)


def test_a16_there_are_forty_cases_at_least() -> None:
    assert len(set(DUE)) + len(set(WEEKS)) >= 40
