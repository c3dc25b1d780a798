"""The whole show: found the company, let eight weeks pass, and stop at the present hour."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from complaints.actions import escalation
from complaints.actions.consequences import draw
from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Kind
from customers.actions import refreshing
from organisation.models import Branch, Person, Role
from reports.actions import periods as closing
from reports.actions import subscriptions, summaries
from reports.demo import (
    care,
    consequences,
    contest,
    customers,
    dissatisfied,
    incentives_audits,
    incentives_learning,
    incentives_points,
    incentives_satisfaction,
    key_accounts,
    micro_reports,
    notices,
    personal_data,
    promises,
    stars,
    surveys,
    task_force,
    visits,
)
from reports.demo import company as companies
from reports.demo.casting import cast
from reports.demo.plans import WEEKS
from reports.demo.stage import TICK, Stage
from reports.demo.tidy import tidy
from reports.models import ReportKind

CLOSES_AT = time(8)
ANALYSED_EVERY = timedelta(days=7)
DRAWN_EVERY = timedelta(hours=4)
# No ladder of the plans begins to speak later than this after its first moment.
LATEST_ENTRY = timedelta(hours=24)


@dataclass(frozen=True)
class Show:
    """How much there is afterwards."""

    branches: int
    people: int
    customers: int
    complaints: int


@transaction.atomic
def seed(
    *,
    complaints: int,
    seed: int,
    now: datetime,
    password: str,
    on_progress: Callable[[float], None] = lambda _share: None,
) -> Show:
    """Fill an empty database: all of it or nothing. The same for the same seed, within an hour.

    `on_progress` hears which share of the eight weeks has passed.
    """
    with _without_savepoints():
        return _play(complaints, seed, now, password, on_progress)


def _play(
    complaints: int,
    seed: int,
    now: datetime,
    password: str,
    on_progress: Callable[[float], None],
) -> Show:
    end = now.replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(weeks=WEEKS)
    rng = random.Random(seed)  # noqa: S311  demo data
    company = companies.found(rng, end.date())
    company.suppliers = consequences.sign_suppliers(start)
    clients = customers.gather(company, rng, start)
    care.prepare(start)
    _subscribe(company, start)
    promises.make(start)
    incentives_points.begin(start)
    desk = notices.Desk(company, random.Random(seed))  # noqa: S311  demo data
    stage = Stage(start, end, _Sweeps(start, desk.take_up))
    desk.open(stage)
    for story in cast(company, clients, stage, complaints, rng):
        story.begin()
    dissatisfied.stage_all(company, clients, stage)
    stage.play(lambda moment: on_progress((moment - start) / (end - start)))
    consequences.draw(company, end)
    promises.note_some(company, end)
    consequences.look_back(company, end)
    surveys.ask(company, clients, end)
    key_accounts.keep(clients, end)
    personal_data.keep(company, clients, end)
    incentives_audits.make(company, end)
    contest.hold(company, end)
    incentives_points.draw(company, start, end)
    incentives_satisfaction.ask(end)
    stars.elect(company, clients, end)
    micro_reports.tell(company, end)
    incentives_learning.learn(company, end)
    task_force.set_up(company, end)
    visits.plan(company, clients, end)
    refreshing.run(now=end)
    summaries.rebuild(now=end)
    tidy(accounts=company.accounts, now=end)
    accounts = [person.pk for person in company.accounts]
    Person.objects.filter(pk__in=accounts).update(password=make_password(password))
    return Show(
        branches=Branch.objects.filter(level="branch").count(),
        people=Person.objects.count(),
        customers=len(clients),
        complaints=Complaint.objects.count(),
    )


class _Sweeps:
    """What workers would have done meanwhile: ladders, and each period 48 hours after its end."""

    def __init__(self, start: datetime, on_drawn: Callable[[datetime], None]) -> None:
        self._start = start
        self._on_drawn = on_drawn
        self._due: datetime | None = None

    def __call__(self, now: datetime, has_changed: bool) -> None:
        if has_changed:
            self._due = _next_due(now)
        if self._due is not None and self._due <= now:
            escalation.fire_due(now=now)
            self._due = _next_due(now)
        if (now - self._start) % DRAWN_EVERY < TICK and draw(now=now):
            self._on_drawn(now)
        if (now - self._start) % ANALYSED_EVERY < TICK:
            _analyse()
        local = now.astimezone(timezone.get_default_timezone())
        if local.time() == CLOSES_AT and (local.weekday() == 0 or local.day == 1):
            subscriptions.send_due(now=now)
        if local.time() == CLOSES_AT and local.weekday() == 2:
            self._close("week", now)
        if local.time() == CLOSES_AT and local.day == 3:
            self._close("month", now)

    def _close(self, kind: Kind, now: datetime) -> None:
        """Only what was played in full: half a week says nothing."""
        period = periods.at(now, kind=kind, zone=ZoneInfo(settings.TIME_ZONE)).previous
        if period.start >= self._start:
            closing.close(period=period.key, now=now, by=None)


def _subscribe(company: companies.Company, start: datetime) -> None:
    """Executives and quality managers of the headquarters read both reports."""
    for role in (Role.EXECUTIVE, Role.QUALITY_MANAGER):
        for person in company.who(company.root.code, role):
            for kind in ReportKind:
                subscriptions.subscribe(kind=kind, by=person, now=start)


def _next_due(now: datetime) -> datetime | None:
    """The next moment of a ladder. Asked thousands of times: hence SQL, and hence the lower bound.

    Below it lie only moments long passed, whose dead rows no vacuum can take away yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(next_fire_at) FROM complaints_timer WHERE next_fire_at > %s",
            [now - LATEST_ENTRY],
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def _analyse() -> None:
    """Tell the planner how large the tables have become: nobody else can look into them yet."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Leave out the savepoint of each action: a failure undoes the whole show anyway.

    They are a quarter of all statements.
    """
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = True
