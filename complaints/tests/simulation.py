"""A second, naive count of the clocks: minute by minute, from the facts alone (`sla.md` §2).

It knows nothing of how the actions plan. It is told what happened when, walks through every minute
since the start, and asks of each: is it worked in, is it waited in, has the promise run out?
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

# A Wednesday, ten o'clock in Shanghai; the clocks of New York go back on the Sunday after.
START = datetime(2026, 10, 28, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
BEFORE, DAYS = 2 * DAY, 55
SHIFTS = {
    "": None,
    "Asia/Shanghai": ((time(9), time(12)), (time(13), time(18))),
    "America/New_York": ((time(0), time(4)), (time(20), time(23))),
}
HOLIDAY, MAKE_UP = date(2026, 10, 30), date(2026, 10, 31)


def moment(minute: int) -> datetime:
    return START + minute * MINUTE


def minute(at: datetime) -> int:
    return round((at - START) / MINUTE)


@cache
def worked(zone: str) -> bytes:
    """For every minute from two days before the start: 1 where it counts."""
    shifts = SHIFTS[zone]
    if shifts is None:
        return bytes([1]) * (DAYS * DAY)
    tz, found = ZoneInfo(zone), bytearray()
    for place in range(DAYS * DAY):
        local = (START + (place - BEFORE) * MINUTE).astimezone(tz)
        is_open = local.date() == MAKE_UP or (local.weekday() < 5 and local.date() != HOLIDAY)
        found.append(is_open and any(a <= local.time() < b for a, b in shifts))
    return bytes(found)


class Rule(NamedTuple):
    """A revision: minutes by kind, the zone of its calendar, minutes that all pauses may take."""

    targets: dict[str, int]
    zone: str
    pause_limit: int


@dataclass
class Wait:
    start: int
    until: int
    ended: int | None = None

    @property
    def end(self) -> int:
        return self.until if self.ended is None else self.ended


@dataclass
class Promise:
    """One clock. `start` None: from the receipt, wherever that is moved to."""

    kind: str
    cycle: int
    rule: Rule
    start: int | None = None
    met: int | None = None
    is_waived: bool = False
    waits: list[Wait] = field(default_factory=list)


class Count(NamedTuple):
    due: int
    waited: int


@dataclass
class History:
    """What happened to one complaint, in minutes."""

    received: int
    intake: str
    unit: str
    triaged: int
    promises: list[Promise]
    owners: list[tuple[int, str]]
    wait: Wait | None = None
    is_void: bool = False

    def open(self, kind: str = "") -> list[Promise]:
        return [
            row
            for row in self.promises
            if row.met is None and not row.is_waived and kind in ("", row.kind)
        ]

    def count(self, row: Promise) -> Count:
        """Walk from the start until as many minutes were counted as were promised."""
        start = self.received if row.start is None else row.start
        works, target = worked(row.rule.zone), row.rule.targets[row.kind]
        waiting = bytearray(len(works))
        for wait in row.waits:
            end = wait.end if row.met is None else min(wait.end, row.met)
            for place in range(wait.start + BEFORE, end + BEFORE):
                waiting[place] = 1
        counted = waited = 0
        for place in range(start + BEFORE, len(works)):
            if works[place]:
                if waiting[place]:
                    waited += 1
                else:
                    counted += 1
                    if counted == target:
                        return Count(place + 1 - BEFORE, waited)
        raise AssertionError("the walk is too short")

    def latest_end(self, row: Promise, now: int) -> int:
        """Until when the clock may wait from now on."""
        works = worked(row.rule.zone)
        used = sum(
            works[place]
            for wait in row.waits
            for place in range(wait.start + BEFORE, wait.end + BEFORE)
        )
        left, place = row.rule.pause_limit - used, now + BEFORE
        while left > 0:
            left -= works[place]
            place += 1
        return place - BEFORE

    def pausable(self, now: int) -> list[Promise]:
        return [row for row in self.open() if row.kind != "apology" and self.count(row).due > now]

    def pause(self, now: int, until: int | None) -> bool:
        """False where it may not be."""
        rows = self.pausable(now)
        latest = min((self.latest_end(row, now) for row in rows), default=now)
        end = latest if until is None else until
        if not now < end <= latest:
            return False
        self.wait = Wait(now, end)
        for row in rows:
            row.waits.append(self.wait)
        return True

    def end_wait(self, at: int) -> None:
        if self.wait is not None:
            self.wait.ended = min(max(at, self.wait.start), self.wait.until)
            self.wait = None

    def meet(self, kind: str, at: int) -> None:
        for row in self.open(kind):
            row.met = at

    def reopen(self, now: int, rule: Rule) -> None:
        cycle = 1 + max(row.cycle for row in self.promises)
        kinds = [kind for kind in rule.targets if kind != "apology"]
        self.promises += [Promise(kind, cycle, rule, start=now) for kind in kinds]

    def recalculate(self, rule: Rule) -> None:
        if not self.is_void:
            for row in self.open():
                row.rule = rule

    def verdict(self, row: Promise, due: int, now: int) -> str:
        if self.is_void:
            return "void"
        if row.is_waived:
            return "waived"
        if row.met is not None and row.met <= due:
            return "met"
        return "breached" if (now if row.met is None else row.met) > due else "running"

    def owner(self, row: Promise, due: int) -> str:
        """Whose the promise was when it was decided; a hand-over at the deadline is too late."""
        decided = due if row.met is None else min(row.met, due)
        timeline = [(self.triaged, self.unit)] if row.kind == "callback" else self.owners
        found = self.intake
        for since, branch in timeline:
            if since <= decided and since < due:
                found = branch
        return found
