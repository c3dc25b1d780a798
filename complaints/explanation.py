"""Where the time of a clock went: each counted and each skipped span (`sla.md` rule 12).

Pure: knows no models and asks no database. Times are aware datetimes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from csm.kit import worktime

COUNTED: Final = "counted"
WAITED: Final = "waited"
CLOSED: Final = "closed"
KINDS = (COUNTED, WAITED, CLOSED)
# Why a span counts, or does not.
ALWAYS, OPEN, MAKE_UP = "always", "open", "make_up"
CUSTOMER = "customer"
NIGHT, DAY_OFF, HOLIDAY = "night", "day_off", "holiday"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wait:
    """The clock waited for the customer: why, and on whose word."""

    start: datetime
    end: datetime
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Span:
    """Time of one kind for one cause. `name` is the day's own (a holiday); `wait` the pause's.

    `is_late`: counted after the deadline.
    """

    start: datetime
    end: datetime
    kind: str
    cause: str
    name: str = ""
    wait: Wait | None = None
    is_late: bool = False

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def likeness(self) -> tuple[object, ...]:
        """What neighbours share that are one span."""
        return self.kind, self.cause, self.name, self.wait, self.is_late


@dataclass(frozen=True)
class Course:
    """A clock from its start to its end: contiguous spans that do not overlap."""

    start: datetime
    end: datetime
    due_at: datetime
    spans: list[Span] = field(default_factory=list)

    @property
    def elapsed(self) -> timedelta:
        return self.end - self.start

    def lengths(self, unit: timedelta = MINUTE) -> list[int]:
        """The length of each span in whole units, so that they sum up to the whole elapsed time.

        Rounding each down by itself would lose a minute here and there, and somebody adds up.
        """
        marks = [(at - self.start) // unit for at in self._marks]
        return [after - before for before, after in pairwise(marks)]

    def sums(self, unit: timedelta = MINUTE) -> dict[str, int]:
        """Whole units by kind; together they are the elapsed time."""
        found = dict.fromkeys(KINDS, 0)
        for span, length in zip(self.spans, self.lengths(unit), strict=True):
            found[span.kind] += length
        return found

    @property
    def _marks(self) -> list[datetime]:
        return [self.start, *(span.end for span in self.spans)]


def course(
    *,
    start: datetime,
    end: datetime,
    due_at: datetime,
    calendar: worktime.Calendar,
    waits: Sequence[Wait] = (),
    names: Mapping[date, str] | None = None,
) -> Course:
    """The spans of a clock. `waits` are in order and do not overlap; `names` are of days.

    What is outside working hours is so in a pause, too: a pause moves a deadline by the working
    time that it takes, and by no more. After the deadline nothing waits (rule 6).
    """
    end = max(start, end)
    waits = [wait for wait in waits if wait.start < due_at]
    pieces = (
        piece
        for stretch in worktime.stretches(start, end, calendar)
        for piece in _pieces(stretch, calendar, waits, due_at, names or {})
    )
    return Course(start, end, due_at, list(_joined(pieces)))


def _pieces(
    stretch: worktime.Stretch,
    calendar: worktime.Calendar,
    waits: Sequence[Wait],
    due_at: datetime,
    names: Mapping[date, str],
) -> Iterator[Span]:
    is_named = stretch.day in (calendar.workdays if stretch.is_open else calendar.holidays)
    name = names.get(stretch.day, "") if is_named else ""
    if not stretch.is_open:
        yield Span(stretch.start, stretch.end, CLOSED, _why_closed(stretch.day, calendar), name)
        return
    cause = _why_open(stretch.day, calendar)
    moment = stretch.start
    for wait in waits:
        begun, ended = max(wait.start, moment), min(wait.end, stretch.end)
        if begun < ended:
            yield from _counted(moment, begun, cause, name, due_at)
            yield Span(begun, ended, WAITED, CUSTOMER, wait=wait)
            moment = ended
    yield from _counted(moment, stretch.end, cause, name, due_at)


def _counted(
    start: datetime, end: datetime, cause: str, name: str, due_at: datetime
) -> Iterator[Span]:
    """Counted time, parted at the deadline."""
    split = min(max(due_at, start), end)
    if start < split:
        yield Span(start, split, COUNTED, cause, name)
    if split < end:
        yield Span(split, end, COUNTED, cause, name, is_late=True)


def _why_open(day: date, calendar: worktime.Calendar) -> str:
    if calendar is worktime.NATURAL:
        return ALWAYS
    return MAKE_UP if day in calendar.workdays else OPEN


def _why_closed(day: date, calendar: worktime.Calendar) -> str:
    if day in calendar.workdays:
        return NIGHT
    if day in calendar.holidays:
        return HOLIDAY
    return NIGHT if calendar.weekly.get(day.weekday()) else DAY_OFF


def _joined(pieces: Iterable[Span]) -> Iterator[Span]:
    """Neighbours of one kind and cause as one span."""
    for _likeness, same in groupby(pieces, lambda piece: piece.likeness):
        first, *others = same
        yield replace(first, end=others[-1].end) if others else first


# What became of a step of the ladder.
FIRED, SUPERSEDED, COMING, DUE, SILENT = "fired", "superseded", "coming", "due", "silent"


def step_state(
    *, at: datetime, told: str, now: datetime, speaks_next: datetime | None, is_running: bool
) -> str:
    """`told` is the step's event, if it has one; `speaks_next` is when the ladder goes on.

    A clock that is finished, waits, or is in doubt speaks no more for the time being.
    """
    if told:
        return FIRED if told == "step_fired" else SUPERSEDED
    if not is_running or speaks_next is None:
        return SILENT
    return COMING if at > now else DUE


# Whose verdict it is, and why.
TAKEN_IN, HANDED_OVER, ISSUING, AS_WRITTEN = "taken_in", "handed_over", "issuing", "as_written"


@dataclass(frozen=True)
class Owning:
    """A branch had the clock from then on."""

    at: datetime
    branch: int


@dataclass(frozen=True)
class Whose:
    """`decided_at` is the moment whose owner bears the verdict; `since` when it got the clock.

    `later` is when the clock went elsewhere after that: too late to take the verdict along.
    """

    why: str
    decided_at: datetime
    since: datetime | None = None
    later: datetime | None = None


def whose(
    *,
    due_at: datetime,
    met_at: datetime | None,
    verdict_branch: int,
    first: int,
    owners: Sequence[Owning],
    is_issuing: bool,
) -> Whose:
    """Why the verdict is this branch's: the owner at least(coalesce(met_at, due_at), due_at).

    `owners` in order. A hand-over in the very moment of the deadline comes too late. What cannot
    be followed from the hand-overs (history, a merged duplicate) stands as it is written.
    """
    decided_at = min(met_at or due_at, due_at)
    before = [row for row in owners if row.at <= decided_at and row.at < due_at]
    later = next((row.at for row in owners if row not in before), None)
    owner = before[-1].branch if before else first
    if owner != verdict_branch:
        return Whose(AS_WRITTEN, decided_at)
    if not before:
        return Whose(TAKEN_IN, decided_at, later=later)
    since = before[-1].at
    return Whose(ISSUING if is_issuing else HANDED_OVER, decided_at, since, later)
