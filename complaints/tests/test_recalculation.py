"""A policy edit touches no running clock, unless somebody recalculates (`sla.md` rule 9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import escalation, handling, pauses, policies, recalculation, triage
from complaints.models import Complaint, Event, Policy, Timer
from complaints.tests.clockwork import (
    HOUR,
    Desk,
    again,
    at,
    clock,
    dues,
    hours,
    kinds,
    office,
    opened_desk,
    refused,
    revise,
    standard,
    states,
    verdicts,
)
from csm.kit.errors import Forbidden
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Message, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def recalculate(hour: float, **more: Any) -> int:
    return recalculation.recalculate(policy=standard(), now=at(hour), **{"by": None} | more)


def preview(hour: float) -> recalculation.Preview:
    return recalculation.preview(policy=standard(), by=None, now=at(hour))


def test_rule_9_an_edit_touches_no_running_clock(desk: Desk) -> None:
    old = desk.complaint()
    before = list(old.timers.order_by("pk").values())
    revision = revise(targets={"result": 12 * HOUR})
    assert list(old.timers.order_by("pk").values()) == before
    new = desk.complaint()
    assert (dues(old)["result"], dues(new)["result"]) == (24, 12)
    assert clock(new, "result").revision == revision
    # A pause goes on with the rule that the clock was made from.
    pauses.pause(complaint=again(old), reason="x", by=desk.handler, now=at(2))
    pauses.resume(complaint=again(old), by=desk.handler, now=at(4))
    assert dues(old)["result"] == 26


def test_rule_9_the_preview_counts_and_names_and_writes_nothing(desk: Desk) -> None:
    """At 13 h: the result would have been due at 12 h, the order is not yet, the callback later."""
    complaint, kept = desk.complaint(), desk.complaint()
    handling.answer(complaint=again(kept), channel="phone", result="x", by=desk.handler, now=at(1))
    revise(targets={"result": 12 * HOUR, "work_order": 30 * HOUR, "callback": 90 * HOUR})
    with CaptureQueriesContext(connection) as queries:
        found = preview(13)
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    assert (found.clocks, found.moved, found.overdue_at_once) == (7, 5, 1)
    assert found.by_kind == {"result": 1, "work_order": 2, "callback": 2}
    named = {
        (change.timer.complaint_id, change.timer.kind): (
            hours(change.due_before), hours(change.due_after),
        )
        for change in found.changes
    }  # fmt: skip
    assert named[complaint.pk, "result"] == (24, 12)
    assert named[kept.pk, "callback"] == (72, 90)
    assert (kept.pk, "result") not in named
    assert [change.is_overdue_at_once(at(12)) for change in found.changes] == [False] * 5
    assert dues(complaint) == {"apology": 1, "result": 24, "work_order": 48, "callback": 72}


def test_rule_9_recalculating_moves_each_running_clock_and_logs_it(desk: Desk) -> None:
    complaint, kept = desk.complaint(), desk.complaint()
    handling.answer(complaint=again(kept), channel="phone", result="x", by=desk.handler, now=at(1))
    revision = revise(targets={"result": 12 * HOUR, "callback": 90 * HOUR})
    admin = PersonFactory.create(branch=desk.company.headquarters, role=Role.ADMINISTRATOR)
    assert recalculate(13, by=admin) == 7
    assert dues(complaint) == {"apology": 1, "result": 12, "work_order": 48, "callback": 90}
    assert verdicts(complaint, 13)["result"] == "breached"
    assert (dues(kept)["result"], verdicts(kept, 99)["result"]) == (24, "met")
    assert {row.revision_id for row in complaint.timers.all()} == {revision.pk}
    event = Event.objects.get(timer=clock(complaint, "result"), kind="recalculated")
    assert (event.by, event.at) == (admin, at(13))
    assert event.data == {
        "milestone": "result", "revision": revision.pk,
        "clocks": [{
            "timer": clock(complaint, "result").pk,
            "due_before": at(24).isoformat(), "due_after": at(12).isoformat(),
        }],
    }  # fmt: skip
    assert Event.objects.filter(kind="recalculated").count() == 7
    assert (again(complaint).changed_by, again(complaint).next_due_at) == (admin, at(1))
    # Once is enough.
    before = list(Timer.objects.order_by("pk").values())
    assert (recalculate(14), preview(14).clocks) == (0, 0)
    assert list(Timer.objects.order_by("pk").values()) == before


def test_rule_9_a_step_that_was_told_is_not_told_again_and_a_new_one_is(desk: Desk) -> None:
    complaint = desk.complaint()
    escalation.fire_due(now=at(13))
    told_before = Message.objects.filter(text="timer_step").count()
    revise(targets={"result": 16 * HOUR})
    recalculate(13)
    # Half of 24 h was told at 12 h; half of 16 h is long over and stays told.
    assert hours(clock(complaint, "result").next_fire_at) == pytest.approx(13.28)
    assert escalation.fire_due(now=at(13.2)).steps == 0
    assert escalation.fire_due(now=at(13.3)).steps == 1
    assert Message.objects.filter(text="timer_step").count() == told_before + 1
    steps = complaint.events.filter(timer__kind="result", step__isnull=False).order_by("pk")
    assert list(steps.values_list("kind", "step__position", "step__revision__number")) == [
        ("step_fired", 0, 3), ("step_superseded", 0, 4), ("step_fired", 1, 4),
    ]  # fmt: skip


def test_rule_9_pauses_are_kept_and_counted_in_the_new_clocks_own_time(desk: Desk) -> None:
    """From Wednesday 17:00 to Thursday 10:00 in Shanghai: 17 h by nature, two at the office."""
    complaint = desk.complaint()
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(7))
    pauses.resume(complaint=again(complaint), by=desk.handler, now=at(24))
    assert dues(complaint)["result"] == 41
    revise(calendar=office())
    recalculate(25)
    result = clock(complaint, "result")
    # 24 office hours after Wednesday ten: 8 + 9 + 7, Friday 16:00; and two more.
    assert (hours(result.due_at), result.paused_seconds) == (56, 7200)
    revise(calendar=None)
    recalculate(26)
    result.refresh_from_db()
    assert (hours(result.due_at), result.paused_seconds) == (41, 17 * 3600)


def test_rule_9_announced_holidays_move_running_clocks_when_recalculated(desk: Desk) -> None:
    calendar = office()
    revise(calendar=calendar)
    complaint = desk.complaint()
    # 24 office hours from Wednesday ten o'clock: Friday 16:00; with Thursday off, Monday.
    assert dues(complaint)["result"] == 54
    calendar.days.create(on=date(2026, 11, 19), is_working=False)
    assert dues(complaint)["result"] == 54
    assert (preview(1).clocks, preview(1).by_kind["result"], recalculate(1)) == (3, 1, 3)
    assert dues(complaint) == {"apology": 1, "result": 126, "work_order": 195, "callback": 312}
    assert kinds(complaint).count("recalculated") == 3, "the apology was over by then"
    assert (preview(2).clocks, recalculate(2)) == (0, 0)


def test_rule_9_what_waits_is_recalculated_and_wakes_nobody(desk: Desk) -> None:
    complaint = desk.complaint()
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(13))
    doubted = desk.complaint()
    triage.propose_invalid(complaint=again(doubted), reason="x", by=desk.quality, now=at(1))
    revise(targets={"result": 12 * HOUR, "work_order": 40 * HOUR})
    recalculate(14)
    # Overdue before the pause began, by the new rule: it does not wait.
    assert (states(complaint)["result"], dues(complaint)["result"]) == ("running", 12)
    assert (states(complaint)["work_order"], dues(complaint)["work_order"]) == ("paused", 112)
    assert clock(complaint, "work_order").next_fire_at is None
    assert dues(doubted)["result"] == 12
    assert not doubted.timers.exclude(next_fire_at=None).exists()


def test_rule_9_a_promise_that_is_not_made_any_more_stays_as_it_was_given(desk: Desk) -> None:
    complaint = desk.complaint()
    policy = standard()
    rule = policies.load(policy.revisions.latest("number"))
    del rule.targets["callback"], rule.steps["callback"]
    revise_to = policy.revisions.create(
        number=rule.revision.number + 1, pause_limit=72 * HOUR, callback_attempts=3,
        callback_spread=timedelta(hours=24), created_at=at(1),
    )  # fmt: skip
    for kind, duration in rule.targets.items():
        revise_to.targets.create(kind=kind, duration=duration / 2)
    assert (preview(2).clocks, recalculate(2)) == (3, 3)
    assert dues(complaint) == {"apology": 0.5, "result": 12, "work_order": 24, "callback": 72}
    assert preview(3).clocks == 0


def test_rule_9_only_who_may_edit_policies_and_other_policies_are_left_alone(desk: Desk) -> None:
    complaint = desk.complaint()
    revise(targets={"result": 12 * HOUR})
    for person in (desk.quality, desk.general, desk.handler):
        with refused(Forbidden):
            recalculate(2, by=person)
        with refused(Forbidden):
            recalculation.preview(policy=standard(), by=person, now=at(2))
    other = Policy.objects.create(name="特急", position=1, severity="critical")
    other.revisions.create(
        number=1, pause_limit=HOUR, callback_attempts=1, callback_spread=HOUR, created_at=at(0),
        severity="critical",
    )  # fmt: skip
    assert recalculation.preview(policy=other, by=None, now=at(2)).clocks == 0
    assert "recalculated" not in kinds(complaint)


def test_recalculating_is_few_statements_whatever_the_number(desk: Desk) -> None:
    counts = []
    for complaints, target in ((1, 12), (8, 11)):
        for _ in range(complaints):
            desk.complaint()
        revise(targets={"result": target * HOUR})
        with CaptureQueriesContext(connection) as queries:
            recalculate(1)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


@pytest.mark.django_db(transaction=True)
def test_recalculated_while_people_act_nobody_waits_for_each_other() -> None:
    """Ten answers and a recalculation at once: no deadlock, and every clock is of one rule."""
    desk = opened_desk()
    complaints = [desk.complaint() for _ in range(5)]
    revision = revise(targets={"result": 12 * HOUR})

    def act(complaint: Complaint) -> None:
        handling.answer(
            complaint=again(complaint), channel="phone", result="x", by=desk.handler, now=at(2)
        )

    answers = race(
        lambda: recalculate(2), *(lambda row=row: act(row) for row in complaints)
    )  # fmt: skip
    assert answers[1:] == [None] * 5
    assert isinstance(answers[0], int)
    for complaint in complaints:
        result = clock(complaint, "result")
        assert result.state == "met"
        assert hours(result.due_at) == (12 if result.revision == revision else 24)
        assert dues(complaint)["work_order"] == 48
        assert clock(complaint, "work_order").revision == revision
