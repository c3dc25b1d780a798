"""500 random histories give the same verdicts as a walk through every minute (`sla.md` §2, U-08).

Pauses, transfers, declines, reopenings, results entered later than given, waivers, complaints void
and restored, corrected receipts, policies revised and clocks recalculated, on natural and on work
calendars. Histories of a batch share the policy and run side by side, in the order of time.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from complaints.actions import (
    callbacks,
    hand_overs,
    handling,
    pauses,
    recalculation,
    receipts,
    triage,
    waivers,
    work_orders,
)
from complaints.factories import SECTIONS, CategoryFactory, ComplaintFactory, bring
from complaints.models import Complaint, HandOver, Timer
from complaints.tests.clockwork import revise, standard
from complaints.tests.simulation import (
    DAY,
    HOLIDAY,
    MAKE_UP,
    MINUTE,
    SHIFTS,
    History,
    Promise,
    Rule,
    minute,
    moment,
)
from csm.kit.errors import Refused
from csm.tests.ladders import copy_of
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import CalendarDay, Person, Role, WorkCalendar

pytestmark = pytest.mark.django_db
QUARTERS, BATCHES, HISTORIES, ACTS, POLICY_ACTS = 4, 5, 25, 40, 4
TRIAGED, LAST, END = 10, 5 * DAY, 40 * DAY
HOURS = {
    "apology": (1, 2),
    "result": (8, 12, 24),
    "work_order": (16, 30, 48),
    "callback": (24, 40, 72),
}
ZONES = list(SHIFTS)
# What is open seldom, and what the clocks mind most.
LIKELY = {"pause": 3, "resume": 8, "callback": 6, "reopen": 3}
MINDED = ("pause", "resume", "answer", "transfer", "decline", "ask-waiver", "correct-receipt")


class Batch:
    """Complaints that live under one policy, each with its simulated twin."""

    def __init__(self, seed: int, company: Tree, calendars: dict[str, WorkCalendar | None]) -> None:
        self.dice = random.Random(f"batch {seed}")
        self.company, self.calendars = company, calendars
        head = company.headquarters
        self.quality, self.specialist, self.director = (
            PersonFactory.create(branch=head, role=role, email="")
            for role in (Role.QUALITY_MANAGER, Role.QUALITY_SPECIALIST, Role.SERVICE_DIRECTOR)
        )
        self.places = [company.branch, company.sibling, company.child, company.other_region]
        self.done: Counter[str] = Counter()
        self.policy = self.revised(-1)
        self.real = self.taken_in()
        self.twins = [self.twin() for _ in self.real]

    def revised(self, now: int) -> Rule:
        """The next revision of the policy, and what the twins know of it."""
        rule = Rule(
            {kind: 60 * self.dice.choice(hours) for kind, hours in HOURS.items()},
            self.dice.choice(ZONES),
            60 * self.dice.choice((5, 12, 72)),
        )
        revise(
            now=moment(now),
            targets={kind: minutes * MINUTE for kind, minutes in rule.targets.items()},
            calendar=self.calendars[rule.zone],
            pause_limit=rule.pause_limit * MINUTE,
            # Never the same twice, so that every revision is one.
            callback_spread=timedelta(hours=24, seconds=standard().revisions.count()),
        )
        return rule

    def taken_in(self) -> list[Complaint]:
        """One through the actions, the others as copies of its rows."""
        first = ComplaintFactory.create(
            branch=self.company.branch, intake_branch=self.company.child, now=moment(0)
        )
        bring(
            first, until="assigned", branch=self.company.branch, quality=self.quality,
            now=moment(TRIAGED),
        )  # fmt: skip
        first.refresh_from_db()
        others = [copy_of(first, number=f"COPY-{place}") for place in range(1, HISTORIES)]
        rows = Complaint.objects.bulk_create(others)
        for model in (Timer, HandOver):
            parts = list(model._default_manager.filter(complaint=first).order_by("pk"))
            model._default_manager.bulk_create(
                copy_of(part, complaint=row) for row in rows for part in parts
            )
        return [first, *rows]

    def twin(self) -> History:
        return History(
            received=0,
            intake=self.company.child.code,
            unit=self.company.headquarters.code,
            triaged=TRIAGED,
            promises=[Promise(kind, 1, self.policy) for kind in self.policy.targets],
            owners=[(TRIAGED, self.company.branch.code)],
        )

    def run(self) -> None:
        for now, place in self.plan():
            if place is not None:
                self.act(place, now)
            elif self.dice.random() < 0.5:
                self.policy = self.revised(now)
            else:
                pauses.end_due(now=moment(now))
                recalculation.recalculate(policy=standard(), by=None, now=moment(now))
                for twin in self.twins:
                    twin.recalculate(self.policy)
        pauses.end_due(now=moment(END))

    def plan(self) -> Iterator[tuple[int, int | None]]:
        """Even minutes in order, with the history whose turn it is; None: the policy's."""
        turns: list[int | None] = self.dice.choices(range(HISTORIES), k=ACTS)
        turns += [None] * POLICY_ACTS
        self.dice.shuffle(turns)
        minutes = sorted(self.dice.sample(range(TRIAGED + 2, LAST, 2), len(turns)))
        yield from zip(minutes, turns, strict=True)

    def act(self, place: int, now: int) -> None:
        """One of the open acts, by chance. What is refused has no effect on either."""
        complaint = Complaint.objects.get(pk=self.real[place].pk)
        open_now = [name for name in complaint.open_actions if name in self.ACTS]
        if not open_now:
            return
        [name] = self.dice.choices(open_now, [LIKELY.get(name, 1) for name in open_now])
        try:
            with transaction.atomic():
                effect = self.ACTS[name](self, complaint, self.twins[place], now)
        except Refused:
            return
        self.done[name] += 1
        effect()

    def common(self, complaint: Complaint, now: int, by: Person | None = None) -> dict[str, Any]:
        return {"complaint": complaint, "by": by or self.quality, "now": moment(now)}

    def earlier(self, twin: History, now: int, since: int) -> int:
        """When it was said: an odd minute, so that nothing else happened then; or now."""
        said = now - self.dice.choice((0, 1, 31, 241))
        return max(said, since + 1 - since % 2) if said < since else said

    def pause(self, complaint: Complaint, twin: History, now: int) -> Any:
        """Allowed or not: both must say the same."""
        until = self.dice.choice((None, now + 120, now + 1200))
        is_allowed = twin.pause(now, until)
        try:
            with transaction.atomic():
                until_at = None if until is None else moment(until)
                pauses.pause(reason="x", until=until_at, **self.common(complaint, now))
        except Refused:
            assert not is_allowed
            raise
        assert is_allowed
        return lambda: None

    def resume(self, complaint: Complaint, twin: History, now: int) -> Any:
        pauses.resume(**self.common(complaint, now))
        return lambda: twin.end_wait(now)

    def apologise(self, complaint: Complaint, twin: History, now: int) -> Any:
        said = self.earlier(twin, now, twin.received)
        handling.apologise(
            channel="phone", words="x", at=moment(said), **self.common(complaint, now)
        )
        return lambda: twin.meet("apology", said)

    def answer(self, complaint: Complaint, twin: History, now: int) -> Any:
        began = max(row.start or twin.received for row in twin.promises if row.kind == "result")
        said = self.earlier(twin, now, began)
        handling.answer(channel="phone", result="x", at=moment(said), **self.common(complaint, now))

        def effect() -> None:
            twin.meet("result", said)
            twin.end_wait(said)

        return effect

    def submit(self, complaint: Complaint, twin: History, now: int) -> Any:
        order = work_orders.draft(**self.common(complaint, now), **SECTIONS)
        if order.is_editable:
            work_orders.submit(order=order, by=self.quality, now=moment(now))
        return lambda: twin.meet("work_order", now)

    def call(self, complaint: Complaint, twin: History, now: int) -> Any:
        is_satisfied = self.dice.random() < 0.5
        callbacks.record(
            is_reached=True, is_satisfied=is_satisfied, words="x", **self.common(complaint, now)
        )

        def effect() -> None:
            twin.meet("callback", now)
            if not is_satisfied:
                twin.reopen(now, self.policy)

        return effect

    def reopen(self, complaint: Complaint, twin: History, now: int) -> Any:
        handling.reopen(reason="x", **self.common(complaint, now))
        return lambda: twin.reopen(now, self.policy)

    def transfer(self, complaint: Complaint, twin: History, now: int) -> Any:
        branch = self.dice.choice(self.places)
        hand_overs.transfer(branch=branch, reason="x", **self.common(complaint, now))
        return lambda: twin.owners.append((now, branch.code))

    def decline(self, complaint: Complaint, twin: History, now: int) -> Any:
        hand_overs.decline(reason="x", **self.common(complaint, now))
        return lambda: twin.owners.append((now, complaint.branch.code))

    def waive(self, complaint: Complaint, twin: History, now: int) -> Any:
        kind = self.dice.choice(list(HOURS))
        waivers.ask(
            milestone=kind, code="authority", words="x",
            **self.common(complaint, now, self.specialist),
        )  # fmt: skip
        waivers.grant(**self.common(complaint, now, self.director))
        [row] = [
            row for row in twin.promises
            if row.kind == kind and row.cycle == (1 if kind == "apology" else complaint.cycle)
        ]  # fmt: skip
        return lambda: setattr(row, "is_waived", True)

    def void(self, complaint: Complaint, twin: History, now: int) -> Any:
        triage.propose_invalid(reason="x", **self.common(complaint, now))
        triage.confirm_invalid(**self.common(complaint, now, self.specialist))

        def effect() -> None:
            twin.end_wait(now)
            twin.is_void = True

        return effect

    def restore(self, complaint: Complaint, twin: History, now: int) -> Any:
        triage.restore(reason="x", **self.common(complaint, now))
        return lambda: setattr(twin, "is_void", False)

    def correct(self, complaint: Complaint, twin: History, now: int) -> Any:
        received = twin.received - self.dice.choice((30, 120, 600))
        receipts.correct(received_at=moment(received), reason="x", **self.common(complaint, now))
        return lambda: setattr(twin, "received", received)

    ACTS: Any = {
        "pause": pause,
        "resume": resume,
        "apologise": apologise,
        "answer": answer,
        "work-order": submit,
        "callback": call,
        "reopen": reopen,
        "transfer": transfer,
        "decline": decline,
        "ask-waiver": waive,
        "propose-invalid": void,
        "restore": restore,
        "correct-receipt": correct,
    }

    def found(self) -> list[tuple[Any, ...]]:
        """What the database says of each clock, with the verdict of the last day of acts."""
        rows = Timer.objects.milestones().with_verdict(moment(LAST))
        order = {row.pk: place for place, row in enumerate(self.real)}
        return sorted(
            (
                order[row.complaint_id or 0], row.kind, row.cycle, minute(row.due_at),
                row.paused_seconds, row.verdict,  # type: ignore[attr-defined]
                row.verdict_branch.code if row.state not in ("waived", "void") else "",
            )
            for row in rows.select_related("verdict_branch")
        )  # fmt: skip

    def expected(self) -> list[tuple[Any, ...]]:
        return sorted(self._expected())

    def _expected(self) -> Iterator[tuple[Any, ...]]:
        for place, twin in enumerate(self.twins):
            for row in twin.promises:
                due, waited = twin.count(row)
                verdict = twin.verdict(row, due, LAST)
                counts = verdict not in ("waived", "void")
                yield (
                    place, row.kind, row.cycle, due, 60 * waited, verdict,
                    twin.owner(row, due) if counts else "",
                )  # fmt: skip


@pytest.fixture
def calendars() -> dict[str, WorkCalendar | None]:
    """None for the natural clock; the others closed on a Friday, open on the Saturday after it."""
    made: dict[str, WorkCalendar | None] = {}
    for zone, shifts in SHIFTS.items():
        if shifts is None:
            made[zone] = None
            continue
        spans = [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in shifts]
        weekly = {str(day): spans for day in range(5)}
        calendar = WorkCalendar.objects.create(name=zone, timezone=zone, weekly=weekly)
        for on, is_working in ((HOLIDAY, False), (MAKE_UP, True)):
            CalendarDay.objects.create(calendar=calendar, on=on, is_working=is_working)
        made[zone] = calendar
    return made


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_u08_500_random_histories_agree_with_a_walk_through_every_minute(
    calendars: dict[str, WorkCalendar | None], quarter: int
) -> None:
    company = tree()
    CategoryFactory.create()
    seen: set[str] = set()
    done: Counter[str] = Counter()
    for seed in range(quarter * BATCHES, (quarter + 1) * BATCHES):
        with transaction.atomic():
            batch = Batch(seed, company, calendars)
            batch.run()
            found, expected = batch.found(), batch.expected()
            wrong = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
            assert wrong == [], f"batch {seed}"
            seen |= {row[5] for row in found} | {f"cycle {row[2]}" for row in found}
            done += batch.done
            transaction.set_rollback(True)
    # Every verdict, a second cycle, and enough of what the clocks mind most.
    assert {"met", "breached", "running", "waived", "void", "cycle 1", "cycle 2"} <= seen
    assert min(done[name] for name in MINDED) >= 3
