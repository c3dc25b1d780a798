"""The counts of each day are those of the facts, after whatever was done to these (F-04, F-05)."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from complaints.actions import (
    callbacks,
    hand_overs,
    handling,
    merging,
    pauses,
    recalculation,
    receipts,
    triage,
    waivers,
)
from complaints.factories import CategoryFactory
from complaints.models import CallbackAttempt, Complaint, Status, Timer
from complaints.tests.clockwork import Desk, again, at, opened_desk, revise, standard
from csm.kit.errors import Refused
from customers.factories import CustomerFactory
from customers.models import CustomerVolume
from organisation.actions import sweeps
from organisation.models import SweepRun
from reports.actions import summaries
from reports.actions.summaries import SWEEP, spans
from reports.models import BranchDay, ClockDay, IntakeDay, ShipmentDay
from reports.tests.histories import DAY, DUE, all_four, history
from staff import factories as staff
from staff.actions import awareness
from staff.models import AskedPerson
from surveys import factories as surveys
from surveys.models import Response

pytestmark = pytest.mark.django_db
NOT_VALID = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)
VERDICTS = ("met", "breached", "running", "void", "waived", "unreached")
Counts = Counter[Any]


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def day(moment: datetime) -> date:
    return localtime(moment).date()


def by_hand(now: datetime) -> dict[str, dict[Any, Any]]:
    """All four tables, row by row and without SQL."""
    intake, branches, clocks = Counter[Any](), defaultdict[Any, Counts](Counter), Counter[Any]()
    for row in Complaint.objects.all():
        key, is_valid = (day(row.received_at), row.branch_id), row.status not in NOT_VALID
        for name, number in (("received", 1), ("valid", int(is_valid))):
            intake[*key, row.category_id, row.channel, name] += number
            branches[key][name] += number
    for timer in Timer.objects.milestones().with_verdict(now):
        clocks[day(timer.due_at), timer.verdict_branch_id, timer.kind, timer.verdict] += 1  # type: ignore[attr-defined]
    said_on_the_phone(branches)
    said_in_surveys(branches)
    return {
        "intake": +intake,
        "branches": {key: +counts for key, counts in branches.items()},
        "clocks": clocks,
        "shipments": shipped(),
    }


def said_on_the_phone(branches: dict[Any, Counts]) -> None:
    """By a customer who judged, to somebody else than the handler, about a valid complaint."""
    for call in CallbackAttempt.objects.select_related("complaint"):
        complaint = call.complaint
        is_own = call.by_id == complaint.handler_id
        if call.is_satisfied is not None and not is_own and complaint.status not in NOT_VALID:
            branches[day(call.at), complaint.branch_id]["calls"] += 1
            branches[day(call.at), complaint.branch_id]["calls_satisfied"] += call.is_satisfied


def said_in_surveys(branches: dict[Any, Counts]) -> None:
    for said in Response.objects.filter(survey__is_anonymous=False):
        [total] = [each.value for each in said.answers.all() if each.question.key == "total"]
        branches[day(said.started_at), said.branch_id]["answers"] += 1
        branches[day(said.started_at), said.branch_id]["answers_satisfied"] += (total or 0) >= 8


def shipped() -> dict[Any, Decimal]:
    found = defaultdict[Any, Decimal](Decimal)
    for volume in CustomerVolume.objects.all():
        for number in range(volume.days):
            share = Decimal(volume.shipments) / volume.days
            found[volume.starts_on + number * DAY, volume.branch_id] += share
    return {key: round(value, 4) for key, value in found.items()}


def kept() -> dict[str, dict[Any, Any]]:
    """What the tables say, in the same shape."""
    intake, clocks = Counter[Any](), Counter[Any]()
    for row in IntakeDay.objects.all():
        for name in ("received", "valid"):
            intake[row.day, row.branch_id, row.category_id, row.channel, name] = getattr(row, name)
    for clock in ClockDay.objects.all():
        for name in VERDICTS:
            clocks[clock.day, clock.branch_id, clock.kind, name] = getattr(clock, name)
    names = ("received", "valid", "calls", "calls_satisfied", "answers", "answers_satisfied")
    return {
        "intake": +intake,
        "branches": {
            (row.day, row.branch_id): +Counter({name: getattr(row, name) for name in names})
            for row in BranchDay.objects.all()
        },
        "clocks": +clocks,
        "shipments": {(row.day, row.branch_id): row.shipments for row in ShipmentDay.objects.all()},
    }


class Edits:
    """Random acts of people at a moment; what the rules refuse stays undone."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.chance = desk, chance
        self.categories = CategoryFactory.create_batch(2)
        self.survey = surveys.survey(desk.company.branch, now=at(0))
        self.anonymous = surveys.survey(
            desk.company.branch, now=at(0), is_anonymous=True, edition=self.survey.edition
        )
        self.customers = CustomerFactory.create_batch(3, home_branch=desk.company.branch)
        self.deck: list[Callable[[datetime], Any]] = []
        for _each in range(3):
            self.log(at(0))

    def act(self, now: datetime) -> str:
        """The name of the act that was done; each has its turn, on the first it can be done to."""
        while True:
            self.deck = self.deck or self.shuffled()
            chosen = self.deck.pop()
            for _try in range(8):
                try:
                    chosen(now)
                except Refused:
                    continue
                return chosen.__name__

    def shuffled(self) -> list[Callable[[datetime], Any]]:
        acts: list[Callable[[datetime], Any]] = [
            self.log, self.log, self.answer, self.call, self.transfer, self.judge_invalid,
            self.confirm_invalid, self.correct, self.pause, self.resume, self.reopen, self.merge,
            self.waive, self.survey_answer, self.ship,
        ]  # fmt: skip
        self.chance.shuffle(acts)
        return acts

    def one(self) -> Complaint:
        return again(self.chance.choice(list(Complaint.objects.order_by("pk"))))

    def log(self, now: datetime) -> None:
        place = self.chance.choice(
            [(self.desk.company.branch, self.desk.handler),
             (self.desk.company.sibling, self.desk.neighbour)]
        )  # fmt: skip
        self.desk.complaint(
            self.chance.choice(["received", "assigned", "handling", "answered"]),
            now=now,
            received_at=now - self.chance.randrange(0, 30) * timedelta(hours=1),
            branch=place[0],
            handler=place[1],
            category=self.chance.choice(self.categories),
            channel=self.chance.choice(["hotline", "web"]),
        )

    def answer(self, now: datetime) -> None:
        row = self.one()
        handling.answer(
            complaint=row,
            channel="phone",
            result="好了。",
            by=row.handler or self.desk.handler,
            now=now,
        )

    def call(self, now: datetime) -> None:
        is_reached = self.chance.random() < 0.7
        callbacks.record(
            complaint=self.one(), is_reached=is_reached, by=self.desk.quality, now=now,
            is_satisfied=self.chance.random() < 0.6 if is_reached else None,
            next_at=None if is_reached else now + timedelta(hours=3),
        )  # fmt: skip

    def transfer(self, now: datetime) -> None:
        row = self.one()
        to = self.desk.company.sibling if row.branch == self.desk.company.branch else None
        hand_overs.transfer(
            complaint=row, branch=to or self.desk.company.branch, reason="不是我们。",
            by=self.desk.quality, now=now,
        )  # fmt: skip

    def judge_invalid(self, now: datetime) -> None:
        triage.propose_invalid(complaint=self.one(), reason="试拨。", by=self.desk.quality, now=now)

    def confirm_invalid(self, now: datetime) -> None:
        triage.confirm_invalid(complaint=self.one(), by=self.desk.specialist, now=now)

    def correct(self, now: datetime) -> None:
        row = self.one()
        receipts.correct(
            complaint=row, reason="电话单。", by=self.desk.quality, now=now,
            received_at=row.received_at - self.chance.randrange(1, 200) * timedelta(hours=1),
        )  # fmt: skip

    def pause(self, now: datetime) -> None:
        row = self.one()
        pauses.pause(complaint=row, reason="等材料。", by=row.handler or self.desk.handler, now=now)

    def resume(self, now: datetime) -> None:
        row = self.one()
        pauses.resume(complaint=row, by=row.handler or self.desk.handler, now=now)

    def reopen(self, now: datetime) -> None:
        handling.reopen(complaint=self.one(), reason="又坏了。", by=self.desk.quality, now=now)

    def merge(self, now: datetime) -> None:
        merging.merge(complaint=self.one(), into=self.one(), by=self.desk.quality, now=now)

    def waive(self, now: datetime) -> None:
        row = self.one()
        waivers.ask(
            complaint=row, milestone="result", code="weather", words="台风。",
            by=row.handler or self.desk.handler, now=now,
        )  # fmt: skip
        waivers.grant(complaint=again(row), by=self.desk.director, now=now)

    def survey_answer(self, now: datetime) -> None:
        survey = self.chance.choice([self.survey, self.anonymous])
        total = self.chance.randrange(0, 11)
        surveys.responses(survey, self.desk.company.sibling, now, [{"total": total}])

    def ship(self, now: datetime) -> None:
        """A month of volumes, or other figures for one that is known."""
        first = date(2026, self.chance.randrange(8, 11), 1)
        CustomerVolume.objects.update_or_create(
            customer=self.chance.choice(self.customers), branch=self.desk.company.branch,
            starts_on=first, defaults={
                "days": 30, "shipments": self.chance.randrange(1, 5000), "revenue": 1,
                "last_on": first, "source": "file", "written_at": now,
            },
        )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_f04_f05_summaries_equal_the_facts_after_random_edits(desk: Desk, seed: int) -> None:
    """Seven days of twelve acts: the night's sweep counts all, those of the day what changed."""
    edits, done, now = Edits(desk, random.Random(seed)), Counter[str](), at(0)
    for hour in (24 * number + step for number in range(7) for step in range(12)):
        if hour == 24 * 4 + 4:
            revise(now=at(hour), targets={"result": timedelta(hours=12)})
            recalculation.recalculate(policy=standard(), by=None, now=at(hour))
        done[edits.act(at(hour))] += 1
        if hour % 3 == 2:
            now = at(hour + 0.5)
            summaries.refresh(now=now)
            assert kept() == by_hand(now)
    assert len(done) == 14, done
    before = kept()
    assert summaries.rebuild(now=now) == 0
    assert kept() == before


def test_f18_who_was_asked_counts_on_the_day_of_the_answer(desk: Desk) -> None:
    monday = at(24 * 5 - 2)
    report = staff.report(
        desk.company.branch, by=desk.handler, reviewer=desk.quality, now=monday, until="published"
    )
    awareness.draw(report=report, by=desk.quality, now=monday)
    number = AskedPerson.objects.filter(branch=desk.company.sibling).update(
        is_aware=True, marks=[True] * 3, answered_at=monday + DAY
    )
    assert number > 0
    summaries.refresh(now=monday + DAY)
    found = BranchDay.objects.filter(asked__gt=0).values_list("branch__code", "asked", "aware")
    assert list(found) == [("SZ", number, number)]


def test_an_import_is_counted_by_the_night_and_by_the_command(desk: Desk) -> None:
    """Its rows are no changes of single complaints; after midnight, or when asked, they count."""
    summaries.refresh(now=at(0))
    history(desk.company.branch, all_four("met"), at=DUE - 400 * DAY)
    summaries.refresh(now=at(1))
    assert not IntakeDay.objects.exists()
    summaries.refresh(now=at(15))
    assert kept() == by_hand(at(15))
    IntakeDay.objects.update(received=9)
    ClockDay.objects.all().delete()
    call_command("rebuild_summaries", "--at", at(15).isoformat())
    assert kept() == by_hand(at(15))


def test_the_command_counts_only_the_days_that_it_is_told(desk: Desk, capsys: Any) -> None:
    for number in range(3):
        history(desk.company.branch, {"result": "met"}, at=DUE + number * DAY)
    second = str(day(DUE) + DAY)
    call_command("rebuild_summaries", "--from", second, "--to", second)
    assert list(ClockDay.objects.values_list("day", "met")) == [(day(DUE) + DAY, 1)]
    assert capsys.readouterr().out.startswith("3 rows differed")
    with pytest.raises(CommandError, match="before --from"):
        call_command("rebuild_summaries", "--from", second, "--to", str(day(DUE)))
    call_command("rebuild_summaries")
    assert ClockDay.objects.count() == 3
    Complaint.objects.all().delete()
    assert summaries.rebuild(now=at(0)) == 9
    assert not ClockDay.objects.exists()
    assert summaries.rebuild(now=at(0)) == 0


def test_a_sweep_with_nothing_new_asks_the_same_however_many_there_are(desk: Desk) -> None:
    """Days that follow one another are one span, and a sweep never counts more than a few."""
    counts = []
    for number in (1, 20):
        for place in range(number):
            history(desk.company.branch, all_four("met"), at=DUE - 40 * place * DAY)
        sweeps.mark(SWEEP, now=at(0))
        Complaint.objects.update(changed_at=at(0))
        with CaptureQueriesContext(connection) as queries:
            summaries.refresh(now=at(1))
        counts.append(len(queries))
        assert kept() == by_hand(at(1))
    assert SweepRun.objects.get(name=SWEEP).ran_at == at(1)
    # Mark, import, last deadline, days, volumes, mark; a span is three statements, a lock and the
    # two ends of its transaction. There are four spans at the most.
    assert counts == [6 + 2 * 6, 6 + 4 * 6]


@pytest.mark.parametrize(
    ("numbers", "parted"),
    [
        ([], []),
        ([3], [(3, 3)]),
        ([1, 2, 3], [(1, 3)]),
        ([9, 1, 2], [(1, 2), (9, 9)]),
        ([1, 10, 12, 30, 50, 52, 90], [(1, 12), (30, 30), (50, 52), (90, 90)]),
    ],
)
def test_spans_part_at_the_widest_gaps(numbers: list[int], parted: list[tuple[int, int]]) -> None:
    first = date(2026, 1, 1)
    found = spans([first + number * DAY for number in numbers])
    assert [((a - first).days, (b - first).days) for a, b in found] == parted
