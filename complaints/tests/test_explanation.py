"""U-08: where the time of a clock went, for 500 random histories; no database."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from complaints import explanation, explanation_words
from complaints.actions.policies import Rule
from complaints.clock_drawing import drawing
from complaints.explanation import CLOSED, COUNTED, KINDS, WAITED, Course, Owning, Wait
from complaints.models import PolicyRevision
from csm.kit import worktime
from csm.kit.worktime import NATURAL, Calendar, between

HISTORIES = 500
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
WEEKDAYS = {day: [(time(9), time(12)), (time(13), time(18))] for day in range(5)}


def calendar(chance: random.Random) -> Calendar:
    """Every hour, or office hours with holidays and make-up days in a zone that may change."""
    if chance.random() < 0.3:
        return NATURAL
    first = date(2026, 3, 1)
    days = [first + DAY * number for number in chance.sample(range(60), 16)]
    night = {day: [(time(22), time(0))] for day in range(7)}
    return Calendar(
        chance.choice(ZONES),
        chance.choice((WEEKDAYS, WEEKDAYS | {6: [(time(10), time(0))]}, night)),
        holidays=frozenset(days[:8]),
        workdays=frozenset(days[8:]),
    )


def pauses(chance: random.Random, start: datetime, end: datetime) -> Iterator[Wait]:
    """Up to four waits in order, some touching the next one, the last perhaps beyond the end."""
    marks = sorted(
        start + (end - start) * chance.random() * 1.1 for _count in range(chance.choice((0, 2, 4)))
    )
    for place, (begun, ended) in enumerate(zip(marks[::2], marks[1::2], strict=True)):
        yield Wait(begun, ended, reason=f"wait {place}")


def history(seed: int) -> tuple[Course, Calendar, list[Wait]]:
    chance = random.Random(seed)
    hours, start = calendar(chance), datetime(2026, 3, 3, tzinfo=UTC) + DAY * chance.random() * 30
    end = start + HOUR * chance.choice((1, 30, 200, 500)) * chance.random()
    waits = list(pauses(chance, start, end))
    target = HOUR * chance.choice((1, 24, 48, 72))
    spans = [(wait.start, wait.end) for wait in waits]
    rule = Rule(PolicyRevision(pk=1), {"result": target}, {}, hours)
    due_at = rule.plan("result", start, spans).due_at
    course = explanation.course(start=start, end=end, due_at=due_at, calendar=hours, waits=waits)
    return course, hours, waits


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_u08_spans_leave_no_hole_and_sum_up_to_the_time_that_passed(seed: int) -> None:
    course, hours, waits = history(seed)
    spans = course.spans

    assert [spans[0].start, spans[-1].end] == [course.start, course.end]
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(span.start < span.end and span.kind in KINDS for span in spans)
    took = {kind: sum((s.duration for s in spans if s.kind == kind), timedelta()) for kind in KINDS}
    assert sum(took.values(), timedelta()) == course.end - course.start
    waited = sum(
        (
            between(wait.start, min(wait.end, course.end), hours)
            for wait in waits
            if wait.start < min(course.end, course.due_at)
        ),
        timedelta(),
    )
    assert took[WAITED] == waited
    assert took[COUNTED] == between(course.start, course.end, hours) - waited
    for span in spans:
        open_for = between(span.start, span.end, hours)
        assert open_for == (timedelta() if span.kind == CLOSED else span.duration)


@pytest.mark.parametrize("seed", range(0, HISTORIES, 5))
def test_u08_late_is_exactly_what_counts_after_the_deadline(seed: int) -> None:
    course, _hours, _waits = history(seed)
    counted = [span for span in course.spans if span.kind == COUNTED]
    assert all(span.is_late == (span.start >= course.due_at) for span in counted)
    assert all(not (span.start < course.due_at < span.end) for span in counted)


@pytest.mark.parametrize("seed", range(0, HISTORIES, 5))
@pytest.mark.parametrize("unit", [SECOND, MINUTE])
def test_u08_what_is_shown_adds_up_to_the_minute(seed: int, unit: timedelta) -> None:
    course, _hours, _waits = history(seed)
    lengths = course.lengths(unit)
    assert len(lengths) == len(course.spans)
    assert all(
        abs(length * unit - span.duration) < unit
        for length, span in zip(lengths, course.spans, strict=True)
    )
    assert sum(lengths) == sum(course.sums(unit).values()) == course.elapsed // unit


@pytest.mark.parametrize("seed", range(0, HISTORIES, 10))
def test_u08_the_drawn_line_covers_the_same_time(seed: int) -> None:
    course, _hours, _waits = history(seed)
    line = drawing(course, [(course.due_at, "step"), (course.end + 400 * DAY, "beyond")])
    assert [mark.look for mark in line.marks] == ["step"]
    assert (line.start, line.end) == (course.start, max(course.end, course.due_at))
    assert line.blocks[0].x == 0
    assert all(0 <= block.x < 100.001 for block in line.blocks)
    assert 0 <= line.due.x <= 100


def test_u08_each_night_holiday_and_make_up_day_has_its_name() -> None:
    """A clock over China's national holiday, with the Saturday after it worked."""
    hours = Calendar(
        "Asia/Shanghai",
        {day: [(time(9), time(18))] for day in range(5)},
        holidays=frozenset({date(2026, 10, 8)}),
        workdays=frozenset({date(2026, 10, 10)}),
    )
    zone = ZoneInfo("Asia/Shanghai")
    course = explanation.course(
        start=datetime(2026, 10, 7, 17, tzinfo=zone),
        end=datetime(2026, 10, 12, 10, tzinfo=zone),
        due_at=datetime(2026, 10, 10, 12, tzinfo=zone),
        calendar=hours,
        waits=[
            Wait(
                datetime(2026, 10, 9, 16, tzinfo=zone),
                datetime(2026, 10, 10, 10, tzinfo=zone),
                "面单",
                "王",
            )
        ],
        names={date(2026, 10, 8): "国庆节", date(2026, 10, 10): "调休上班"},
    )
    told = [
        (f"{s.end.astimezone(zone):%d %H:%M}", s.kind, s.cause, s.name, s.is_late)
        for s in course.spans
    ]
    assert told == [
        ("07 18:00", "counted", "open", "", False),
        ("08 00:00", "closed", "night", "", False),
        ("09 00:00", "closed", "holiday", "国庆节", False),
        ("09 09:00", "closed", "night", "", False),
        ("09 16:00", "counted", "open", "", False),
        ("09 18:00", "waited", "customer", "", False),
        ("10 09:00", "closed", "night", "", False),
        ("10 10:00", "waited", "customer", "", False),
        ("10 12:00", "counted", "make_up", "调休上班", False),
        ("10 18:00", "counted", "make_up", "调休上班", True),
        ("11 00:00", "closed", "night", "", False),
        ("12 00:00", "closed", "day_off", "", False),
        ("12 09:00", "closed", "night", "", False),
        ("12 10:00", "counted", "open", "", True),
    ]
    assert course.sums() == {"counted": 17 * 60, "waited": 3 * 60, "closed": 93 * 60}


START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("met", "owners", "verdict", "expected"),
    [
        (None, [], 1, ("taken_in", 24, None, None)),
        (2, [(1, 7)], 7, ("handed_over", 2, 1, None)),
        (2, [(1, 7), (3, 8)], 7, ("handed_over", 2, 1, 3)),
        (30, [(1, 7), (25, 8)], 7, ("handed_over", 24, 1, 25)),
        (None, [(24, 8)], 1, ("taken_in", 24, None, 24)),
        (None, [(1, 7)], 9, ("as_written", 24, None, None)),
    ],
)
def test_whose_verdict_it_is_has_its_reason(
    met: int | None,
    owners: list[tuple[int, int]],
    verdict: int,
    expected: tuple[str, int, int | None, int | None],
) -> None:
    """Rule 3; hours after the start. A hand-over in the moment of the deadline is too late."""

    def at(hours: int | None) -> datetime | None:
        return None if hours is None else START + HOUR * hours

    found = explanation.whose(
        due_at=START + DAY,
        met_at=at(met),
        verdict_branch=verdict,
        first=1,
        owners=[Owning(START + HOUR * hours, branch) for hours, branch in owners],
        is_issuing=False,
    )
    why, decided, since, later = expected
    assert (found.why, found.decided_at) == (why, at(decided))
    assert (found.since, found.later) == (at(since), at(later))


def test_a_calendar_in_which_no_time_passes_has_no_stretches() -> None:
    assert list(worktime.stretches(START, START, NATURAL)) == []
    assert list(worktime.stretches(START + DAY, START, NATURAL)) == []


@pytest.mark.parametrize(
    ("cause", "name", "words"),
    [
        (explanation.HOLIDAY, "国庆节", "Skipped: holiday (国庆节)"),
        (explanation.MAKE_UP, "国庆节调休", "Counted: make-up working day (国庆节调休)"),
        (explanation.MAKE_UP, "调休上班", "Counted: make-up working day"),
        (explanation.OPEN, "", "Counted: working hours"),
    ],
)
def test_u08_a_day_is_named_once(cause: str, name: str, words: str) -> None:
    """The name that every announced make-up day has says what the cause says already."""
    start = datetime(2026, 10, 10, 1, tzinfo=UTC)
    span = explanation.Span(start, start + timedelta(hours=1), explanation.COUNTED, cause, name)
    assert explanation_words.cause(span) == words
