"""Weeks and months of the company: from their keys to moments and back (`contract.md`, "Periods").

A week is an ISO week, Monday 00:00 to Sunday 24:00, in the company's zone; a month likewise. Keys
of one kind are in order as text. Knows no settings: the zone is always given.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

Kind = Literal["week", "month"]
WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
# Far enough for every complaint; beyond, the calendar's own ends come near.
FIRST_YEAR, LAST_YEAR = 1970, 2199
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One week ("2026-W47") or month ("2026-11"), from the day `first_on` to the day `last_on`."""

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
        return on(self.first_on - DAY, kind=self.kind, zone=self.zone)

    @property
    def following(self) -> "Period":
        return on(self.last_on + DAY, kind=self.kind, zone=self.zone)

    def has_ended(self, now: datetime) -> bool:
        return self.end <= now

    def after(self, at: time) -> datetime:
        """That time of the day after it, in UTC: 08:00 gives the Monday morning of a week."""
        return moment(self.last_on + DAY, at, self.zone)


def parse(key: str, *, zone: ZoneInfo) -> Period:
    """The period of a key. Raises `ValueError` for what is no week or month of 1970 … 2199."""
    if match := WEEK.fullmatch(key):
        year, week = map(int, match.groups())
        return on(date.fromisocalendar(_known(year, key), week, 1), kind="week", zone=zone)
    if match := MONTH.fullmatch(key):
        year, month = map(int, match.groups())
        return on(date(_known(year, key), month, 1), kind="month", zone=zone)
    raise ValueError(f"{key!r} is neither a week such as 2026-W47 nor a month such as 2026-11")


def at(now: datetime, *, kind: Kind, zone: ZoneInfo) -> Period:
    """The period that holds an aware moment."""
    return on(now.astimezone(zone).date(), kind=kind, zone=zone)


def on(day: date, *, kind: Kind, zone: ZoneInfo) -> Period:
    """The period that holds a day of the company's calendar."""
    if kind == "month":
        first = day.replace(day=1)
        following = (first + 31 * DAY).replace(day=1)
        return Period(f"{first:%Y-%m}", kind, first, following - DAY, zone)
    year, week, weekday = day.isocalendar()
    monday = day - (weekday - 1) * DAY
    return Period(f"{year:04d}-W{week:02d}", kind, monday, monday + 6 * DAY, zone)


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time of the company's calendar in UTC: the first of two, the end of a gap for none."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def label(period: Period) -> str:
    """The period in words of the active language: Week 47, 2026 · November 2026."""
    if period.kind == "month":
        return date_format(period.first_on, "YEAR_MONTH_FORMAT")
    year, week, _weekday = period.first_on.isocalendar()
    return _("Week %(week)d, %(year)d") % {"week": week, "year": year}


def _known(year: int, key: str) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{key!r} lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return year
