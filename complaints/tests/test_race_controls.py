"""A race test is worth something when it fails without its protection (A-10).

Each race is run twice: as it is, where it holds, and with the protection switched off, where the
very same test must see that something was done twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection

from complaints.actions import batches, escalation, hand_overs
from complaints.models import Batch, Timer
from complaints.tests.clockwork import Desk, again, at, kinds, opened_desk
from csm.kit.errors import Stale
from csm.kit.transitions import Moving
from csm.tests.race import race

pytestmark = pytest.mark.django_db(transaction=True)
# Every sweep looks before any has written.
SLOW_EVENTS = escalation.EVENTS.replace(
    "FROM reached\n", "FROM reached CROSS JOIN (SELECT pg_sleep(0.5)) AS nap\n"
)


def sweeps_at_once(desk: Desk) -> None:
    """Four workers reach the same steps: each speaks once."""
    complaint = desk.complaint("assigned")
    race(*[lambda: escalation.fire_due(now=at(0.75))] * 4)
    steps = complaint.events.filter(step__isnull=False).values_list("timer", "step")
    assert len(steps) == len(set(steps)) == 1


def accepted_at_once(desk: Desk) -> None:
    """Two people accept the same complaint, both from a page of before: one has."""
    complaint = desk.complaint("assigned")
    pages = [(again(complaint), person) for person in (desk.handler, desk.manager)]
    answers = race(*(
        lambda page=page, person=person: hand_overs.accept(complaint=page, by=person, now=at(1))
        for page, person in pages
    ))  # fmt: skip
    assert sorted(map(type, answers), key=str) == sorted([type(None), Stale], key=str)
    assert kinds(complaint).count("accepted") == 1


@contextmanager
def without_locks_and_index(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither SKIP LOCKED nor the note of a batch nor the unique (timer, step)."""

    def hold(batch: Batch, now: datetime) -> list[int]:
        batch.delete()
        return batch.timers

    def in_database(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    take = batches.TAKE.replace("FOR UPDATE SKIP LOCKED", "")
    note = "AND id NOT IN (SELECT unnest(timers) FROM complaints_batch)"
    patch.setattr(batches, "TAKE", take.replace(note, ""))
    patch.setattr(batches, "hold", hold)
    in_database("DROP INDEX event_step_fires_once")
    try:
        yield
    finally:
        in_database("TRUNCATE complaints_event CASCADE")
        in_database(
            "CREATE UNIQUE INDEX event_step_fires_once ON complaints_event (timer_id, step_id) "
            "WHERE step_id IS NOT NULL"
        )


@contextmanager
def without_the_condition(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A status that is set whatever it is by now."""

    def move(record: Moving, *, to: str, **stamp: object) -> None:
        stamp["status"] = to
        type(record)._default_manager.filter(pk=record.pk).update(**stamp)

    patch.setattr(hand_overs, "move", move)
    yield


RACES = {
    "the steps of a ladder": (sweeps_at_once, without_locks_and_index),
    "a move": (accepted_at_once, without_the_condition),
}


@pytest.mark.parametrize("name", RACES)
def test_a10_the_race_holds_and_fails_without_its_protection(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, without = RACES[name]
    monkeypatch.setattr(escalation, "EVENTS", SLOW_EVENTS)
    desk = opened_desk()
    run(desk)
    Timer.objects.update(next_fire_at=None)
    with without(monkeypatch), pytest.raises(AssertionError):
        run(desk)
