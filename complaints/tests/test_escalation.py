"""The ladders (`sla.md` §3): each step once, whoever runs, whatever dies."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.actions import escalation, handling, quarantine, triage
from complaints.factories import ComplaintFactory, quality_manager
from complaints.models import Complaint, Event, LadderStep, Timer
from organisation import outbox
from organisation.actions import people
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role

START = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(db: None) -> Tree:
    return tree()


@pytest.fixture
def staff(company: Tree) -> dict[str, Person]:
    """One person per role of the default ladders; each has an e-mail address."""
    places = {
        Role.HANDLER: company.branch,
        Role.FRONT_DESK: company.branch,
        Role.BRANCH_MANAGER: company.branch,
        Role.QUALITY_MANAGER: company.region,
        Role.QUALITY_SPECIALIST: company.headquarters,
        Role.SERVICE_DIRECTOR: company.headquarters,
        Role.GENERAL_MANAGER: company.headquarters,
    }
    return {
        str(role): PersonFactory.create(name=str(role.value), branch=branch, role=role)
        for role, branch in places.items()
    }


def assigned(company: Tree, staff: dict[str, Person]) -> Complaint:
    return ComplaintFactory.create(
        branch=company.branch,
        until="assigned",
        handler=staff["handler"],
        quality=staff["quality_manager"],
        now=START,
    )


def told(moment: datetime) -> list[str]:
    """Who heard of a ladder at that moment in the inbox, in alphabetical order."""
    rows = Message.objects.filter(text="timer_step", channel="inbox", created_at=moment)
    return sorted(rows.values_list("recipient__name", flat=True))


def steps(complaint: Complaint, kind: str) -> list[tuple[str, int]]:
    rows = Event.objects.filter(complaint=complaint, timer__kind=kind, step__isnull=False)
    return list(rows.order_by("step__position").values_list("kind", "step__position"))


def test_the_default_ladders_tell_these_people_at_these_times(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = assigned(company, staff)
    expected = {
        45 * MINUTE: ["front_desk", "handler"],
        1 * HOUR: ["branch_manager", "quality_specialist"],
        2 * HOUR: ["service_director"],
        4 * HOUR: ["general_manager"],
        12 * HOUR: ["handler"],
        0.83 * 24 * HOUR: ["handler"],
        24 * HOUR: ["branch_manager", "quality_specialist"],
        36 * HOUR: ["branch_manager", "handler", "service_director"],
        0.92 * 48 * HOUR: ["branch_manager", "handler"],
        # 24 h after the result's deadline, and the work order's own deadline
        48 * HOUR: ["general_manager", "quality_manager", "service_director"],
        0.83 * 72 * HOUR: ["quality_manager"],
        0.94 * 72 * HOUR: ["quality_manager"],
        72 * HOUR: ["general_manager", "quality_specialist", "service_director"],
        96 * HOUR: ["general_manager"],
    }
    for after, names in expected.items():
        assert escalation.fire_due(now=START + after - timedelta(seconds=1)).steps == 0, after
        escalation.fire_due(now=START + after)
        assert told(START + after) == names, after
    assert escalation.fire_due(now=START + 1000 * HOUR).steps == 0
    assert not complaint.timers.exclude(next_fire_at=None).exists()
    assert Event.objects.filter(complaint=complaint, step__isnull=False).count() == 17
    assert Event.objects.filter(complaint=complaint, kind="notice_due").count() == 1


def test_a03_several_steps_at_once_speak_once_at_the_highest_level(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = assigned(company, staff)
    late = START + 3 * HOUR
    escalation.fire_due(now=late)
    assert steps(complaint, "apology") == [
        ("step_superseded", 0),
        ("step_superseded", 1),
        ("step_fired", 2),
    ]
    rows = Message.objects.filter(text="timer_step", channel="inbox")
    heard = Counter(rows.values_list("recipient__name", flat=True))
    assert heard == {
        "branch_manager": 1,
        "front_desk": 1,
        "handler": 1,
        "quality_specialist": 1,
        "service_director": 1,
    }
    assert set(rows.values_list("importance", flat=True)) == {3}


def test_rule_2_logged_late_fires_at_once(company: Tree, staff: dict[str, Person]) -> None:
    complaint = ComplaintFactory.create(
        branch=company.branch, received_at=START - 2 * HOUR, now=START
    )
    assert escalation.fire_due(now=START).steps == 1
    assert steps(complaint, "apology")[-1] == ("step_fired", 2)


def test_the_ladder_stops_when_the_promise_is_kept(company: Tree, staff: dict[str, Person]) -> None:
    complaint = assigned(company, staff)
    handling.apologise(
        complaint=complaint,
        channel="phone",
        words="抱歉",
        by=staff["handler"],
        now=START,
    )
    escalation.fire_due(now=START + 10 * HOUR)
    assert steps(complaint, "apology") == []


def test_a_reopened_complaint_does_not_fire_the_old_cycle(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = ComplaintFactory.create(
        branch=company.branch, until="answered", handler=staff["handler"], now=START
    )
    handling.reopen(complaint=complaint, reason="客户来电", by=quality_manager(), now=START + HOUR)
    escalation.fire_due(now=START + 1000 * HOUR)
    rows = Event.objects.filter(complaint=complaint, step__isnull=False)
    assert set(rows.values_list("cycle", flat=True)) == {2}


def test_nobody_named_means_the_branch_manager_hears(
    company: Tree, staff: dict[str, Person]
) -> None:
    ComplaintFactory.create(branch=company.branch, until="assigned", now=START)
    escalation.fire_due(now=START + 45 * MINUTE)
    assert told(START + 45 * MINUTE) == ["branch_manager", "front_desk"]


def test_a_disabled_handler_is_stood_in_for_by_the_branch_manager(
    company: Tree, staff: dict[str, Person]
) -> None:
    assigned(company, staff)
    people.change(person=staff["handler"], by=None, now=START, is_active=False)
    escalation.fire_due(now=START + 45 * MINUTE)
    assert told(START + 45 * MINUTE) == ["branch_manager", "front_desk"]


def test_a_role_is_looked_for_upwards_and_a_disabled_person_is_passed_over(
    company: Tree, staff: dict[str, Person]
) -> None:
    other = PersonFactory.create(name="second", branch=company.region, role=Role.BRANCH_MANAGER)
    Person.objects.filter(pk=staff["branch_manager"].pk).update(is_active=False)
    assigned(company, staff)
    escalation.fire_due(now=START + HOUR)
    assert other.name in told(START + HOUR)
    assert "branch_manager" not in told(START + HOUR)


@pytest.mark.parametrize(("missing", "heard"), [
    ([], ["branch_manager", "quality_specialist"]),
    (["branch_manager"], ["quality_specialist"]),
    (["branch_manager", "quality_specialist"], ["quality_manager"]),
    (["branch_manager", "quality_specialist", "quality_manager"], ["administrator"]),
])  # fmt: skip
def test_a_step_whose_roles_nobody_holds_is_heard_all_the_same(
    company: Tree, staff: dict[str, Person], missing: list[str], heard: list[str]
) -> None:
    """The nearest quality managers upwards stand in, then the administrators; nobody twice."""
    for role, place in ((Role.ADMINISTRATOR, company.headquarters),):
        PersonFactory.create(name=str(role.value), branch=place, role=role)
    Person.objects.filter(name__in=missing).update(is_active=False)
    ComplaintFactory.create(branch=company.branch, now=START)
    escalation.fire_due(now=START + 45 * MINUTE)
    Message.objects.all().delete()
    escalation.fire_due(now=START + HOUR)
    assert told(START + HOUR) == heard
    rows = Message.objects.values_list("recipient__name", "channel")
    assert sorted(rows) == [(name, channel) for name in heard for channel in ("email", "inbox")]


def test_a_step_is_unheard_for_its_own_branch_only(company: Tree, staff: dict[str, Person]) -> None:
    """Two branches in one batch: where the roles are held, nobody stands in."""
    Person.objects.filter(name="quality_specialist").update(is_active=False)
    for branch in (company.branch, company.sibling):
        ComplaintFactory.create(branch=branch, now=START)
    escalation.fire_due(now=START + 45 * MINUTE)
    escalation.fire_due(now=START + HOUR)
    assert told(START + HOUR) == ["branch_manager", "quality_manager"]


def test_email_goes_only_where_there_is_an_address(company: Tree, staff: dict[str, Person]) -> None:
    Person.objects.filter(pk=staff["handler"].pk).update(email="")
    assigned(company, staff)
    Message.objects.all().delete()
    escalation.fire_due(now=START + 45 * MINUTE)
    rows = Message.objects.order_by("recipient__name", "channel")
    assert list(rows.values_list("recipient__name", "channel", "state")) == [
        ("front_desk", "email", "queued"),
        ("front_desk", "inbox", "sent"),
        ("handler", "inbox", "sent"),
    ]


def test_a_batch_is_few_statements_whatever_its_size(
    company: Tree, staff: dict[str, Person]
) -> None:
    counts = []
    for complaints in (1, 20):
        for _ in range(complaints):
            assigned(company, staff)
        with CaptureQueriesContext(connection) as queries:
            fired = escalation.fire_due(now=START + 45 * MINUTE)
        assert fired.steps == complaints
        # Brackets of transactions are not counted: outside a test they are no savepoints.
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_imported_history_wakes_nobody(company: Tree, staff: dict[str, Person]) -> None:
    complaint = assigned(company, staff)
    Timer.objects.filter(complaint=complaint).update(next_fire_at=None, fire_at=[])
    assert escalation.fire_due(now=START + 1000 * HOUR).steps == 0


def at_once(act: Callable[[], object], times: int) -> None:
    """Run an act in so many threads, each with a connection of its own."""
    gate = threading.Barrier(times, timeout=10)

    def run() -> None:
        gate.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()


@pytest.mark.django_db(transaction=True)
def test_a09_eight_sweeps_at_once_are_as_one() -> None:
    company = tree()
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    for _ in range(12):
        ComplaintFactory.create(branch=company.branch, until="assigned", handler=handler, now=START)
    Message.objects.all().delete()
    at_once(lambda: escalation.fire_due(now=START + HOUR), 8)
    escalation.fire_due(now=START + HOUR)
    kinds = Counter(Event.objects.filter(step__isnull=False).values_list("kind", "step__position"))
    assert kinds == {("step_superseded", 0): 12, ("step_fired", 1): 12}
    rows = Message.objects.values_list("recipient", "channel")
    assert Counter(rows) == {
        (person.pk, channel): 12 for person in (handler, manager) for channel in ("inbox", "email")
    }


def test_a11_one_poisoned_timer_stops_nobody_and_is_set_aside(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaints = [assigned(company, staff) for _ in range(20)]
    poisoned = complaints[7].timers.get(kind="apology")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'poisoned' USING ERRCODE = 'data_exception'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON complaints_event FOR EACH ROW "
            f"WHEN (NEW.timer_id = {poisoned.pk:d}) EXECUTE FUNCTION poison()"
        )
    moment = START + 45 * MINUTE
    assert escalation.fire_due(now=moment).steps == 19
    for failures in range(1, 8):
        poisoned.refresh_from_db()
        assert poisoned.fire_failures == failures
        assert poisoned.next_fire_at is not None
        assert poisoned.next_fire_at > moment
        moment = poisoned.next_fire_at
        escalation.fire_due(now=moment)
    poisoned.refresh_from_db()
    assert (poisoned.fire_failures, poisoned.next_fire_at) == (8, None)
    assert poisoned.quarantined_at == moment


def test_a15_a_rolled_back_act_tells_nobody(company: Tree, staff: dict[str, Person]) -> None:
    with transaction.atomic():
        outbox.put(key="k", to=[staff["handler"]], text="mentioned", now=START)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_rejected_doubt_lets_missed_steps_speak_at_once(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, now=START)
    triage.propose_invalid(
        complaint=complaint, reason="重复", by=staff["quality_manager"], now=START
    )
    assert escalation.fire_due(now=START + 2 * HOUR).steps == 0
    triage.reject_invalid(complaint=complaint, by=staff["quality_specialist"], now=START + 2 * HOUR)
    assert escalation.fire_due(now=START + 2 * HOUR).steps == 1
    assert [kind for kind, _ in steps(complaint, "apology")][-1] == "step_fired"


def test_a_doubt_in_a_later_cycle_leaves_the_earlier_one_silent(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = assigned(company, staff)
    complaint = _reopened(complaint, staff)
    triage.propose_invalid(
        complaint=complaint, reason="x", by=staff["quality_manager"], now=START + 2 * HOUR
    )
    triage.reject_invalid(complaint=complaint, by=staff["quality_specialist"], now=START + 3 * HOUR)
    assert _waiting(complaint) == [("callback", 2), ("result", 2), ("work_order", 2)]


def test_a_released_clock_is_silent_in_an_earlier_cycle_and_while_in_doubt(
    company: Tree, staff: dict[str, Person]
) -> None:
    complaint = assigned(company, staff)
    complaint = _reopened(complaint, staff)
    triage.propose_invalid(
        complaint=complaint, reason="x", by=staff["quality_manager"], now=START + 2 * HOUR
    )
    complaint.timers.filter(state="running").update(quarantined_at=START, fire_failures=8)
    for timer in complaint.timers.all():
        quarantine.release(timer=timer, by=None, now=START + 2 * HOUR)
    assert _waiting(complaint) == []
    assert not complaint.timers.exclude(quarantined_at=None).exists()
    triage.reject_invalid(complaint=complaint, by=staff["quality_specialist"], now=START + 3 * HOUR)
    complaint.timers.filter(state="running").update(quarantined_at=START, next_fire_at=None)
    for timer in complaint.timers.all():
        quarantine.release(timer=timer, by=None, now=START + 3 * HOUR)
    assert _waiting(complaint) == [("callback", 2), ("result", 2), ("work_order", 2)]


def _reopened(complaint: Complaint, staff: dict[str, Person]) -> Complaint:
    """In cycle 2, with everything but the result of cycle 1 still running."""
    handling.answer(
        complaint=complaint, channel="phone", result="x", by=staff["handler"], now=START + HOUR
    )
    handling.reopen(complaint=complaint, reason="x", by=staff["quality_manager"], now=START + HOUR)
    return Complaint.objects.get(pk=complaint.pk)


def _waiting(complaint: Complaint) -> list[tuple[str, int]]:
    rows = complaint.timers.exclude(next_fire_at=None)
    return list(rows.order_by("kind", "cycle").values_list("kind", "cycle"))


def test_every_step_of_the_default_ladders_has_somebody_to_tell(db: None) -> None:
    known = {*Role.values, "rectification_owner"}
    assert all(set(step.roles) <= known and step.roles for step in LadderStep.objects.all())
