"""Real worker processes, real tasks: what is due is done once, whoever rings, whoever dies."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from os import getsid
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone

from complaints.actions import escalation
from complaints.factories import ComplaintFactory
from complaints.models import Assessment, Event, Notice
from csm.celery import app
from csm.kit import clock, periods
from csm.tests import ladders
from csm.tests.fingerprints import fingerprint
from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from csm.tests.waiting import DELIVER, FIRE, ring, wait_until
from csm.tests.worker import Worker
from customers.actions import table_imports, table_jobs
from customers.factories import CustomerFactory, checked_table
from customers.models import ChurnChange, Customer, CustomerFacts, Label, RetentionCase
from organisation import letters, outbox
from organisation.actions import calendars, files, jobs
from organisation.factories import PersonFactory, headquarters, tree
from organisation.letters import Draft
from organisation.models import (
    Attempt,
    IdempotentAnswer,
    Job,
    JobFile,
    Letter,
    Message,
    Person,
    Role,
    StoredFile,
)
from reports.models import BranchDay, ClockDay, FrozenRanking
from staff.models import PointAccount, PointEntry, Turn
from surveys import factories as surveys
from surveys.models import Invitation

COUNT = 301


def stages() -> Iterator[float]:
    """The moments of the ladders; before each, the time since the one before passes."""
    before = 0.0
    for moment in ladders.MOMENTS:
        # A minute more, so that every moment lies clearly behind.
        ladders.let_pass(timedelta(hours=moment - before, minutes=0 if before else 1))
        before = moment
        yield moment


def sweep_stage() -> None:
    """Two bells at once, as from two beats, again and again until nothing is due."""

    def is_done() -> bool:
        ring(*FIRE)
        ring(*FIRE)
        return not ladders.due()

    wait_until(is_done, "the sweep")


@contextmanager
def held_messages() -> Iterator[None]:
    """A sweep stands still between its events and its messages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE organisation_message IN SHARE MODE")
        yield


def is_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks "
            "WHERE relation = 'organisation_message'::regclass AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def kill_the_busy(workers: list[Worker]) -> None:
    """SIGKILL for the worker whose child runs a task now."""
    answers = app.control.broadcast("active", reply=True, timeout=0.5) or []
    pids = [task["worker_pid"] for each in answers for tasks in each.values() for task in tasks]
    [busy] = [worker for worker in workers if worker.process.pid in map(getsid, pids)]
    busy.kill()


def test_a01_a08_nobody_touches_them_and_a_worker_dies(worker: Callable[..., Worker]) -> None:
    ladders.untouched(COUNT)
    workers = [worker("escalation"), worker("escalation")]
    for moment in stages():
        if moment == 36:
            with held_messages():
                ring(*FIRE)
                wait_until(is_held, "the sweep's standstill")
                kill_the_busy(workers)
        sweep_stage()

    ladders.check_all_fired(COUNT)


@pytest.mark.django_db
def test_a08_without_beat_worker_or_broker_the_same_steps_speak() -> None:
    ladders.untouched(30)
    fired = 0
    for _moment in stages():
        said = StringIO()
        call_command("sweep", stdout=said)
        fired += json.loads(said.getvalue())["fired"]

    assert fired == 30 * ladders.STEPS
    ladders.check_all_fired(30)


def waiting_mails(people: int, each: int) -> None:
    """E-mails in the outbox; those of one person leave as one."""
    now = clock.now()
    for person in PersonFactory.create_batch(people):
        for place in range(each):
            outbox.put(
                key=f"test:{place}",
                to=[person],
                text="complaint_logged",
                context={"number": f"TS20261122-{place:04}", "subject": "货物滞留"},
                path=f"/complaints/{place}/",
                now=now,
                channels=["email"],
            )


def check_all_sent_once(smtp: Mailbox, people: int, each: int) -> None:
    """Sweeps at the same moment may share one person's messages, but send none of them twice."""
    told = [
        (mail["To"], number)
        for mail in smtp.messages
        for number in re.findall(r"/complaints/(\d+)/", mail.get_content())
    ]
    assert len(told) == len(set(told)) == people * each
    assert len({mail["Message-ID"] for mail in smtp.messages}) == len(smtp.messages)
    assert Message.objects.filter(state="sent", attempts=1).count() == people * each
    assert Attempt.objects.filter(error="").count() == people * each


def test_a07_a_broker_that_forgets_everything_loses_no_message(
    smtp: Mailbox, worker: Callable[..., Worker]
) -> None:
    waiting_mails(people=100, each=10)
    worker("notify")
    ring(*DELIVER)
    wait_until(lambda: smtp.messages, "the first mail")
    with closing(redis.Redis.from_url(settings.REDIS_URL)) as client:
        client.flushdb()  # this test's own database: what FLUSHALL does to a Redis of one's own

    def is_done() -> bool:
        ring(*DELIVER)
        return not Message.objects.exclude(state="sent").exists()

    wait_until(is_done, "the delivery")
    check_all_sent_once(smtp, people=100, each=10)
    assert len(smtp.messages) == 100, "one for each person"


def due_timers() -> None:
    ladders.untouched(20)
    ladders.let_pass(timedelta(days=5))


def check_timers(_smtp: Mailbox) -> None:
    assert Event.objects.filter(kind="step_fired").count() == 20 * 4
    assert Event.objects.filter(step__isnull=False).count() == 20 * ladders.STEPS


def ended_periods() -> None:
    ladders.untouched(5)
    ladders.let_pass(timedelta(days=5))


def check_periods(_smtp: Mailbox) -> None:
    rows = FrozenRanking.objects.values_list("period", "level")
    assert len(rows) == len(set(rows)) == 2 * 2


def old_answers() -> None:
    now, person = clock.now(), PersonFactory.create()
    for hours in (1, 23, 25, 100):
        IdempotentAnswer.objects.create(
            person=person,
            key=f"{hours} hours ago",
            body_hash="",
            created_at=now - timedelta(hours=hours),
        )


def check_answers(_smtp: Mailbox) -> None:
    keys = IdempotentAnswer.objects.order_by("-created_at").values_list("key", flat=True)
    assert list(keys) == ["1 hours ago", "23 hours ago"]


def waiting_exports() -> None:
    ladders.untouched(5)
    [manager] = Person.objects.filter(postings__role=Role.QUALITY_MANAGER)
    for form in ("csv", "xlsx"):
        given = {"form": form, "query": ""}
        kind = "export-complaints"
        jobs.put(kind=kind, title=form, parameters=given, by=manager, now=clock.now())


def check_exports(_smtp: Mailbox) -> None:
    assert (
        list(Job.objects.values_list("state", "attempts", "result"))
        == [("done", 1, {"rows": 5})] * 2
    )
    assert JobFile.objects.count() == StoredFile.objects.count() == 2
    assert Message.objects.filter(text="job_done").count() == 2


def old_files() -> None:
    now, person = clock.now(), PersonFactory.create()
    for days in (-1, 1):
        ends = now + timedelta(days=days)
        name = f"{days}.txt"
        files.keep(content=BytesIO(b"x"), name=name, content_type="text/plain", by=person, now=now,
                   expires_at=ends)  # fmt: skip


def check_files(_smtp: Mailbox) -> None:
    [left] = StoredFile.objects.all()
    assert (left.name, Path(left.content.path).exists()) == ("1.txt", True)


def overdue_morning() -> None:
    ladders.untouched(20)
    ladders.let_pass(timedelta(hours=30))
    hours = [["00:00", "00:00"]]
    week = {str(day): hours for day in range(7)}
    calendars.create(name="总是", timezone=settings.TIME_ZONE, weekly=week, by=None)


def due_consequences() -> None:
    """An assessment waits until the complaint is judged valid: these are."""
    ladders.untouched(20, until="assigned")
    ladders.let_pass(timedelta(days=5))
    escalation.fire_due(now=clock.now())


def check_consequences(_smtp: Mailbox) -> None:
    notices = Notice.objects.values_list("status", "timer__kind", "complaint").distinct()
    assert (Notice.objects.count(), len(notices)) == (20, 20)
    assert Event.objects.filter(kind="notice_drafted").count() == 20
    assert Message.objects.filter(text="notice_drafted", channel="inbox").count() == 20
    assessed = Assessment.objects.values("timer").distinct().count()
    assert (Assessment.objects.count(), assessed) == (20, 20)
    assert Message.objects.filter(text="assessment_proposed", channel="inbox").count() == 20


def check_mornings(_smtp: Mailbox) -> None:
    rows = Message.objects.filter(text="morning")
    assert list(rows.values_list("recipient__postings__role", flat=True)) == ["branch_manager"] * 2


def closed_complaints() -> None:
    """Four complaints of one customer: the cool-down lets one be asked about."""
    place = tree().branch
    surveys.survey(place, after_closing=True, delay_hours=0, now=clock.now() - timedelta(days=1))
    customer = CustomerFactory.create(email="li@example.com", home_branch=place)
    for _each in range(4):
        ComplaintFactory.create(until="closed", branch=place, customer=customer)


def check_asked(_smtp: Mailbox) -> None:
    assert Invitation.objects.values("complaint", "status").get()["status"] == "waiting"


def due_invitations() -> None:
    place, now = tree().branch, clock.now()
    survey = surveys.survey(place, now=now)
    for number in range(20):
        surveys.invitation(
            survey, place, now, status="waiting", sent_at=None, link=None, next_message_at=now,
            address=f"{number}@example.com",
        )  # fmt: skip


def check_invited(_smtp: Mailbox) -> None:
    keys = Letter.objects.values("key").distinct().count()
    links = Letter.objects.values("link__invitation").distinct().count()
    assert (Letter.objects.count(), keys, links) == (20, 20, 20)
    assert Invitation.objects.filter(status="sent", version=2).count() == 20


def confirmed_item() -> None:
    """A low answer, whose order was confirmed two days ago."""
    place, now = tree().branch, clock.now()
    survey = surveys.survey(place, now=now - timedelta(days=9))
    asked = surveys.invitation(survey, place, now - timedelta(days=9), address="li@example.com")
    surveys.answered(asked, now - timedelta(days=8), total=3)
    surveys.put_right(asked, now - timedelta(days=2))


def check_asked_again(_smtp: Mailbox) -> None:
    asked = Invitation.objects.get(again__isnull=False)
    assert (asked.status, asked.address) == ("waiting", "li@example.com")


def old_invitations() -> None:
    now = clock.now() - timedelta(days=20)
    place = tree().branch
    survey = surveys.survey(place, now=now)
    for _each in range(20):
        surveys.invitation(survey, place, now)


def check_expired(_smtp: Mailbox) -> None:
    assert Invitation.objects.filter(status="expired", version=2).count() == 20


def satisfied_callbacks() -> None:
    """Twenty customers who were satisfied with who answered, after the rules were written."""
    place = tree().branch
    handler = PersonFactory.create(branch=place, role=Role.HANDLER)
    for _each in range(20):
        ComplaintFactory.create(branch=place, handler=handler, until="closed")


def check_points(_smtp: Mailbox) -> None:
    """Five points each, until the cap of a month."""
    assert PointEntry.objects.count() == 20
    assert PointAccount.objects.get().balance == 100


def a_branch_to_write() -> None:
    """One branch and no turn yet; its manager is to hear of the first one."""
    PersonFactory.create(branch=tree().branch, role=Role.BRANCH_MANAGER)


def check_programme(_smtp: Mailbox) -> None:
    """Each week has one turn, and whoever writes next is told once."""
    mondays = list(Turn.objects.values_list("monday", flat=True))
    assert len(mondays) == len(set(mondays)) >= 13
    assert Message.objects.filter(text="micro_report_due", channel="inbox").count() <= 1


def a_month_of_volumes() -> None:
    """One customer, of whom no night has known yet."""
    importer = PersonFactory.create(branch=headquarters(), role=Role.ADMINISTRATOR)
    customer = CustomerFactory.create(code="1", tier="")
    month = periods.at(clock.now(), kind="month", zone=get_default_timezone()).previous.previous
    line = f"1,{customer.home_branch.code},{month.key},9,900,\n"
    table_imports.start(table=checked_table(importer, line), by=importer, now=clock.now())
    jobs.run_due(runners=table_jobs.RUNNERS, now=clock.now())
    Customer.objects.update(account_manager=importer)
    CustomerFacts.objects.update(
        low_score_at=clock.now(),
        last_callback_satisfied=False,
        oldest_open_at=clock.now() - timedelta(days=4),
    )


def check_labels(_smtp: Mailbox) -> None:
    """A stage, once; a tier when the month that is settled now is the one with volumes.

    And one warning, one case, told once.
    """
    kinds = sorted(Label.objects.values_list("kind", flat=True))
    assert kinds in (["stage"], ["stage", "tier"])
    assert ChurnChange.objects.count() == RetentionCase.objects.count() == 1
    assert Message.objects.filter(text="churn_warning", channel="inbox").count() == 1


def twenty_complaints() -> None:
    """At one branch, none of them counted yet."""
    place = tree().branch
    for _each in range(20):
        ComplaintFactory.create(branch=place, until="assigned")


def check_summaries(_smtp: Mailbox) -> None:
    """Counted once, however many count them."""
    assert sum(BranchDay.objects.values_list("received", flat=True)) == 20
    assert sum(ClockDay.objects.values_list("running", flat=True)) == 80


def waiting_letters() -> None:
    said = {"number": "TS1"}
    drafts = (
        Draft(f"k{n}", f"{n}@example.com", "complaint_received", context=said) for n in range(20)
    )
    letters.put_all(drafts, now=clock.now())


def check_letters(smtp: Mailbox) -> None:
    assert len({mail["To"] for mail in smtp.messages}) == len(smtp.messages) == 20
    assert Letter.objects.filter(state="sent").count() == 20


# Task: what is due before it, and what it must have done once.
TASKS: dict[str, tuple[Callable[[], None], Callable[[Mailbox], None]]] = {
    "complaints.tasks.fire_timers": (due_timers, check_timers),
    "organisation.tasks.deliver_messages": (
        lambda: waiting_mails(people=10, each=5),
        lambda smtp: check_all_sent_once(smtp, people=10, each=5),
    ),
    "organisation.tasks.deliver_letters": (waiting_letters, check_letters),
    "reports.tasks.close_periods": (ended_periods, check_periods),
    "complaints.tasks.tell_managers": (overdue_morning, check_mornings),
    "complaints.tasks.draw_consequences": (due_consequences, check_consequences),
    "surveys.tasks.invite_after_closing": (closed_complaints, check_asked),
    "surveys.tasks.ask_again": (confirmed_item, check_asked_again),
    "surveys.tasks.send_invitations": (due_invitations, check_invited),
    "surveys.tasks.expire_invitations": (old_invitations, check_expired),
    "staff.tasks.settle_points": (satisfied_callbacks, check_points),
    "staff.tasks.run_programme": (a_branch_to_write, check_programme),
    "customers.tasks.refresh": (a_month_of_volumes, check_labels),
    "reports.tasks.refresh_summaries": (twenty_complaints, check_summaries),
    "reports.tasks.run_jobs": (waiting_exports, check_exports),
    "organisation.tasks.purge_files": (old_files, check_files),
    "organisation.tasks.purge_answers": (old_answers, check_answers),
}


@pytest.fixture
def noon(settings: Any) -> None:
    """The company is where it is noon now: what a morning brings is due."""
    settings.TIME_ZONE = f"Etc/GMT{clock.now().hour - 12:+d}"


def test_a09_every_task_is_in_the_table() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(TASKS)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == set(TASKS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [1, 8], ids=["twice", "eight at once"])
@pytest.mark.parametrize("name", TASKS)
def test_a09_a_task_that_runs_again_changes_nothing(
    smtp: Mailbox, noon: None, name: str, threads: int
) -> None:
    prepare, check = TASKS[name]
    prepare()
    race(*[task_of(name)] * threads)

    check(smtp)
    once = fingerprint(apart_from=["organisation_sweeprun"])
    race(*[task_of(name)] * threads)
    assert fingerprint(apart_from=["organisation_sweeprun"]) == once
    check(smtp)


def task_of(name: str) -> Callable[[], None]:
    app.loader.import_default_modules()
    return app.tasks[name]
