"""The traps that others fell into (`sla.md` §4): a test for each, named after it."""

import os
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from complaints.actions import (
    batches,
    callbacks,
    escalation,
    handling,
    merging,
    pauses,
    policies,
    recalculation,
)
from complaints.actions.bulk import Chosen, change
from complaints.actions.bulk_kinds import Transfer
from complaints.factories import WorkOrderFactory
from complaints.models import Complaint, Event, Outcome, Timer
from complaints.tests.clockwork import (
    HOUR,
    Desk,
    again,
    at,
    clock,
    dues,
    hours,
    office,
    opened_desk,
    refused,
    revise,
    standard,
    states,
    verdicts,
)
from csm.kit.errors import Refused
from csm.tests.api import Caller
from csm.tests.mailbox import Mailbox
from organisation.factories import PersonFactory
from organisation.models import Message, Role
from reports.actions import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def apologise(desk: Desk, complaint: Complaint, hour: float) -> None:
    handling.apologise(
        complaint=again(complaint), channel="phone", words="抱歉", by=desk.handler, now=at(hour)
    )


def answer(desk: Desk, complaint: Complaint, hour: float, **more: Any) -> None:
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.handler, now=at(hour),
        **more,
    )  # fmt: skip


def call_back(desk: Desk, complaint: Complaint, hour: float) -> None:
    callbacks.record(
        complaint=again(complaint), is_reached=True, is_satisfied=True, by=desk.quality,
        now=at(hour),
    )  # fmt: skip


def closed(desk: Desk, hour: float) -> Complaint:
    """Received at noon of the clocks, everything done and closed at that hour."""
    complaint = desk.complaint()
    apologise(desk, complaint, hour)
    answer(desk, complaint, hour)
    WorkOrderFactory.create(
        complaint=again(complaint), filler=desk.handler, now=at(hour), until="submitted"
    )
    call_back(desk, complaint, hour)
    handling.close(complaint=again(complaint), by=desk.quality, now=at(hour))
    return again(complaint)


def test_an_overdue_early_timer_does_not_hide_the_later_ones(desk: Desk) -> None:
    """One "next due" column: an overdue early timer hides the later ones (Zammad, bk-itsm)."""
    complaint = desk.complaint()
    escalation.fire_due(now=at(5))
    assert again(complaint).next_due_at == at(1), "the list is ordered by the oldest sin"
    for hour, kind in ((12, "result"), (36, "work_order"), (59.76, "callback")):
        escalation.fire_due(now=at(hour))
        assert Event.objects.filter(kind="step_fired", at=at(hour), timer__kind=kind).count() == 1
    shown = Caller(desk.quality).get("complaints/").json()["results"][0]["timers"]
    assert [row["milestone"] for row in shown] == ["apology", "result", "work_order", "callback"]


def test_nothing_but_a_recorded_contact_is_an_apology(desk: Desk, smtp: Mailbox) -> None:
    """Pausing or closing without a word counts as first response; automatic mail counts as first
    reply (Frappe, Chatwoot)."""
    manager = PersonFactory.create(branch=desk.company.branch, role=Role.BRANCH_MANAGER)
    complaint = desk.complaint()
    sweep.run(now=at(2))
    assert manager.email in {mail["To"] for mail in smtp.messages}, "mail went out"
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(3))
    pauses.resume(complaint=again(complaint), by=desk.handler, now=at(4))
    answer(desk, complaint, 5)
    WorkOrderFactory.create(
        complaint=again(complaint), filler=desk.handler, now=at(5), until="submitted"
    )
    call_back(desk, complaint, 5)
    with refused(Refused) as refusal:
        handling.close(complaint=again(complaint), by=desk.quality, now=at(6))
    assert "record the apology" in refusal.value.message
    assert (clock(complaint, "apology").met_at, verdicts(complaint, 6)["apology"]) == (
        None,
        "breached",
    )


def test_a_verdict_is_of_when_it_happened_not_of_when_it_was_noticed(desk: Desk) -> None:
    """Verdict stamped with detection time (Libredesk)."""
    kept, late = desk.complaint(), desk.complaint()
    answer(desk, kept, 50, at=at(23))
    answer(desk, late, 50, at=at(25))
    escalation.fire_due(now=at(60))
    assert (clock(kept, "result").met_at, verdicts(kept, 99)["result"]) == (at(23), "met")
    assert (clock(late, "result").met_at, verdicts(late, 99)["result"]) == (at(25), "breached")
    silent = desk.complaint()
    assert verdicts(silent, 24)["result"] == "running"
    assert verdicts(silent, 24 + 1e-6)["result"] == "breached", "and no worker ever ran"


def test_closing_keeps_every_breach_and_every_deadline(desk: Desk) -> None:
    """Closing clears the overdue flag or zeroes the due columns (osTicket, Znuny)."""
    complaint = closed(desk, 80)
    assert dues(complaint) == {"apology": 1, "result": 24, "work_order": 48, "callback": 72}
    assert set(verdicts(complaint, 999).values()) == {"breached"}


def test_reopening_neither_forgives_the_old_cycle_nor_runs_without_a_clock(desk: Desk) -> None:
    """Reopen restarts the clock from zero and so rewards close-and-reopen; or runs no clock at all
    (osTicket; Zammad, Znuny)."""
    complaint = closed(desk, 30)
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(40))
    assert dues(complaint) == {
        "apology": 1, "result": 24, "work_order": 48, "callback": 72,
        "result 2": 64, "work_order 2": 88, "callback 2": 112,
    }  # fmt: skip
    assert verdicts(complaint, 65) == {
        "apology": "breached", "result": "breached", "work_order": "met", "callback": "met",
        "result 2": "breached", "work_order 2": "running", "callback 2": "running",
    }  # fmt: skip
    early = desk.complaint("answered")
    handling.reopen(complaint=again(early), reason="x", by=desk.quality, now=at(1))
    assert verdicts(early, 72.1)["callback"] == "breached", "what was left open goes on"


def test_a_closed_complaint_is_silent_and_a_reopened_one_does_not_shout(desk: Desk) -> None:
    """Alerts continue for closed tickets, or mail everybody at once when an old ticket is reopened
    (Libredesk, osTicket)."""
    complaint = closed(desk, 30)
    Message.objects.all().delete()
    assert escalation.fire_due(now=at(900)).messages == 0
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(1000))
    assert escalation.fire_due(now=at(1000)).steps == 0
    assert escalation.fire_due(now=at(1011.9)).steps == 0
    assert escalation.fire_due(now=at(1012)).steps == 1, "half of the new result's time"
    assert not Event.objects.filter(step__isnull=False, timer__cycle=1, at__gt=at(30)).exists()


def test_a_burst_larger_than_a_batch_starves_nobody_and_mail_leaves_by_itself(
    desk: Desk, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows per run capped, so that a Monday burst starves; mail leaves only when somebody logs in
    (osTicket, Znuny)."""
    monkeypatch.setattr(batches, "LARGEST", 3)
    manager = PersonFactory.create(branch=desk.company.branch, role=Role.BRANCH_MANAGER)
    for _ in range(7):
        desk.complaint()
    Message.objects.all().delete()
    done = sweep.run(now=at(24))
    # Apology, result: the highest step of each.
    assert done.fired == 14
    assert not Timer.objects.filter(next_fire_at__lte=at(24)).exists()
    assert {mail["To"] for mail in smtp.messages} == {manager.email}


def test_a_level_fires_once_however_often_the_sweep_runs(desk: Desk) -> None:
    """One level fires on every run: hundreds of mails, at midnight (GLPI, Zammad)."""
    desk.complaint()
    Message.objects.all().delete()
    fired = [escalation.fire_due(now=at(1 + minute / 60)).steps for minute in range(30)]
    assert fired == [1] + [0] * 29
    heard = Message.objects.filter(text="timer_step").values_list("recipient__name", flat=True)
    # The reminder to the handler (nobody sits at the front desk) and the deadline speak as one.
    assert sorted(heard) == ["handler", "manager", "specialist"]


def test_alarms_outlive_redis(desk: Desk) -> None:
    """Alarms live in Redis and are lost with it (bk-itsm)."""
    complaint = desk.complaint()
    with closing(redis.Redis.from_url(settings.REDIS_URL)) as client:
        client.flushdb()
    assert sweep.run(now=at(24)).fired == 2
    assert complaint.events.filter(kind="step_fired").count() == 2


def test_a_policy_swap_keeps_the_pause_and_credits_it_in_the_clocks_own_time(desk: Desk) -> None:
    """A policy swap forgets the accumulated pause; pause credited in wall time on a business clock
    (GLPI, Frappe)."""
    complaint = desk.complaint()
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(7))
    pauses.resume(complaint=again(complaint), by=desk.handler, now=at(24))
    revise(targets={"result": 10 * HOUR}, calendar=office())
    recalculation.recalculate(policy=standard(), by=None, now=at(25))
    result = clock(complaint, "result")
    # Wednesday seven hours counted and one waited, Thursday one waited and three counted: 13:00.
    # Seventeen hours by the wall would not be over before Friday.
    assert (hours(result.due_at), result.paused_seconds) == (27, 2 * 3600)


def test_the_servers_own_time_zone_moves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Server-local naive time (bk-itsm, Frappe)."""
    revise(calendar=office())
    start = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    expected = policies.load(standard().revisions.latest("number")).plan("result", start)
    monkeypatch.setenv("TZ", "Pacific/Apia")
    try:
        time.tzset()
        with timezone.override("America/St_Johns"):
            complaint = desk.complaint()
            pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(2))
            pauses.resume(complaint=again(complaint), by=desk.handler, now=at(3))
            rule = policies.load(standard().revisions.latest("number"))
            assert rule.plan("result", start) == expected
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "Pacific/Apia"
    # Friday 16:00 in Shanghai, and the hour that was waited.
    assert clock(complaint, "result").due_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert all(
        moment.utcoffset() is not None
        for row in complaint.timers.all()
        for moment in (row.started_at, row.due_at, *row.fire_at)
    )


def test_a_merge_moves_the_clocks(desk: Desk) -> None:
    """Merge moves messages but not timers (Zammad)."""
    duplicate, survivor = desk.complaint(), desk.complaint(hour=5)
    merging.merge(complaint=again(duplicate), into=again(survivor), by=desk.quality, now=at(25))
    assert dues(survivor) == {"apology": 1, "result": 24, "work_order": 48, "callback": 72}
    assert verdicts(survivor, 25)["result"] == "breached"
    assert set(states(duplicate).values()) == {"void"}


def test_a_bulk_act_passes_over_a_bad_row_and_says_why(desk: Desk) -> None:
    """Bulk action stops at the first bad row without a message (Zammad)."""
    rows = [desk.complaint(), desk.complaint("answered"), desk.complaint(), desk.complaint()]
    versions: dict[str, int | None] = {row.number: row.version for row in rows}
    versions[rows[2].number] = 1
    versions["TS19990101-0001"] = None
    made = change(
        chosen=Chosen(versions), kind=Transfer(branch=desk.company.sibling, reason="x"),
        by=desk.quality, now=at(2),
    )  # fmt: skip
    found = {row.number: (row.outcome, bool(row.reason)) for row in made.results.all()}
    assert found[rows[0].number][0] == found[rows[3].number][0] == Outcome.DONE
    assert {found[number][1] for number in versions if found[number][0] != Outcome.DONE} == {True}
    assert [again(row).branch.code for row in rows] == ["SZ", "WX", "WX", "SZ"]
