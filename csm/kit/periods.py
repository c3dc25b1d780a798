"""Periods of the company: from their keys to moments and back (`contract.md`, "Periods").

A week is an ISO week, Monday 00:00 to Sunday 24:00, in the company's zone; months, quarters and
years likewise. `days` runs from one day to another. Keys of one kind are in order as text. Knows no
settings: the zone is always given.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

Kind = Literal["week", "month", "quarter", "year", "days"]
WEEK_OR_MONTH: Collection[Kind] = ("week", "month")
EVERY_KIND: Collection[Kind] = ("week", "month", "quarter", "year", "days")
KEYS: dict[Kind, re.Pattern[str]] = {
    "week": re.compile(r"([0-9]{4})-W([0-9]{2})"),
    "month": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "year": re.compile(r"([0-9]{4})"),
    "days": re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})"),
}
# Far enough for every complaint; beyond, the calendar's own ends come near.
FIRST_YEAR, LAST_YEAR = 1970, 2199
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the day `first_on` to the day `last_on`.

    A week "2026-W47", a month "2026-11", a quarter "2026-Q4", a year "2026", or certain days
    "2026-11-03/2026-11-20".
    """

    key: str
    kind: Kind
    first_on: date
    last_on: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The first moment, in UTC: only there do differences and order survive a clock change."""
        return moment(self.first_on, time(0), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return moment(self.last_on + DAY, time(0), self.zone)

    @property
    def previous(self) -> "Period":
        if self.kind == "days":
            return _spanning(self.first_on - self._length, self.first_on - DAY, self.zone)
        return on(self.first_on - DAY, kind=self.kind, zone=self.zone)

    @property
    def following(self) -> "Period":
        if self.kind == "days":
            return _spanning(self.last_on + DAY, self.last_on + self._length, self.zone)
        return on(self.last_on + DAY, kind=self.kind, zone=self.zone)

    @property
    def _length(self) -> timedelta:
        return self.last_on - self.first_on + DAY

    def has_ended(self, now: datetime) -> bool:
        return self.end <= now

    def after(self, at: time) -> datetime:
        """That time of the day after it, in UTC: 08:00 gives the Monday morning of a week."""
        return moment(self.last_on + DAY, at, self.zone)


def parse(key: str, *, zone: ZoneInfo, kinds: Collection[Kind] = WEEK_OR_MONTH) -> Period:
    """The period of a key. Raises `ValueError` for what is none of `kinds` in 1970 … 2199."""
    for kind in kinds:
        if match := KEYS[kind].fullmatch(key):
            if kind == "days":
                first, last = map(date.fromisoformat, match.groups())
                return days(first, last, zone=zone)
            return on(_first_day(kind, key, *map(int, match.groups())), kind=kind, zone=zone)
    raise ValueError(f"{key!r} is no period such as a week, 2026-W47, or a month, 2026-11")


def _first_day(kind: Kind, key: str, year: int, place: int = 1) -> date:
    year = _known(year, key)
    if kind == "week":
        return date.fromisocalendar(year, place, 1)
    return date(year, 3 * place - 2 if kind == "quarter" else place, 1)


def days(first_on: date, last_on: date, *, zone: ZoneInfo) -> Period:
    """From one day to another, both in it. Raises `ValueError` where they are the wrong way."""
    found = _spanning(first_on, last_on, zone)
    if last_on < first_on:
        raise ValueError(f"{found.key!r} ends before it begins")
    for day in (first_on, last_on):
        _known(day.year, found.key)
    return found


def _spanning(first_on: date, last_on: date, zone: ZoneInfo) -> Period:
    """Also before 1970: what a long span follows lies far away."""
    return Period(f"{first_on}/{last_on}", "days", first_on, last_on, zone)


def at(now: datetime, *, kind: Kind, zone: ZoneInfo) -> Period:
    """The period that holds an aware moment."""
    return on(now.astimezone(zone).date(), kind=kind, zone=zone)


def on(day: date, *, kind: Kind, zone: ZoneInfo) -> Period:
    """The period that holds a day of the company's calendar; of `days`, that day alone."""
    if kind == "days":
        return days(day, day, zone=zone)
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - (weekday - 1) * DAY
        return Period(f"{year:04d}-W{week:02d}", kind, monday, monday + 6 * DAY, zone)
    length = {"month": 1, "quarter": 3, "year": 12}[kind]
    first = day.replace(month=day.month - (day.month - 1) % length, day=1)
    following = (first + 31 * length * DAY).replace(day=1)
    names = {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first:%Y}-Q{(first.month + 2) // 3}",
        "year": f"{first:%Y}",
    }
    return Period(names[kind], kind, first, following - DAY, zone)


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of the company's calendar in UTC: the first of two, the end of a gap for none."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def label(period: Period) -> str:
    """The period in words of the active language: Week 47, 2026 · November 2026 · 2026."""
    first = period.first_on
    if period.kind == "month":
        return date_format(first, "YEAR_MONTH_FORMAT")
    if period.kind == "days":
        return _("%(first)s to %(last)s") % {"first": first, "last": period.last_on}
    if period.kind == "year":
        return _("Year %(year)s") % {"year": period.key}
    if period.kind == "quarter":
        quarter = (first.month + 2) // 3
        return _("Quarter %(quarter)d, %(year)d") % {"quarter": quarter, "year": first.year}
    year, week, _weekday = first.isocalendar()
    return _("Week %(week)d, %(year)d") % {"week": week, "year": year}


def _known(year: int, key: str) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{key!r} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return year
