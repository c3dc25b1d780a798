"""Acts at random against a second, naive count of the clocks (`sla.md` §1 to §3).

The model knows nothing of how the actions work: it keeps who owned the complaint when, what was
said when, and reads each verdict from the definition. After every act all of it must agree.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.actions import (
    callbacks,
    escalation,
    hand_overs,
    handling,
    intake,
    judging,
    triage,
    work_orders,
)
from complaints.factories import SECTIONS, CategoryFactory
from complaints.models import Complaint, Timer
from csm.kit.errors import Refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
RUNS, STEPS = 10, 30
TARGETS = {"apology": 1, "result": 24, "work_order": 48, "callback": 72}
# Hours after the start at which the default ladders speak.
LADDERS = {
    "apology": (0.75, 1, 2, 4),
    "result": (12, 19.92, 24, 36, 48),
    "work_order": (36, 44.16, 48, 72),
    "callback": (59.76, 67.68, 72, 96),
}
ZONES = (UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"))


@dataclass
class Clock:
    """One promise as the definition has it; `ended` is "", met, unreached or void."""

    kind: str
    cycle: int
    start: datetime
    ended: str = ""
    met: datetime | None = None
    unreached: datetime | None = None
    spoken: set[datetime] = field(default_factory=set)

    @property
    def due(self) -> datetime:
        return self.start + TARGETS[self.kind] * HOUR

    @property
    def ladder(self) -> list[datetime]:
        return [self.start + hours * HOUR for hours in LADDERS[self.kind]]

    def verdict(self, now: datetime) -> str:
        if self.ended == "void":
            return "void"
        if self.unreached is not None and self.unreached <= self.due:
            return "unreached"
        if self.met is not None and self.met <= self.due:
            return "met"
        return "breached" if (self.met or now) > self.due else "running"


@dataclass
class Model:
    """Everything that the verdicts follow from."""

    intake: Branch
    unit: Branch
    start: datetime
    cycle: int = 1
    in_doubt: bool = False
    triaged: datetime | None = None
    owners: list[tuple[datetime, Branch]] = field(default_factory=list)
    calls: list[datetime] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clocks = [Clock(kind, 1, self.start) for kind in TARGETS]

    def open(self, kind: str = "") -> list[Clock]:
        return [row for row in self.clocks if not row.ended and kind in ("", row.kind)]

    def meet(self, kind: str, at: datetime) -> None:
        for row in self.open(kind):
            row.ended, row.met = "met", at

    def reopen(self, now: datetime) -> None:
        self.cycle += 1
        self.calls = []
        self.clocks += [Clock(kind, self.cycle, now) for kind in TARGETS if kind != "apology"]

    def call_in_vain(self, now: datetime) -> None:
        self.calls.append(now)
        if len(self.calls) >= 3 and now - self.calls[0] >= 24 * HOUR:
            for row in self.open("callback"):
                row.ended, row.unreached = "unreached", now

    def sweep(self, now: datetime) -> None:
        for row in self.clocks:
            waits = self.next_fire(row)
            if waits is not None and waits <= now:
                row.spoken |= {moment for moment in row.ladder if moment <= now}

    def next_fire(self, row: Clock) -> datetime | None:
        if row.ended or self.in_doubt or row.cycle != self.cycle:
            return None
        return min((at for at in row.ladder if at not in row.spoken), default=None)

    def next_due(self) -> datetime | None:
        return min((row.due for row in self.open()), default=None)

    def owner(self, row: Clock) -> Branch:
        """Who owned the clock when it was decided; a hand-over at the deadline comes too late."""
        decided = min(row.met or row.due, row.due)
        if row.kind == "callback":
            moves = [(self.triaged, self.unit)] if self.triaged else []
        else:
            moves = self.owners
        found = [branch for at, branch in moves if at <= decided and at < row.due]
        return found[-1] if found else self.intake


@dataclass
class World:
    """The complaint, those who act on it, and the moment that it is."""

    dice: random.Random
    company: Tree
    quality: Person
    second: Person
    category: Any
    now: datetime
    model: Model
    complaint: Complaint

    def branch(self) -> Branch:
        found = self.company
        return self.dice.choice([found.branch, found.child, found.sibling, found.other_region])

    def moment_ago(self) -> datetime:
        """When something was said: now, some time ago, or just around a deadline."""
        dues = [row.due + self.dice.choice((-TICK, 0 * TICK, TICK)) for row in self.model.clocks]
        ago = self.now - self.dice.random() * self.dice.choice((1, 6, 40)) * HOUR
        return self.dice.choice([self.now, ago, *dues]).astimezone(self.dice.choice(ZONES))

    def let_pass(self) -> None:
        """Some time, or exactly until a deadline, or until a step of a ladder."""
        points = [at for row in self.model.clocks for at in (row.due, *row.ladder)]
        ahead = [at for at in points if at > self.now]
        some = self.now + TICK + self.dice.random() * self.dice.choice((0, 0.5, 4, 30)) * HOUR
        self.now = min(ahead) if ahead and self.dice.random() < 0.3 else some

    @property
    def asks(self) -> dict[str, Any]:
        return {"complaint": self.complaint, "by": self.quality, "now": self.now}


def judge(world: World) -> None:
    branch = world.branch()
    triage.judge_valid(branch=branch, category=world.category, severity="normal", **world.asks)
    world.model.triaged = world.now
    world.model.owners.append((world.now, branch))


def accept(world: World) -> None:
    hand_overs.accept(**world.asks)


def transfer(world: World) -> None:
    branch = world.branch()
    hand_overs.transfer(branch=branch, reason="x", **world.asks)
    world.model.owners.append((world.now, branch))


def assign(world: World) -> None:
    hand_overs.assign(handler=world.dice.choice([world.quality, world.second]), **world.asks)


def apologise(world: World) -> None:
    at = world.moment_ago()
    handling.apologise(channel="phone", words="x", at=at, **world.asks)
    world.model.meet("apology", at)


def answer(world: World) -> None:
    at = world.moment_ago()
    handling.answer(channel="phone", result="x", at=at, **world.asks)
    world.model.meet("result", at)


def submit(world: World) -> None:
    order = work_orders.draft(**world.asks, **SECTIONS)
    work_orders.submit(order=order, by=world.quality, now=world.now)
    world.model.meet("work_order", world.now)


def send_back(world: World) -> None:
    order = work_orders.current_order(world.complaint)
    if order is not None:
        judging.send_back(
            order=order, reason="x", sections=["causes"], by=world.second, now=world.now
        )


def call(world: World) -> None:
    kind = world.dice.choice(("satisfied", "not satisfied", "in vain", "in vain", "in vain"))
    is_reached, is_satisfied = kind != "in vain", kind == "satisfied"
    callbacks.record(
        is_reached=is_reached,
        is_satisfied=is_satisfied if is_reached else None,
        next_at=None if is_reached else world.now + HOUR,
        **world.asks,
    )
    if kind == "in vain":
        world.model.call_in_vain(world.now)
        return
    world.model.meet("callback", world.now)
    if not is_satisfied:
        world.model.reopen(world.now)


def close(world: World) -> None:
    handling.close(**world.asks)


def reopen(world: World) -> None:
    handling.reopen(reason="x", **world.asks)
    world.model.reopen(world.now)


def doubt(world: World) -> None:
    triage.propose_invalid(reason="x", **world.asks)
    world.model.in_doubt = True


def dispel(world: World) -> None:
    triage.reject_invalid(**world.asks | {"by": world.second})
    world.model.in_doubt = False


def annul(world: World) -> None:
    triage.confirm_invalid(**world.asks | {"by": world.second})
    for row in world.model.clocks:
        row.ended = "void"


def sweep(world: World) -> None:
    escalation.fire_due(now=world.now)
    world.model.sweep(world.now)


ACTS: dict[Callable[[World], None], int] = {
    judge: 6, accept: 2, transfer: 3, assign: 1, apologise: 2, answer: 3, submit: 3, send_back: 2,
    call: 7, close: 1, reopen: 1, doubt: 1, dispel: 4, annul: 1, sweep: 6,
}  # fmt: skip


@pytest.fixture
def world(seed: int) -> World:
    company, dice = tree(), random.Random(seed)
    quality, second = (
        PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
        for _each in range(2)
    )
    received = START - dice.choice((0, 0, 0.5, 3, 30)) * HOUR
    complaint = intake.log_complaint(
        subject="x", by=quality, now=START, received_at=received, intake_branch=company.region
    )
    model = Model(intake=company.region, unit=company.headquarters, start=received)
    category = CategoryFactory.create()
    return World(dice, company, quality, second, category, START, model, complaint)


@pytest.mark.parametrize("seed", range(RUNS))
def test_the_clocks_agree_with_their_definition(world: World) -> None:
    check(world, "log")
    for _step in range(STEPS):
        world.let_pass()
        act = world.dice.choices(list(ACTS), list(ACTS.values()))[0]
        refused = ""
        try:
            act(world)
        except Refused as refusal:
            refused = f" refused: {refusal.message}"
        world.complaint = Complaint.objects.get(pk=world.complaint.pk)
        check(world, act.__name__ + refused)


def check(world: World, act: str) -> None:
    model, now = world.model, world.now
    rows = Timer.objects.milestones().with_verdict(now).prefetch_related("events")
    timers: list[Any] = list(rows.select_related("verdict_branch"))
    found = {
        (row.kind, row.cycle): (
            row.started_at,
            row.due_at,
            row.met_at,
            row.verdict,
            row.verdict_branch.code,
            row.next_fire_at,
            sum(event.step_id is not None for event in row.events.all()),
        )
        for row in timers
    }
    assert found == {
        (row.kind, row.cycle): (
            row.start,
            row.due,
            row.met,
            row.verdict(now),
            model.owner(row).code,
            model.next_fire(row),
            len(row.spoken),
        )
        for row in model.clocks
    }, act
    assert world.complaint.next_due_at == model.next_due(), act
    assert world.complaint.cycle == model.cycle, act
