"""What is to happen to a complaint, and when. Drawn from a seed; no database here.

All spans count from the receipt, as the promises do.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKS = 8
# Monday to Sunday, and the hours of a day: when customers complain.
WEEKDAYS = (13, 11, 10, 10, 11, 7, 5)
HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 9, 12, 13, 10, 6, 8, 11, 12, 11, 8, 5, 4, 3, 3, 2, 1)
FIRST_HOUR, LAST_HOUR = 8, 21


@dataclass(frozen=True)
class Call:
    """One try to call back: `satisfied`, `unhappy` or `unreached`."""

    after: timedelta
    outcome: str


@dataclass
class Plan:
    """The first cycle of one complaint. None: does not happen (yet)."""

    received_at: datetime
    logged: timedelta
    is_hotline: bool
    severity: str = "normal"
    invalid: timedelta | None = None
    invalid_decided: timedelta | None = None
    is_invalid: bool = True
    triaged: timedelta | None = None
    apologised: timedelta | None = None
    accepted: timedelta | None = None
    is_misplaced: bool = False
    transferred: timedelta | None = None
    answered: timedelta | None = None
    drafted: timedelta | None = None
    submitted: timedelta | None = None
    returned: timedelta | None = None
    resubmitted: timedelta | None = None
    confirmed: timedelta | None = None
    calls: list[Call] = field(default_factory=list)
    notes: list[timedelta] = field(default_factory=list)
    photos: int = 0


def receipts(rng: random.Random, end: datetime, number: int, zone: ZoneInfo) -> list[datetime]:
    """When the complaints of eight weeks came in, in order; the last hour is left to `staged`."""
    today = end.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(WEEKS * 7)]
    weights = [WEEKDAYS[day.weekday()] for day in days]
    moments = (_receipt(rng, rng.choices(days, weights)[0], zone) for _ in range(number))
    return sorted(moment if moment < end - HOUR else moment - DAY for moment in moments)


def _receipt(rng: random.Random, day: date, zone: ZoneInfo) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), tzinfo=zone)
    return local.astimezone(ZoneInfo("UTC"))


def draw(rng: random.Random, *, received_at: datetime, care: float, zone: ZoneInfo) -> Plan:
    """A complaint as it goes at a branch that keeps its promises with `care`."""
    awake = Awake(received_at, zone)
    plan = Plan(
        received_at,
        logged=_minutes(rng, 2, 9) if rng.random() < 0.94 else _minutes(rng, 50, 300),
        is_hotline=rng.random() < 0.55,
        severity=rng.choices(("low", "normal", "high", "critical"), (8, 70, 17, 5))[0],
        photos=int(rng.random() < 0.01),
    )
    plan.triaged = plan.logged + _minutes(rng, 4, 35)
    if rng.random() < 0.08:
        plan.invalid = plan.triaged
        plan.is_invalid = rng.random() < 0.8
        plan.invalid_decided = awake.at(plan.invalid + _minutes(rng, 20, 400))
        plan.triaged = None if plan.is_invalid else plan.invalid_decided + _minutes(rng, 5, 40)
    if plan.triaged is not None:
        _handle(rng, plan, plan.triaged, care, awake)
    return plan


def _handle(
    rng: random.Random, plan: Plan, triaged: timedelta, care: float, awake: "Awake"
) -> None:
    """From the triage to the callback."""
    plan.apologised = max(plan.logged + MINUTE, _span(rng, HOUR, care + 0.04, 0.3, 0.98))
    if plan.invalid is not None:  # while a second person looks, nobody speaks to the customer
        plan.apologised = max(plan.apologised, triaged + _minutes(rng, 2, 20))
    plan.is_misplaced = rng.random() < 0.06
    plan.accepted = triaged + _minutes(rng, 3, 90)
    if plan.is_misplaced:
        plan.transferred = triaged + _minutes(rng, 40, 200)
        plan.accepted = plan.transferred + _minutes(rng, 10, 90)
    answered = max(plan.accepted + 5 * MINUTE, _span(rng, DAY, care, 0.15, 0.9))
    plan.answered = awake.at(answered)
    plan.submitted = awake.at(
        max(plan.accepted + HOUR, _span(rng, 2 * DAY, care - 0.03, 0.3, 0.95))
    )
    plan.drafted = plan.accepted + (plan.submitted - plan.accepted) * rng.uniform(0.2, 0.9)
    _judge(rng, plan, plan.submitted, awake)
    plan.calls = list(calls(rng, plan.answered, care, awake))
    plan.notes = [plan.accepted + _minutes(rng, 10, 1500) for _ in range(_few(rng))]


def _judge(rng: random.Random, plan: Plan, submitted: timedelta, awake: "Awake") -> None:
    judged = awake.at(submitted + _minutes(rng, 120, 2400))
    if rng.random() < 0.15:
        plan.returned = judged
        plan.resubmitted = awake.at(judged + _minutes(rng, 120, 1500))
        judged = awake.at(plan.resubmitted + _minutes(rng, 120, 2400))
    if rng.random() < 0.85:
        plan.confirmed = judged


def calls(rng: random.Random, answered: timedelta, care: float, awake: "Awake") -> Iterator[Call]:
    """Tries until somebody answers, three at most; the worse the branch, the more are unhappy."""
    after = awake.at(
        max(answered + 2 * HOUR, _span(rng, 3 * DAY, min(care + 0.05, 0.97), 0.5, 0.97))
    )
    for _try in range(3):
        if rng.random() < 0.8:
            yield Call(after, "satisfied" if rng.random() < 0.55 + 0.4 * care else "unhappy")
            return
        yield Call(after, "unreached")
        after = awake.at(after + 13 * HOUR)


def _span(
    rng: random.Random, target: timedelta, care: float, earliest: float, latest: float
) -> timedelta:
    """Within the target with the probability of `care`; else over it, sometimes for days."""
    if rng.random() < care:
        return target * rng.triangular(earliest, latest, (earliest + latest) / 2)
    return target * (1 + rng.expovariate(2.2) + 0.03)


def _minutes(rng: random.Random, least: int, most: int) -> timedelta:
    return timedelta(seconds=rng.randint(least * 60, most * 60))


def _few(rng: random.Random) -> int:
    return rng.choices((0, 1, 2), (65, 27, 8))[0]


@dataclass(frozen=True)
class Awake:
    """Puts what people do at their desks into the day: nobody answers at three in the morning."""

    received_at: datetime
    zone: ZoneInfo

    def at(self, after: timedelta) -> timedelta:
        """The span, stretched to the next morning when it ends in the night."""
        local = (self.received_at + after).astimezone(self.zone)
        if FIRST_HOUR <= local.hour < LAST_HOUR:
            return after
        day = local.date() + timedelta(days=local.hour >= LAST_HOUR)
        # The minutes of the night spread the morning.
        morning = datetime.combine(day, time(FIRST_HOUR, local.minute, local.second), self.zone)
        return morning - self.received_at
