"""How the machinery is, in facts: sweeps, outbox, clocks, jobs, broker, database, disk (A-25).

No names and no secrets: what is measured here may be read by a monitoring program. The words and
what to do about it: `signs`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from complaints.models import Timer
from organisation import broker
from organisation.actions.jobs import MOST_STARTS
from organisation.broker import Broker
from organisation.models import Delivery, Job, JobState, Letter, Message, Person, SweepRun

# Each sweep and how often its bell rings.
INTERVALS = {
    "escalation": timedelta(seconds=15),
    "delivery": timedelta(seconds=15),
    "letters": timedelta(seconds=15),
    "mornings": timedelta(minutes=1),
    "consequences": timedelta(minutes=1),
    "periods": timedelta(minutes=1),
    "after-closing": timedelta(minutes=1),
    "asking-again": timedelta(minutes=1),
    "invitations": timedelta(minutes=1),
    "expiry": timedelta(minutes=1),
    "points": timedelta(minutes=1),
    "programme": timedelta(minutes=1),
    "customers": timedelta(minutes=5),
    "summaries": timedelta(minutes=5),
    "jobs": timedelta(seconds=5),
    "files": timedelta(hours=1),
    "answers": timedelta(hours=1),
}
# These share a worker with long jobs: they wait a little, and while a job runs, longer.
BESIDE_JOBS = (
    *("letters", "mornings", "consequences", "periods", "jobs", "files", "answers"),
    *("after-closing", "asking-again", "invitations", "expiry", "points", "programme"),
    *("customers", "summaries"),
)
SHORTEST_BESIDE_JOBS = timedelta(minutes=2)
# A message, a step or a job that is due and waits for longer is a sign that something stands still.
PATIENCE = timedelta(minutes=2)
# A job that nobody has taken up for so long, or whose worker gives no sign of life.
JOB_PATIENCE = timedelta(minutes=10)
# A job that was given up is shown for so long.
JOBS_KEPT = timedelta(days=7)
# Room on the disk below which uploads and exports are in danger.
LITTLE_ROOM = 2 * 1024**3


@dataclass(frozen=True)
class Sweep:
    """`age` is None before its first run."""

    name: str
    ran_at: datetime | None
    age: timedelta | None
    is_late: bool


@dataclass(frozen=True)
class Outbox:
    """Messages and letters. `waiting` is due now, `later` waits for a morning or the next try.

    `since` is the oldest of those that are due, invitations by the thousand left out.
    """

    waiting: int
    later: int
    sending: int
    failed: int
    since: datetime | None


@dataclass(frozen=True)
class Jobs:
    """`running` counts everybody's; `stuck` is not taken up or gives no sign of life."""

    running: int
    stuck: int
    given_up: int


@dataclass(frozen=True)
class Vitals:
    """Everything at one moment. Ages are spans, sizes bytes."""

    now: datetime
    sweeps: list[Sweep]
    unfired_since: datetime | None
    set_aside: int
    outbox: Outbox
    jobs: Jobs
    broker: Broker
    connections: int
    most_connections: int
    disk_free: int
    disk_size: int

    @property
    def clock(self) -> Sweep:
        """The sweep that everything hangs on."""
        return next(sweep for sweep in self.sweeps if sweep.name == broker.BELL)

    @property
    def beat_age(self) -> timedelta | None:
        """Since the bell was last rung, heard or not; None before the first time."""
        rung = [moment for moment in (self.clock.ran_at, self.broker.rang_at) if moment]
        return max(self.now - max(rung), timedelta(0)) if rung else None

    @property
    def is_beating(self) -> bool:
        return self.beat_age is not None and self.beat_age <= 2 * broker.EVERY

    @property
    def has_late_step(self) -> bool:
        return _is_old(self.unfired_since, self.now)

    @property
    def has_late_message(self) -> bool:
        return _is_old(self.outbox.since, self.now)

    @property
    def has_little_room(self) -> bool:
        return self.disk_free < LITTLE_ROOM

    @property
    def has_few_connections(self) -> bool:
        return self.connections * 10 >= self.most_connections * 9

    def problems(self) -> Iterator[str]:
        """The names of all that is not as it should be."""
        found = {
            "redis": not self.broker.answers,
            "beat": not self.is_beating,
            "unfired": self.has_late_step,
            "set_aside": self.set_aside > 0,
            "outbox": self.has_late_message,
            "failed_messages": self.outbox.failed > 0,
            "stuck_jobs": self.jobs.stuck > 0,
            "given_up_jobs": self.jobs.given_up > 0,
            "disk": self.has_little_room,
            "connections": self.has_few_connections,
        }
        yield from (f"sweep:{sweep.name}" for sweep in self.sweeps if sweep.is_late)
        yield from (name for name, is_bad in found.items() if is_bad)


def measure(
    *,
    now: datetime,
    people: QuerySet[Person] | None = None,
    timers: QuerySet[Timer] | None = None,
    letters: QuerySet[Letter] | None = None,
) -> Vitals:
    """Seven queries. For a person: messages and jobs of these people, these clocks, letters."""
    done = _jobs(Q() if people is None else Q(by__in=people), now)
    used, most = _connections()
    disk = shutil.disk_usage(settings.DATA_DIR)
    mine = Timer.objects.all() if timers is None else timers
    told = Message.objects.all() if people is None else Message.objects.filter(recipient__in=people)
    written = Letter.objects.all() if letters is None else letters
    return Vitals(
        now=now,
        sweeps=_sweeps(now, is_busy=done.running > 0),
        unfired_since=Timer.objects.filter(next_fire_at__lte=now).aggregate(
            since=Min("next_fire_at")
        )["since"],
        set_aside=mine.filter(quarantined_at__isnull=False).count(),
        outbox=_outbox(told, written, now),
        jobs=done,
        broker=broker.look(),
        connections=used,
        most_connections=most,
        disk_free=disk.free,
        disk_size=disk.total,
    )


def _sweeps(now: datetime, *, is_busy: bool) -> list[Sweep]:
    ran = dict(SweepRun.objects.values_list("name", "ran_at"))
    return [_sweep(name, ran.get(name), now, is_busy=is_busy) for name in INTERVALS]


def _sweep(name: str, ran_at: datetime | None, now: datetime, *, is_busy: bool) -> Sweep:
    """Late after two intervals."""
    if ran_at is None:
        return Sweep(name, None, None, is_late=name == broker.BELL)
    age, longest = max(now - ran_at, timedelta(0)), 2 * INTERVALS[name]
    is_late = age > longest
    if name in BESIDE_JOBS:
        is_late = not is_busy and age > max(longest, SHORTEST_BESIDE_JOBS)
    return Sweep(name, ran_at, age, is_late)


def _outbox(messages: QuerySet[Message], letters: QuerySet[Letter], now: datetime) -> Outbox:
    unsent = Q(state__in=(Delivery.QUEUED, Delivery.LEASED, Delivery.FAILED))
    boxes = (
        _counted(messages.filter(unsent), Q(), now),
        _counted(letters.filter(unsent), Q(is_bulk=False), now),
    )
    since = min(filter(None, [box.pop("since") for box in boxes]), default=None)
    return Outbox(**{name: sum(box[name] for box in boxes) for name in boxes[0]}, since=since)


def _counted(rows: "QuerySet[Any]", awaited: Q, now: datetime) -> dict[str, Any]:
    due, waits = Q(next_attempt_at__lte=now), Q(state=Delivery.QUEUED)
    return rows.aggregate(
        waiting=Count("pk", waits & due),
        later=Count("pk", waits & ~due),
        sending=Count("pk", Q(state=Delivery.LEASED)),
        failed=Count("pk", Q(state=Delivery.FAILED)),
        since=Min("next_attempt_at", filter=awaited & (waits | Q(state=Delivery.LEASED)) & due),
    )


def _jobs(mine: Q, now: datetime) -> Jobs:
    wanted = stuck(now) | given_up(now) | Q(state=JobState.RUNNING)
    counts = Job.objects.filter(wanted).aggregate(
        running=Count("pk", Q(state=JobState.RUNNING, lease_until__gt=now)),
        stuck=Count("pk", stuck(now) & mine),
        given_up=Count("pk", given_up(now) & mine),
    )
    return Jobs(**counts)


def stuck(now: datetime) -> Q:
    """Nobody has taken it up, or its worker has given no sign of life, for ten minutes."""
    long_ago = now - JOB_PATIENCE
    return Q(state=JobState.QUEUED, created_at__lte=long_ago) | Q(
        state=JobState.RUNNING, lease_until__lte=long_ago
    )


def given_up(now: datetime) -> Q:
    """Started as often as may be, and never at its end; what was refused has an answer already."""
    return Q(state=JobState.FAILED, attempts__gte=MOST_STARTS, finished_at__gt=now - JOBS_KEPT)


def _is_old(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since > PATIENCE


def _connections() -> tuple[int, int]:
    """Of the database, in use and possible."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity "
            "WHERE backend_type = 'client backend'"
        )
        used, most = cursor.fetchone()
        return int(used), int(most)
