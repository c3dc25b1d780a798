"""Working time: which moment lies so much working time ahead, and how much lies between two.

Opening hours are local wall time, durations are elapsed time, all moments are aware. Sums
are done in UTC, because moments of one zone subtract by wall clock in Python, which is an
hour wrong across a change of the clock.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise, takewhile
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Span = tuple[time, time]

MONDAY: Final = 0
MIDNIGHT: Final = time(0)
ONE_DAY: Final = timedelta(days=1)
ZERO: Final = timedelta(0)


@dataclass(frozen=True)
class Calendar:
    """Opening hours of a week in one time zone, with the days that are different.

    `weekly` maps a weekday (0 is Monday) to its spans `(opens, closes)` in local wall
    time; a missing day is closed, and `closes` may be `time(0)`, the midnight that ends
    the day. `holidays` are closed. `workdays` (调休, make-up working days) have Monday's
    spans, whatever their weekday; a day in both sets is worked.

    Raises `ValueError` for an unknown time zone, a weekday outside 0…6, a span that does
    not end after it starts, overlapping spans, times with a zone of their own, or
    moments in place of days. A calendar that never opens may be made but not counted with.
    """

    timezone: str
    # Left out of the hash, which a mapping has not; two calendars still compare by it.
    weekly: Mapping[int, Sequence[Span]] = field(hash=False)
    holidays: AbstractSet[date] = frozenset()
    workdays: AbstractSet[date] = frozenset()

    def __post_init__(self) -> None:
        _zone(self.timezone)
        if strange := [day for day in self.weekly if day not in range(7)]:
            raise ValueError(f"weekdays run from 0 (Monday) to 6, not {strange}")
        week = {day: _checked_spans(spans) for day, spans in sorted(self.weekly.items())}
        # A frozen dataclass sets its own fields this way; copies, so that nobody edits them.
        object.__setattr__(self, "weekly", MappingProxyType(week))
        object.__setattr__(self, "holidays", _checked_days(self.holidays))
        object.__setattr__(self, "workdays", _checked_days(self.workdays))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"unknown time zone: {name!r}") from error


def _checked_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    given = [(opens, closes) for opens, closes in spans]
    for opens, closes in given:
        if opens.tzinfo or closes.tzinfo:
            raise ValueError("opening hours are local wall time, without a zone of their own")
        if closes <= opens and closes != MIDNIGHT:
            raise ValueError(
                f"{opens}–{closes} does not end after it starts; split a night at midnight"
            )
    given.sort()
    for (_, closes), (opens, _) in pairwise(given):
        if closes == MIDNIGHT or opens < closes:
            raise ValueError(f"opening hours overlap at {opens}")
    return tuple(given)


def _checked_days(days: AbstractSet[date]) -> frozenset[date]:
    # A datetime is a date to Python but equals none, so it would be ignored in silence.
    if any(isinstance(day, datetime) for day in days):
        raise ValueError("holidays and workdays are days, not moments")
    return frozenset(days)


NATURAL: Final = Calendar("UTC", {weekday: [(MIDNIGHT, MIDNIGHT)] for weekday in range(7)})
"""The clock that never stops: every hour of every day counts."""


def add(start: datetime, duration: timedelta, calendar: Calendar) -> datetime:
    """The earliest moment by which `duration` of working time has passed since `start`.

    A duration that ends with a span gives the span's end, not the next opening; no duration
    gives `start`, open or closed. The answer is in the zone of `start`.
    Raises `ValueError` if `start` is naive, `duration` is negative, or the calendar
    never opens, `OverflowError` past the year 9999.
    """
    moment = _utc(start)
    if duration < ZERO:
        raise ValueError(f"duration must not be negative: {duration}")
    if not duration:
        return start
    return _after(moment, duration, calendar).astimezone(start.tzinfo)


def _after(moment: datetime, duration: timedelta, calendar: Calendar) -> datetime:
    if calendar is NATURAL:
        return moment + duration
    spans = _open_spans(moment, calendar)
    while True:
        opens, closes = next(spans)
        if duration <= closes - opens:
            return opens + duration
        duration -= closes - opens


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The working time from `start` to `end`, negative if `end` is the earlier one.

    Raises `ValueError` if a moment is naive or the calendar never opens.
    """
    first, last = _utc(start), _utc(end)
    if calendar is NATURAL:
        return last - first
    if last < first:
        return -between(end, start, calendar)
    return sum((closes - opens for opens, closes in _open_until(first, last, calendar)), ZERO)


@dataclass(frozen=True)
class Stretch:
    """Time that is open, or closed, throughout, within one local day. The moments are UTC."""

    start: datetime
    end: datetime
    is_open: bool
    day: date


def stretches(start: datetime, end: datetime, calendar: Calendar) -> Iterator[Stretch]:
    """All the time from `start` to `end` without a hole: the open ones sum up to `between`.

    None if `end` is not the later one. The clock that never stops has one, over all its days.
    Raises `ValueError` if a moment is naive or the calendar never opens.
    """
    moment, last = _utc(start), _utc(end)
    if last <= moment:
        return
    if calendar is NATURAL:
        yield Stretch(moment, last, is_open=True, day=moment.date())
        return
    zone = ZoneInfo(calendar.timezone)
    for opens, closes in (*_open_until(moment, last, calendar), (last, last)):
        for begun, ended, day in _by_day(moment, opens, zone):
            yield Stretch(begun, ended, is_open=False, day=day)
        if opens < closes:
            yield Stretch(opens, closes, is_open=True, day=opens.astimezone(zone).date())
        moment = closes


def _open_until(
    start: datetime, end: datetime, calendar: Calendar
) -> Iterator[tuple[datetime, datetime]]:
    spans = takewhile(lambda span: span[0] < end, _open_spans(start, calendar))
    return ((opens, min(closes, end)) for opens, closes in spans)


def _by_day(
    start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime, date]]:
    """The time cut at each midnight."""
    day = start.astimezone(zone).date()
    while start < end:
        midnight = min(_moment(day + ONE_DAY, MIDNIGHT, zone), end)
        if start < midnight:
            yield start, midnight, day
            start = midnight
        day += ONE_DAY


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"a moment needs a time zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


def _open_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """All open spans after `start` in order, without end, as UTC moments, cut at `start`."""
    # Holidays are finite in number, so one open weekday is enough never to search in vain.
    if not any(calendar.weekly.values()):
        raise ValueError("the calendar never opens: it has no opening hours on any weekday")
    zone = ZoneInfo(calendar.timezone)
    day = start.astimezone(zone).date()
    while True:
        for opens, closes in _spans_on(day, calendar):
            closing_day = day + ONE_DAY if closes == MIDNIGHT else day
            opened = max(start, _moment(day, opens, zone))
            closed = _moment(closing_day, closes, zone)
            if opened < closed:
                yield opened, closed
        day += ONE_DAY


def _spans_on(day: date, calendar: Calendar) -> Sequence[Span]:
    if day in calendar.workdays:
        return calendar.weekly.get(MONDAY, ())
    if day in calendar.holidays:
        return ()
    return calendar.weekly.get(day.weekday(), ())


# Deadlines fall on the same few days over and over.
@lru_cache(maxsize=4096)
def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the local clock shows `wall` or has passed it.

    Where clocks go back that is the first of two, where they go forward the change itself:
    so moments never run against wall times, and spans can neither overlap nor leave a hole.
    """
    # fold=0 means the first of two; a span brings none of its own, equal times are one key here.
    local = datetime.combine(day, wall, zone).replace(fold=0)
    moment = local.astimezone(UTC)
    if _wall(moment, zone) == local.replace(tzinfo=None):
        return moment
    return _clock_change(local, zone)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _clock_change(skipped: datetime, zone: ZoneInfo) -> datetime:
    """The moment of the change that skips this wall time; by bisection, as zones hide theirs."""
    wall = skipped.replace(tzinfo=None)
    before, after = skipped.replace(fold=1).astimezone(UTC), skipped.astimezone(UTC)
    while after - before > timedelta.resolution:
        middle = before + (after - before) / 2
        if _wall(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after
