"""The rules of the clocks (`sla.md` §2)."""

import threading
import time
from datetime import UTC, datetime, timedelta
from types import NoneType

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.actions import (
    callbacks,
    hand_overs,
    handling,
    intake,
    timers,
    triage,
    work_orders,
)
from complaints.factories import (
    SECTIONS,
    CategoryFactory,
    ComplaintFactory,
    WorkOrderFactory,
    bring,
    quality_manager,
)
from complaints.models import (
    Complaint,
    Milestone,
    Policy,
    PolicyRevision,
    Timer,
    TimerState,
)
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.transitions import touch
from csm.tests.race import race
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


def logged(company: Tree, **fields: object) -> Complaint:
    return ComplaintFactory.create(branch=company.branch, now=START, **fields)


def clocks(complaint: Complaint, now: datetime) -> dict[str, str]:
    """Milestone and cycle → verdict, as of `now`."""
    rows = Timer.objects.filter(complaint=complaint).with_verdict(now)
    found = rows.values_list("kind", "cycle", "verdict")  # type: ignore[misc]
    return {f"{kind} {cycle}": verdict for kind, cycle, verdict in found}


def test_four_clocks_start_at_the_receipt_and_not_at_the_entry(company: Tree) -> None:
    complaint = logged(company, received_at=START - 2 * HOUR)
    rows = {row.kind: row for row in complaint.timers.all()}
    assert {kind: row.due_at - complaint.received_at for kind, row in rows.items()} == {
        "apology": HOUR,
        "result": 24 * HOUR,
        "work_order": 48 * HOUR,
        "callback": 72 * HOUR,
    }
    assert {row.started_at for row in rows.values()} == {START - 2 * HOUR}
    assert complaint.was_logged_late
    assert complaint.next_due_at == START - HOUR
    assert rows["apology"].fire_at == [
        START - 2 * HOUR + timedelta(minutes=45),
        START - HOUR,
        START,
        START + 2 * HOUR,
    ]
    assert rows["apology"].next_fire_at == rows["apology"].fire_at[0]


def test_c06_the_apology_counts_when_it_happened_and_equal_is_met(
    company: Tree, handler: Person
) -> None:
    complaint = logged(company, until="assigned")
    handling.apologise(
        complaint=complaint,
        channel="phone",
        words="抱歉",
        at=START + HOUR,
        by=handler,
        now=START + 5 * HOUR,
    )
    timer = complaint.timers.get(kind="apology")
    assert (timer.state, timer.met_at) == (TimerState.MET, START + HOUR)
    assert timer.next_fire_at is None
    assert clocks(complaint, START + 99 * HOUR)["apology 1"] == "met"
    assert timer.met_evidence == f"reply:{complaint.replies.get().pk}"


def test_one_second_late_is_breached_without_any_worker(company: Tree, handler: Person) -> None:
    complaint = logged(company, until="assigned")
    late = START + HOUR + timedelta(seconds=1)
    assert clocks(complaint, START + HOUR)["apology 1"] == "running"
    assert clocks(complaint, late)["apology 1"] == "breached"
    handling.apologise(complaint=complaint, channel="phone", words="x", by=handler, now=late)
    assert clocks(complaint, late)["apology 1"] == "breached"


def test_f04_the_worked_figures_of_the_24_hour_clock(company: Tree, handler: Person) -> None:
    """T1 … T6 of the fixture: 2 met of 4 decided."""
    now = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)

    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2024, 6, day, hour - 8, minute, tzinfo=UTC)

    for received, answered in (
        (at(1, 9), at(2, 8, 59)),
        (at(1, 9), at(2, 9)),
        (at(1, 9), at(2, 9, 1)),
        (at(1, 10), None),
        (at(2, 11), None),
    ):
        complaint = ComplaintFactory.create(
            branch=company.branch, received_at=received, now=received, until="assigned"
        )
        if answered:
            handling.answer(
                complaint=complaint,
                channel="phone",
                result="x",
                by=handler,
                now=answered,
            )
    invalid = ComplaintFactory.create(branch=company.branch, received_at=at(1, 9), now=at(1, 9))
    propose_and_confirm(invalid, at(1, 10))
    rows = Timer.objects.filter(kind=Milestone.RESULT).with_verdict(now).order_by("pk")
    verdicts = list(rows.values_list("verdict", flat=True))  # type: ignore[misc]
    assert verdicts == [
        "met",
        "met",
        "breached",
        "breached",
        "running",
        "void",
    ]


def propose_and_confirm(complaint: Complaint, now: datetime) -> None:
    triage.propose_invalid(complaint=complaint, reason="不是投诉", by=quality_manager(), now=now)
    second = PersonFactory.create(branch=complaint.branch, role=Role.QUALITY_SPECIALIST, email="")
    triage.confirm_invalid(complaint=complaint, by=second, now=now)


def test_c03_an_invalid_complaint_needs_a_reason_and_a_second_person(
    company: Tree,
) -> None:
    complaint = logged(company)
    with pytest.raises(Refused):
        triage.propose_invalid(complaint=complaint, reason=" ", by=quality_manager(), now=START)
    triage.propose_invalid(complaint=complaint, reason="广告", by=quality_manager(), now=START)
    with pytest.raises(Forbidden):
        triage.confirm_invalid(complaint=complaint, by=quality_manager(), now=START)
    complaint.refresh_from_db()
    assert complaint.status == "invalid_proposed"
    assert set(clocks(complaint, START + 99 * HOUR).values()) == {"breached"}


def test_rule_7_void_leaves_and_a_rejection_goes_on_where_it_was(company: Tree) -> None:
    complaint = logged(company)
    triage.propose_invalid(complaint=complaint, reason="广告", by=quality_manager(), now=START)
    assert not complaint.timers.exclude(next_fire_at=None).exists()
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    triage.reject_invalid(complaint=complaint, by=second, now=START)
    assert complaint.status == "received"
    assert complaint.timers.exclude(next_fire_at=None).count() == 4
    propose_and_confirm(complaint, START)
    assert set(clocks(complaint, START + 99 * HOUR).values()) == {"void"}
    assert (
        complaint.next_due_at is None or Complaint.objects.get(pk=complaint.pk).next_due_at is None
    )


def test_rule_3_a_verdict_stays_with_the_owner_at_the_deadline(
    company: Tree, handler: Person
) -> None:
    complaint = logged(company, until="assigned")
    after_the_result = START + 25 * HOUR
    hand_overs.transfer(
        complaint=complaint,
        branch=company.sibling,
        reason="责任在苏州",
        by=quality_manager(),
        now=after_the_result,
    )
    rows = {row.kind: row for row in complaint.timers.all()}
    assert rows["result"].verdict_branch == company.branch
    assert rows["result"].owner_branch == company.sibling
    assert rows["work_order"].verdict_branch == company.sibling
    assert rows["work_order"].due_at == START + 48 * HOUR
    assert rows["callback"].owner_branch == company.headquarters
    hand_over = complaint.hand_overs.latest("pk")
    assert (hand_over.from_branch, hand_over.to_branch) == (
        company.branch,
        company.sibling,
    )
    assert hand_over.reason == "责任在苏州"
    assert hand_over.accepted_at is None


def test_rule_3_an_apology_entered_after_the_hand_over_is_credited_to_who_made_it(
    company: Tree,
) -> None:
    complaint = ComplaintFactory.create(branch=company.sibling, now=START)
    bring(complaint, until="assigned", branch=company.branch, now=START + HOUR / 4)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    handling.apologise(
        complaint=complaint, channel="phone", words="x", by=handler,
        at=START + HOUR / 6, now=START + HOUR / 2,
    )  # fmt: skip
    timer = complaint.timers.get(kind="apology")
    assert (timer.owner_branch, timer.verdict_branch) == (company.branch, company.sibling)


@pytest.mark.parametrize(("at", "credited"), [(1, "branch"), (3, "sibling"), (5, "child")])
def test_rule_3_a_result_is_credited_to_the_owner_when_it_was_given(
    company: Tree, at: int, credited: str
) -> None:
    quality = quality_manager()
    complaint = logged(company, until="assigned")
    for hour, branch in ((2, company.sibling), (4, company.child)):
        hand_overs.transfer(
            complaint=complaint, branch=branch, reason="x", by=quality, now=START + hour * HOUR
        )
    handling.answer(
        complaint=complaint, channel="phone", result="x", by=quality,
        at=START + at * HOUR, now=START + 6 * HOUR,
    )  # fmt: skip
    assert complaint.timers.get(kind="result").verdict_branch == getattr(company, credited)


def test_rule_3_a_late_result_stays_with_the_owner_at_the_deadline(company: Tree) -> None:
    quality = quality_manager()
    complaint = logged(company, until="assigned")
    for hour, branch in ((20, company.sibling), (30, company.child)):
        hand_overs.transfer(
            complaint=complaint, branch=branch, reason="x", by=quality, now=START + hour * HOUR
        )
    handling.answer(
        complaint=complaint, channel="phone", result="x", by=quality,
        at=START + 28 * HOUR, now=START + 31 * HOUR,
    )  # fmt: skip
    assert complaint.timers.get(kind="result").verdict_branch == company.sibling


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["apologise", "transfer"])
def test_submitting_the_order_waits_for_another_act_on_the_complaint(
    company: Tree, act: str
) -> None:
    """No deadlock between the two, and the next deadline is right in the end."""
    order = WorkOrderFactory.create(branch=company.branch, now=START)
    complaint, by = Complaint.objects.get(), quality_manager()
    has_begun = threading.Event()

    def first() -> None:
        with transaction.atomic():
            touch(complaint)
            has_begun.set()
            time.sleep(0.3)
            if act == "apologise":
                handling.apologise(
                    complaint=complaint, channel="phone", words="x", by=by, now=START
                )
            else:
                hand_overs.transfer(
                    complaint=complaint, branch=company.sibling, reason="x", by=by, now=START
                )
            time.sleep(0.1)

    def second() -> None:
        has_begun.wait(10)
        work_orders.submit(order=order, by=by, now=START)

    answers = race(first, second)
    # A transfer takes the draft along: it is not the old branch's to submit any more.
    assert answers[0] is None
    assert isinstance(answers[1], Stale if act == "transfer" else NoneType)
    complaint.refresh_from_db()
    running = complaint.timers.filter(state="running").order_by("due_at")
    left = {
        "apologise": ["result", "callback"],
        "transfer": ["apology", "result", "work_order", "callback"],
    }
    assert [row.kind for row in running] == left[act]
    assert complaint.next_due_at == running[0].due_at


def test_until_triage_the_intake_branch_owns_every_clock(company: Tree) -> None:
    complaint = logged(company)
    assert {row.owner_branch for row in complaint.timers.all()} == {company.branch}
    assert complaint.branch == company.headquarters


def test_c30_not_satisfied_opens_cycle_2_and_keeps_cycle_1(company: Tree, handler: Person) -> None:
    complaint = logged(company, until="answered", handler=handler)
    order = work_orders.draft(complaint=complaint, by=handler, now=START)
    work_orders.submit(order=order, by=handler, now=START, **SECTIONS)
    later = START + 60 * HOUR
    callbacks.record(
        complaint=complaint,
        is_reached=True,
        is_satisfied=False,
        score=2,
        words="没人提损失",
        by=quality_manager(),
        now=later,
    )
    assert (complaint.status, complaint.cycle) == ("handling", 2)
    assert clocks(complaint, later) == {
        "apology 1": "met",
        "result 1": "met",
        "work_order 1": "met",
        "callback 1": "met",
        "result 2": "running",
        "work_order 2": "running",
        "callback 2": "running",
    }
    assert complaint.timers.get(kind="result", cycle=2).due_at == later + 24 * HOUR
    order.refresh_from_db()
    assert (order.status, order.return_reason) == ("returned", "没人提损失")
    work_orders.submit(order=order, by=handler, now=later + HOUR)
    assert clocks(complaint, later + HOUR)["work_order 2"] == "met"
    assert order.number is not None
    assert order.sequence == 1


def test_an_old_cycle_left_running_wakes_nobody_and_is_answered_with_the_new_one(
    company: Tree, handler: Person
) -> None:
    complaint = logged(company, until="answered", handler=handler)
    handling.reopen(
        complaint=complaint,
        reason="客户又来电",
        by=quality_manager(),
        now=START + 2 * HOUR,
    )
    old = complaint.timers.filter(cycle=1, state=TimerState.RUNNING)
    assert set(old.values_list("kind", "next_fire_at")) == {
        ("work_order", None),
        ("callback", None),
    }
    order = work_orders.draft(complaint=complaint, by=handler, now=START + 3 * HOUR)
    work_orders.submit(order=order, by=handler, now=START + 3 * HOUR, **SECTIONS)
    assert clocks(complaint, START + 3 * HOUR)["work_order 1"] == "met"


def test_rule_4_unreached_after_three_tries_over_a_day(company: Tree) -> None:
    complaint = logged(company, until="answered")
    quality = quality_manager()

    def call(at: datetime) -> None:
        callbacks.record(
            complaint=complaint,
            is_reached=False,
            next_at=at + 3 * HOUR,
            by=quality,
            now=at,
        )

    call(START + 30 * HOUR)
    call(START + 33 * HOUR)
    call(START + 36 * HOUR)
    assert complaint.status == "answered", "three tries within six hours are not enough"
    call(START + 54 * HOUR)
    assert complaint.status == "called_back"
    assert clocks(complaint, START + 99 * HOUR)["callback 1"] == "unreached"
    assert complaint.timers.get(kind="callback").next_fire_at is None


def test_rule_4_unreached_after_the_deadline_is_a_breach(company: Tree) -> None:
    complaint = logged(company, until="answered")
    for hours in (50, 60, 74):
        at = START + hours * HOUR
        callbacks.record(
            complaint=complaint,
            is_reached=False,
            next_at=at + HOUR,
            by=quality_manager(),
            now=at,
        )
    assert complaint.timers.get(kind="callback").state == TimerState.UNREACHED
    assert clocks(complaint, START + 99 * HOUR)["callback 1"] == "breached"


def test_closing_names_what_is_missing(company: Tree) -> None:
    complaint = logged(company, until="called_back")
    with pytest.raises(Refused, match="submit the rectification work order"):
        handling.close(complaint=complaint, by=quality_manager(), now=START)
    complaint.refresh_from_db()
    assert complaint.status == "called_back"


@pytest.mark.parametrize("at", [START - HOUR, START + 9 * HOUR])
def test_a_time_before_the_receipt_or_in_the_future_is_refused(
    company: Tree, handler: Person, at: datetime
) -> None:
    complaint = logged(company, until="assigned", handler=handler)
    with pytest.raises(Refused) as refusal:
        handling.apologise(
            complaint=complaint,
            channel="phone",
            words="x",
            at=at,
            by=handler,
            now=START + HOUR,
        )
    assert "at" in refusal.value.fields
    assert not complaint.replies.exists()
    assert complaint.timers.get(kind="apology").state == TimerState.RUNNING


def test_received_in_the_future_is_refused(company: Tree) -> None:
    with pytest.raises(Refused):
        intake.log_complaint(subject="x", by=None, now=START, received_at=START + HOUR)
    assert not Complaint.objects.exists()


def test_an_act_not_open_names_the_open_ones(company: Tree, handler: Person) -> None:
    complaint = logged(company)
    with pytest.raises(NotOpen) as refusal:
        handling.answer(
            complaint=complaint,
            channel="phone",
            result="x",
            by=quality_manager(),
            now=START,
        )
    assert refusal.value.allowed == [
        "triage",
        "apologise",
        "propose-invalid",
        "urge",
        "merge",
        "correct-receipt",
        "ask-waiver",
        "note",
        "attach",
    ]


def test_a_stale_version_is_refused(company: Tree, handler: Person) -> None:
    complaint = logged(company, until="assigned", handler=handler)
    seen = complaint.version
    hand_overs.accept(complaint=complaint, by=handler, now=START)
    with pytest.raises(Stale):
        handling.answer(
            complaint=complaint,
            channel="phone",
            result="x",
            by=handler,
            now=START,
            version=seen,
        )


def test_a_policy_with_narrower_conditions_comes_first(company: Tree) -> None:
    policy = Policy.objects.create(name="特急", position=1, severity="critical")
    standard = PolicyRevision.objects.latest("number")
    revision = PolicyRevision.objects.create(
        policy=policy,
        number=1,
        pause_limit=standard.pause_limit,
        callback_attempts=3,
        callback_spread=standard.callback_spread,
        created_at=START,
    )
    revision.targets.create(kind="apology", duration=HOUR / 2)
    urgent = logged(company, severity="critical")
    assert [row.due_at - START for row in urgent.timers.all()] == [HOUR / 2]
    assert logged(company).timers.count() == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_event SET kind = 'x'",
        "DELETE FROM complaints_event",
        "UPDATE complaints_policyrevision SET number = 9",
        "DELETE FROM complaints_ladderstep",
        "UPDATE complaints_target SET duration = '1 second'",
    ],
)
def test_history_and_revisions_refuse_to_be_changed(company: Tree, statement: str) -> None:
    logged(company)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def test_meeting_twice_keeps_the_first_time(company: Tree) -> None:
    complaint = logged(company)
    assert timers.meet(complaint, Milestone.APOLOGY, at=START, evidence="reply:1")
    assert not timers.meet(complaint, Milestone.APOLOGY, at=START + HOUR, evidence="reply:2")
    assert complaint.timers.get(kind="apology").met_at == START


def test_c05_a_handler_must_belong_to_the_responsible_branch(company: Tree) -> None:
    complaint = logged(company)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    with pytest.raises(Refused) as refusal:
        triage.judge_valid(
            complaint=complaint,
            branch=company.branch,
            category=CategoryFactory.create(),
            severity="normal",
            handler=stranger,
            by=quality_manager(),
            now=START,
        )
    assert "handler" in refusal.value.fields
    complaint.refresh_from_db()
    assert complaint.status == "received"
