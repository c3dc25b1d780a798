"""Waiting for the customer (`sla.md` rule 6): what it moves, what it never touches."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.actions import escalation, hand_overs, handling, pauses
from complaints.models import Complaint, Pause
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
    owners,
    refused,
    revise,
    states,
    verdicts,
)
from complaints.tests.rows import everything, signed_in
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller

pytestmark = pytest.mark.django_db
DUES = {"apology": 1, "result": 24, "work_order": 48, "callback": 72}


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def wait(desk: Desk, complaint: Complaint, hour: float, until: float | None = None) -> Complaint:
    pauses.pause(
        complaint=again(complaint),
        reason="等客户寄回面单",
        until=None if until is None else at(until),
        by=desk.handler,
        now=at(hour),
    )
    return again(complaint)


def go_on(desk: Desk, complaint: Complaint, hour: float) -> Complaint:
    pauses.resume(complaint=again(complaint), by=desk.handler, now=at(hour))
    return again(complaint)


def waited(complaint: Complaint) -> dict[str, float]:
    """Hours that each clock has waited."""
    rows = complaint.timers.filter(paused_seconds__gt=0)
    return {row.kind: row.paused_seconds / 3600 for row in rows}


def test_rule_6_a_pause_moves_the_deadlines_by_what_was_waited(desk: Desk) -> None:
    complaint = wait(desk, desk.complaint(), 3)
    assert (complaint.paused_at, complaint.next_due_at) == (at(3), at(1)), "the apology runs on"
    assert states(complaint) == {
        "apology": "running", "result": "paused", "work_order": "paused", "callback": "paused",
    }  # fmt: skip
    # As if the pause lasted to its end: so a breach is a fact even if no worker ever ran.
    assert dues(complaint) == {"apology": 1, "result": 96, "work_order": 120, "callback": 144}
    assert verdicts(complaint, 60)["result"] == "running"
    assert waited(complaint) == {}
    complaint = go_on(desk, complaint, 8)
    assert dues(complaint) == {"apology": 1, "result": 29, "work_order": 53, "callback": 77}
    assert set(states(complaint).values()) == {"running"}
    assert waited(complaint) == {"result": 5, "work_order": 5, "callback": 5}
    assert complaint.paused_at is None
    result = clock(complaint, "result")
    assert [hours(moment) for moment in result.fire_at] == [17, 24.92, 29, 41, 53]
    assert hours(result.next_fire_at) == 17
    assert (verdicts(complaint, 29)["result"], verdicts(complaint, 29.01)["result"]) == (
        "running",
        "breached",
    )
    row = Pause.objects.get()
    assert (row.started_at, row.ended_at, row.by, row.ended_by) == (
        at(3), at(8), desk.handler, desk.handler,
    )  # fmt: skip
    assert kinds(complaint)[-2:] == ["paused", "resumed"]
    moved = complaint.events.get(kind="resumed").data
    assert moved["pause"] == row.pk
    assert {
        (one["due_before"], one["due_after"])
        for one in moved["clocks"]
        if one["timer"] == result.pk
    } == {(at(96).isoformat(), at(29).isoformat())}


def test_rule_6_a_step_reached_before_the_pause_keeps_its_moment(desk: Desk) -> None:
    """50 % of the result was reached at 12 h and told; only what lay ahead moves."""
    complaint = desk.complaint()
    escalation.fire_due(now=at(12))
    complaint = go_on(desk, wait(desk, complaint, 14), 20)
    result = clock(complaint, "result")
    assert [hours(moment) for moment in result.fire_at] == [12, 25.92, 30, 42, 54]
    assert hours(result.next_fire_at) == 25.92
    assert escalation.fire_due(now=at(25)).steps == 0


def test_rule_6_a_pause_ends_by_itself_at_its_end_however_late_the_sweep(desk: Desk) -> None:
    complaint = wait(desk, desk.complaint(), 3, until=10)
    assert verdicts(complaint, 32)["result"] == "breached", "and no sweep has run"
    escalation.fire_due(now=at(30))
    complaint = again(complaint)
    row = Pause.objects.get()
    assert (hours(row.ended_at), row.ended_by, complaint.paused_at) == (10, None, None)
    assert dues(complaint) == {"apology": 1, "result": 31, "work_order": 55, "callback": 79}
    assert waited(complaint) == {"result": 7, "work_order": 7, "callback": 7}
    assert complaint.events.get(kind="resumed").by is None
    assert escalation.fire_due(now=at(30)).steps == 0
    assert escalation.fire_due(now=at(31)).steps == 1


def test_rule_6_a_late_resume_counts_to_the_planned_end_only(desk: Desk) -> None:
    complaint = go_on(desk, wait(desk, desk.complaint(), 3, until=10), 20)
    assert dues(complaint)["result"] == 31
    assert hours(Pause.objects.get().ended_at) == 10


def test_rule_6_all_pauses_together_have_a_limit(desk: Desk) -> None:
    """72 h by the standard policy."""
    complaint = go_on(desk, wait(desk, desk.complaint(), 2), 50)
    assert waited(complaint)["result"] == 48
    with refused(Refused, "until"):
        wait(desk, complaint, 52, until=76.5)
    complaint = wait(desk, complaint, 52)
    assert hours(Pause.objects.latest("pk").until_at) == 76
    escalation.fire_due(now=at(76))
    assert waited(complaint) == {"result": 72, "work_order": 72, "callback": 72}
    with refused(Refused) as refusal:
        wait(desk, complaint, 77)
    assert "used up" in refusal.value.message


def test_rule_6_an_overdue_clock_never_waits_nor_does_the_apology(desk: Desk) -> None:
    complaint = go_on(desk, wait(desk, desk.complaint(), 25), 30)
    assert dues(complaint) == {"apology": 1, "result": 24, "work_order": 53, "callback": 77}
    assert waited(complaint) == {"work_order": 5, "callback": 5}
    assert verdicts(complaint, 30)["result"] == "breached"
    with refused(Refused):
        wait(desk, complaint, 77)


def test_rule_6_a_pause_at_the_very_deadline_comes_too_late(desk: Desk) -> None:
    complaint = wait(desk, desk.complaint(), 24)
    assert (states(complaint)["result"], states(complaint)["work_order"]) == ("running", "paused")


@pytest.mark.parametrize(
    ("began", "ended", "due", "counted"),
    [
        # Friday 17:00 to Monday 10:00: an hour on each of the two days.
        ("2024-05-31 17:00", "2024-06-03 10:00", "2024-06-05 15:20", 2),
        # Over the weekend only: nothing was taken from the clock, nothing is given back.
        ("2024-06-01 08:00", "2024-06-02 20:00", "2024-06-05 13:20", 0),
        # Overnight: the hour before closing.
        ("2024-06-03 17:00", "2024-06-04 09:00", "2024-06-05 14:20", 1),
    ],
)
def test_rule_6_on_a_work_calendar_a_pause_is_credited_in_the_clocks_own_time(
    desk: Desk, began: str, ended: str, due: str, counted: float
) -> None:
    """F-04: Friday 16:20, 24 working hours from nine to six: Wednesday 13:20."""

    def china(text: str) -> datetime:
        return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)

    revise(calendar=office())
    received = china("2024-05-31 16:20")
    complaint = desk.complaint(now=received)
    assert clock(complaint, "result").due_at == china("2024-06-05 13:20")
    pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=china(began))
    pauses.resume(complaint=again(complaint), by=desk.handler, now=china(ended))
    result = clock(complaint, "result")
    assert (result.due_at, result.paused_seconds) == (china(due), counted * 3600)


def test_rule_6_the_limit_is_counted_in_the_clocks_own_time_too(desk: Desk) -> None:
    revise(calendar=office(), pause_limit=9 * HOUR)
    complaint = wait(desk, desk.complaint(), 4)
    # From Wednesday 14:00: four hours on that day, five on the next.
    assert Pause.objects.get().until_at == at(4) + timedelta(days=1)
    assert complaint.paused_at == at(4)


def test_rule_6_who_has_the_result_is_not_waited_for_any_more(desk: Desk) -> None:
    complaint = wait(desk, desk.complaint(), 3)
    handling.answer(
        complaint=complaint, channel="phone", result="已送达", by=desk.handler,
        at=at(5), now=at(9),
    )  # fmt: skip
    assert dues(complaint) == {"apology": 1, "result": 26, "work_order": 50, "callback": 74}
    assert waited(complaint) == {"result": 2, "work_order": 2, "callback": 2}
    assert verdicts(complaint, 99)["result"] == "met"
    assert kinds(complaint)[-2:] == ["resumed", "answered"]
    assert again(complaint).paused_at is None


@pytest.mark.parametrize("is_over", [True, False])
def test_rule_6_what_was_waited_after_the_result_does_not_count_for_it(
    desk: Desk, is_over: bool
) -> None:
    """Given at two o'clock, entered after the pause from three to eight, or within it."""
    complaint = wait(desk, desk.complaint(), 3)
    complaint = go_on(desk, complaint, 8) if is_over else complaint
    handling.answer(
        complaint=complaint, channel="phone", result="x", by=desk.handler, at=at(2), now=at(9)
    )
    result = clock(complaint, "result")
    assert (hours(result.due_at), result.paused_seconds) == (24, 0)
    assert dues(complaint)["work_order"] == (53 if is_over else 48)


def test_rule_6_a_transfer_goes_on_waiting_and_moves_no_deadline(desk: Desk) -> None:
    complaint = wait(desk, desk.complaint(), 3)
    before = dues(complaint)
    hand_overs.transfer(
        complaint=complaint, branch=desk.company.sibling, reason="x", by=desk.quality, now=at(5)
    )
    assert dues(complaint) == before
    assert states(complaint)["result"] == "paused"
    assert owners(complaint)["result"] == "SZ"
    pauses.resume(complaint=again(complaint), by=desk.neighbour, now=at(8))
    assert dues(complaint) == {"apology": 1, "result": 29, "work_order": 53, "callback": 77}
    assert owners(complaint) == {
        "apology": "WX", "result": "SZ", "work_order": "SZ", "callback": "HQ",
    }  # fmt: skip


def test_a_pause_that_the_sweep_has_just_ended_stops_nobody(desk: Desk) -> None:
    """A page read before, sent after: an act goes on, a resume says that somebody was quicker."""
    complaint = wait(desk, desk.complaint(), 3, until=4)
    page, other_page = again(complaint), again(complaint)
    escalation.fire_due(now=at(4.5))
    with refused(Stale):
        pauses.resume(complaint=page, by=desk.handler, now=at(5))
    handling.answer(complaint=other_page, channel="phone", result="x", by=desk.handler, now=at(5))
    assert dues(complaint)["result"] == 25
    assert Pause.objects.get().ended_at == at(4)


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    complaint = desk.complaint()
    common: dict[str, Any] = {"by": desk.handler, "now": at(3)}
    with refused(Refused, "reason"):
        pauses.pause(complaint=again(complaint), reason="  ", **common)
    for until in (2, 3, 75.1):
        with refused(Refused, "until"):
            wait(desk, complaint, 3, until=until)
    with refused(Forbidden):
        pauses.pause(complaint=again(complaint), reason="x", by=desk.neighbour, now=at(3))
    with refused(NotOpen):
        go_on(desk, complaint, 4)
    received = desk.complaint("received")
    with refused(NotOpen):
        wait(desk, received, 3)
    waiting = wait(desk, complaint, 3)
    with refused(NotOpen):
        wait(desk, waiting, 4)


def test_doors_pause_and_resume_by_the_databases_clock(desk: Desk) -> None:
    complaint = desk.complaint(now=database_clock.now())
    caller, url = Caller(desk.handler), f"complaints/{complaint.number}"
    answer = caller.post(f"{url}/pause/", {"reason": "等客户"})
    assert answer.status_code == 200
    assert {row["milestone"]: row["state"] for row in answer.json()["timers"]} == states(complaint)
    row = Pause.objects.get()
    assert row.until_at - row.started_at == 72 * HOUR
    answer = caller.post(f"{url}/resume/", {})
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.ended_at is not None
    seconds = int((row.ended_at - row.started_at).total_seconds())
    assert {row["milestone"]: row["paused_seconds"] for row in answer.json()["timers"]} == {
        "apology": 0, "result": seconds, "work_order": seconds, "callback": seconds,
    }  # fmt: skip


def test_a_refused_pause_keeps_what_was_typed_and_the_page_as_it_is_stored(desk: Desk) -> None:
    """The limit is named by the company's clock; the next try of the same page goes through."""
    complaint = desk.complaint(now=database_clock.now())
    client, url = signed_in(desk.handler), reverse("complaint-pause", args=(complaint.number,))
    typed = {"reason": "等客户回电", "until": "2099-01-01T10:00", "version": complaint.version}
    before = everything()
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert everything() == before
    assert "等客户回电</textarea>" in text
    assert 'id="move-pause" open' in text
    assert f'name="version" value="{complaint.version + 1}"' not in text
    assert client.post(url, typed | {"until": ""}).status_code == 303
