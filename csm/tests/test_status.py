"""/status.json: every fault flips its own field and back, and nobody without the token reads it."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection
from django.test import Client

from complaints import vitals
from complaints.actions import escalation, quarantine
from complaints.factories import ComplaintFactory
from complaints.models import Timer
from csm.celery import app
from csm.kit import clock
from csm.tests import broker
from csm.tests.mailbox import Mailbox
from csm.tests.waiting import FIRE, wait_until
from csm.tests.worker import Worker
from organisation import outbox
from organisation.actions import delivery, jobs, sweeps
from organisation.broker import BELL, EVERY
from organisation.factories import PersonFactory, given_up_by, tree
from organisation.models import Job, Message, Person, Role, SweepRun

TOKEN = "a token that only the monitoring program knows"
# The sweep that each bell is for.
TASKS = {
    "escalation": "complaints.tasks.fire_timers",
    "delivery": "organisation.tasks.deliver_messages",
    "letters": "organisation.tasks.deliver_letters",
    "mornings": "complaints.tasks.tell_managers",
    "consequences": "complaints.tasks.draw_consequences",
    "periods": "reports.tasks.close_periods",
    "after-closing": "surveys.tasks.invite_after_closing",
    "asking-again": "surveys.tasks.ask_again",
    "invitations": "surveys.tasks.send_invitations",
    "expiry": "surveys.tasks.expire_invitations",
    "points": "staff.tasks.settle_points",
    "programme": "staff.tasks.run_programme",
    "customers": "customers.tasks.refresh",
    "summaries": "reports.tasks.refresh_summaries",
    "jobs": "reports.tasks.run_jobs",
    "files": "organisation.tasks.purge_files",
    "answers": "organisation.tasks.purge_answers",
}
LATE = timedelta(minutes=3)


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.STATUS_TOKEN_HASH = sha256(TOKEN.encode()).hexdigest()


def asked() -> tuple[int, dict[str, Any]]:
    response = Client().get("/status.json", headers={"Authorization": f"Bearer {TOKEN}"})
    found: dict[str, Any] = response.json()
    assert response.status_code == (503 if found["problems"] else 200)
    return response.status_code, found


def problems() -> list[str]:
    found: list[str] = asked()[1]["problems"]
    return found


@pytest.fixture
def healthy(db: None) -> Person:
    """The clocks have just been looked at; a quality manager at Wuxi."""
    sweeps.mark("escalation", now=clock.now())
    branch = tree().branch
    return PersonFactory.create(branch=branch, role=Role.QUALITY_MANAGER)


def test_every_bell_has_its_sweep_and_interval() -> None:
    rung = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    every = {TASKS[name]: every.total_seconds() for name, every in vitals.INTERVALS.items()}
    assert every == rung
    [entry] = [each for each in app.conf.beat_schedule.values() if each["task"] == FIRE[0]]
    assert entry["options"] == {"queue": BELL, "expires": EVERY.total_seconds()}


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_a25_without_the_token_there_is_no_such_page(settings: Any, header: str) -> None:
    client = Client()
    assert client.get("/status.json", headers={"Authorization": header}).status_code == 404
    settings.STATUS_TOKEN_HASH = ""
    for given in (header, "Bearer ", f"Bearer {TOKEN}"):
        assert client.get("/status.json", headers={"Authorization": given}).status_code == 404


def test_a25_all_is_well_and_nothing_is_told_of_names(healthy: Person, settings: Any) -> None:
    status, facts = asked()
    assert (status, facts["problems"]) == (200, [])
    redis = urlsplit(settings.REDIS_URL)
    secrets = [redis.hostname, redis.password, connection.settings_dict["HOST"], healthy.name]
    assert not [each for each in secrets if each and each in str(facts)]
    assert set(facts["sweep_age"]) == set(TASKS)


def test_a25_the_worker_and_the_bell(worker: Callable[..., Worker]) -> None:
    def ring() -> None:
        app.send_task(FIRE[0], queue=BELL, expires=EVERY.total_seconds())

    def is_well() -> bool:
        ring()
        return not problems()

    first = worker(BELL)
    assert problems() == ["sweep:escalation", "beat"]
    wait_until(is_well, "the first sweep")
    first.kill()
    SweepRun.objects.update(ran_at=clock.now() - LATE)

    def waits() -> bool:
        # One may still be handed to the dead worker, whose end Redis has not seen yet.
        ring()
        return problems() == ["sweep:escalation"]

    wait_until(waits, "a bell that nobody hears")
    facts = asked()[1]
    assert facts["beat_age"] < EVERY.total_seconds()
    assert facts["queues"][BELL] >= 1
    worker(BELL)
    wait_until(is_well, "the sweep of the second worker")


def test_a25_a_frozen_broker(healthy: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with broker.own_broker() as own:
        broker.use(monkeypatch, own.url)
        assert problems() == []
        own.freeze()
        assert problems() == ["redis"]
        own.thaw()
        assert problems() == []


def test_a25_a_database_that_is_away(healthy: Person) -> None:
    def refuse(execute: Callable[..., Any], *args: Any) -> None:
        raise OperationalError("server closed the connection at secret-host")

    with connection.execute_wrapper(refuse):
        assert asked() == (503, {"database": False, "problems": ["database"]})
    assert problems() == []


def test_a11_a25_clocks_that_wait_or_were_set_aside(healthy: Person) -> None:
    now = clock.now()
    complaint = ComplaintFactory.create(branch=healthy.postings.get().branch, now=now - LATE)
    row = Timer.objects.filter(complaint=complaint, kind="apology")
    row.update(next_fire_at=now - LATE, fire_at=[now - LATE])
    Message.objects.update(state="sent", sent_at=now)
    assert problems() == ["unfired"]
    escalation.fire_due(now=now)
    assert problems() == []
    row.update(quarantined_at=now, fire_failures=8, next_fire_at=None)
    assert problems() == ["set_aside"]
    quarantine.release(timer=row.get(), by=healthy, now=now)
    assert problems() == []


def test_a25_mails_that_wait_and_mails_that_failed(healthy: Person, smtp: Mailbox) -> None:
    now = clock.now()
    context = {"number": "TS1", "subject": "x"}
    outbox.put(key="k", to=[healthy], text="complaint_logged", context=context, now=now - LATE)
    assert problems() == ["outbox"]
    smtp.reply = "451 later"
    for attempt in range(8):
        delivery.deliver(now=now + attempt * timedelta(hours=12))
    SweepRun.objects.filter(name="delivery").update(ran_at=now)
    assert problems() == ["failed_messages"]
    smtp.reply = "250 OK"
    client = Client()
    client.force_login(healthy)
    assert client.post("/settings/operations/messages/").status_code == 302
    assert delivery.deliver(now=clock.now()) == 1
    assert problems() == []


def test_a25_jobs_that_stand_still_or_were_given_up(healthy: Person) -> None:
    job = given_up_by(healthy)
    assert problems() == ["given_up_jobs"]
    client = Client()
    client.force_login(healthy)
    assert client.post(f"/settings/operations/jobs/{job.pk}/").status_code == 302
    assert problems() == []
    Job.objects.update(created_at=clock.now() - vitals.JOB_PATIENCE)
    assert problems() == ["stuck_jobs"]
    jobs.run_due(runners={"example": lambda _work: {"rows": 1}}, now=clock.now())
    assert problems() == []
    assert Job.objects.get().state == "done"


def test_a25_a_disk_without_room(healthy: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "LITTLE_ROOM", 2**63)
    assert problems() == ["disk"]


@pytest.mark.parametrize(("name", "age", "is_late"), [
    ("escalation", 20, False), ("escalation", 31, True),
    ("delivery", 31, True), ("mornings", 100, False), ("mornings", 121, True),
    ("jobs", 100, False), ("jobs", 121, True), ("files", 7000, False), ("files", 7300, True),
])  # fmt: skip
def test_a25_a_sweep_is_late_after_two_intervals(
    healthy: Person, name: str, age: int, is_late: bool
) -> None:
    sweeps.mark(name, now=clock.now() - timedelta(seconds=age))
    found = [each for each in problems() if each != "beat"]
    assert found == ([f"sweep:{name}"] if is_late else [])
    # A long job holds up those that share its worker, and is no fault.
    now = clock.now()
    job = jobs.put(kind="example", title="x", parameters={}, by=healthy, now=now)
    Job.objects.filter(pk=job.pk).update(
        state="running", started_at=now, lease_until=now + timedelta(minutes=1)
    )
    assert (f"sweep:{name}" in problems()) == (is_late and name not in vitals.BESIDE_JOBS)
