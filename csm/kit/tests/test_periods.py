"""Weeks and months: keys, edges of the year, changes of the clock (A-16)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from csm.kit import periods
from csm.kit.periods import Period

CHINA = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
# Zones that once skipped midnight, showed it twice, or skipped a day.
ODD = ("America/Sao_Paulo", "America/Havana", "Africa/Cairo", "Pacific/Apia", "Asia/Beirut")
zones = st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo)
odd_zones = st.sampled_from(ODD).map(ZoneInfo)
kinds = st.sampled_from(("week", "month"))
moments = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1975, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("key", "first_on", "last_on", "before", "words"),
    [
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "2023-Q4", "Quarter 1, 2024"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026-Q3", "Quarter 4, 2026"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023", "Year 2024"),
        (
            "2026-03-01/2026-03-10",
            date(2026, 3, 1),
            date(2026, 3, 10),
            "2026-02-19/2026-02-28",
            "2026-03-01 to 2026-03-10",
        ),
    ],
)
def test_quarters_years_and_days(
    key: str, first_on: date, last_on: date, before: str, words: str
) -> None:
    period = periods.parse(key, zone=CHINA, kinds=periods.EVERY_KIND)
    assert (period.key, period.first_on, period.last_on) == (key, first_on, last_on)
    assert (period.previous.key, period.previous.following) == (before, period)
    with translation.override("en"):
        assert periods.label(period) == words
    with pytest.raises(ValueError, match="no period"):
        periods.parse(key, zone=CHINA)


@pytest.mark.parametrize(
    "key",
    [
        "2026-Q5",
        "2026-Q0",
        "1969",
        "2200-Q1",
        "2026-03-02/2026-03-01",
        "2026-02-30/2026-03-01",
        "26",
    ],
)
def test_no_quarters_years_or_days(key: str) -> None:
    with pytest.raises(ValueError, match=r"period|outside|before|range"):
        periods.parse(key, zone=CHINA, kinds=periods.EVERY_KIND)


@pytest.mark.parametrize(
    ("key", "first_on", "last_on"),
    [
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("2015-W01", date(2014, 12, 29), date(2015, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2024-W09", date(2024, 2, 26), date(2024, 3, 3)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a16_the_days_of_a_key(key: str, first_on: date, last_on: date) -> None:
    period = periods.parse(key, zone=CHINA)
    assert (period.key, period.first_on, period.last_on) == (key, first_on, last_on)


NO_KEYS = (
    "",
    "2026",
    "2026-1",
    "2026-00",
    "2026-13",
    "2026-W00",
    "2026-W54",
    "2027-W53",
    "2026-w47",
    "2026-W47 ",
    "2026-W47\n",
    "2026-11-01",
    "２０２６-11",
    "0001-W01",
    "1969-12",
    "9999-12",
)


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"week|month|outside"):
        periods.parse(key, zone=CHINA)


@pytest.mark.parametrize(
    ("zone", "key", "start", "hours"),
    [
        (CHINA, "2026-W47", datetime(2026, 11, 15, 16, tzinfo=UTC), 168),
        (NEW_YORK, "2015-W10", datetime(2015, 3, 2, 5, tzinfo=UTC), 167),
        (NEW_YORK, "2015-W44", datetime(2015, 10, 26, 4, tzinfo=UTC), 169),
        (NEW_YORK, "2015-03", datetime(2015, 3, 1, 5, tzinfo=UTC), 743),
        (ZoneInfo("America/Sao_Paulo"), "2018-W45", datetime(2018, 11, 5, 2, tzinfo=UTC), 168),
        (ZoneInfo("America/Sao_Paulo"), "2018-W44", datetime(2018, 10, 29, 3, tzinfo=UTC), 167),
        (ZoneInfo("Africa/Cairo"), "2024-W17", datetime(2024, 4, 21, 22, tzinfo=UTC), 167),
    ],
)
def test_a16_a_clock_change_makes_a_week_shorter_or_longer(
    zone: ZoneInfo, key: str, start: datetime, hours: int
) -> None:
    period = periods.parse(key, zone=zone)
    assert (period.start, period.end - period.start) == (start, timedelta(hours=hours))


def test_a16_the_morning_after_is_eight_by_the_company_s_clock() -> None:
    spring = periods.parse("2015-W10", zone=NEW_YORK)
    assert spring.after(time(8)) == datetime(2015, 3, 9, 12, tzinfo=UTC)
    winter = periods.parse("2015-W09", zone=NEW_YORK)
    assert winter.after(time(8)) == datetime(2015, 3, 2, 13, tzinfo=UTC)
    month = periods.parse("2026-11", zone=CHINA)
    assert month.after(time(8)) == datetime(2026, 12, 1, 0, tzinfo=UTC)


def test_a_period_has_ended_with_its_last_moment() -> None:
    week = periods.parse("2026-W47", zone=CHINA)
    assert week.has_ended(week.end)
    assert not week.has_ended(week.end - timedelta(microseconds=1))


@given(moments, kinds, st.one_of(zones, odd_zones))
def test_a16_a_moment_lies_in_its_period(now: datetime, kind: periods.Kind, zone: ZoneInfo) -> None:
    period = periods.at(now, kind=kind, zone=zone)
    assert period.start <= now < period.end


@given(days, kinds, st.one_of(zones, odd_zones))
def test_a16_periods_follow_each_other_without_gap(
    day: date, kind: periods.Kind, zone: ZoneInfo
) -> None:
    period = periods.on(day, kind=kind, zone=zone)
    assert period.first_on <= day <= period.last_on
    assert period.previous.end == period.start < period.end == period.following.start
    assert period.previous.following == period == period.following.previous
    assert periods.parse(period.key, zone=zone) == period


@given(st.lists(days, min_size=2), kinds)
def test_keys_of_a_kind_are_in_order_as_text(found: list[date], kind: periods.Kind) -> None:
    for one, other in pairwise(sorted(found)):
        assert key(one, kind).key <= key(other, kind).key


def key(day: date, kind: periods.Kind) -> Period:
    return periods.on(day, kind=kind, zone=CHINA)


def test_the_label_is_in_the_language_of_the_page() -> None:
    week, month = (periods.parse(key, zone=CHINA) for key in ("2026-W47", "2026-11"))
    with translation.override("en"):
        assert periods.label(week) == "Week 47, 2026"
        assert periods.label(month) == "November 2026"
    with translation.override("zh-hans"):
        assert periods.label(week) == "2026 年第 47 周"
        assert periods.label(month) == "2026年11月"
