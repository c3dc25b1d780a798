"""Background jobs: run once whoever races, taken up after a death, given up after three (A-12)."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.factories import ComplaintFactory
from csm.kit import clock
from csm.kit.errors import Refused
from csm.tests.crawler import text_of
from csm.tests.race import race
from csm.tests.waiting import ring, wait_until
from csm.tests.worker import Worker, database_url
from organisation.actions import exports, files, jobs
from organisation.actions.jobs import MOST_STARTS, PAUSE, Work
from organisation.factories import PersonFactory, exported_by, tree
from organisation.models import Job, JobFile, Message, Person, Role, StoredFile

RUN = ("reports.tasks.run_jobs", "bulk")


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory.create(branch=tree().branch, role=Role.HANDLER, email="")


def put(person: Person, kind: str = "example", **parameters: Any) -> Job:
    return jobs.put(kind=kind, title="Example", parameters=parameters, by=person, now=clock.now())


def run(runner: jobs.Runner, *, later: timedelta = timedelta(0)) -> int:
    return jobs.run_due(runners={"example": runner}, now=clock.now() + later)


def write(work: Work) -> dict[str, Any]:
    file = work.new_file("example", "example.csv", "text/csv")
    for number in range(3):
        file.write(b"line\n")
        work.alive(number + 1, 3)
    return {"rows": 3}


def media() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_job_is_done_and_its_person_told(person: Person) -> None:
    job = put(person)
    assert run(write) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result, job.share) == ("done", 1, {"rows": 3}, 1.0)
    assert job.lease_until is None
    [link] = job.files.all()
    with link.file.content as content:
        assert content.read() == b"line\n" * 3
    assert (link.file.size, link.file.uploaded_by) == (15, person)
    told = Message.objects.get()
    assert (told.recipient, told.channel, told.text) == (person, "inbox", "job_done")
    assert told.path == reverse("job", args=[job.pk])
    assert run(write) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_one_job_run_it_once() -> None:
    person = PersonFactory.create(branch=tree().branch, email="")
    started: list[int] = []

    def count(work: Work) -> dict[str, Any]:
        started.append(work.job.pk)
        return write(work)

    for number in range(3):
        put(person, number=number)
    counts = race(*[lambda: run(count)] * 6)
    assert sorted(started) == sorted(Job.objects.values_list("pk", flat=True))
    assert sum(number for number in counts if isinstance(number, int)) == 3
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
    assert JobFile.objects.count() == StoredFile.objects.count() == Message.objects.count() == 3


def test_a_refused_job_says_why_and_is_not_tried_again(person: Person) -> None:
    def refuse(work: Work) -> dict[str, Any]:
        write(work)
        raise Refused("Too many rows.")

    job = put(person)
    assert [run(refuse), run(refuse, later=timedelta(hours=1))] == [1, 0]
    job.refresh_from_db()
    assert (job.state, job.reason, job.attempts) == ("failed", "Too many rows.", 1)
    assert not StoredFile.objects.exists()
    assert Message.objects.get().text == "job_failed"


def test_a_job_that_fails_is_tried_three_times_and_stops_no_other(person: Person) -> None:
    def fail(work: Work) -> dict[str, Any]:
        if work.job.parameters:
            write(work)
            raise ZeroDivisionError
        return write(work)

    bad = put(person, is_bad=True)
    good = put(person)
    assert run(fail) == 2
    good.refresh_from_db()
    assert good.state == "done"
    # Not before a pause, and not more often than that.
    starts = [run(fail, later=PAUSE * n / 2) for n in range(1, 12)]
    assert sum(starts) == MOST_STARTS - 1
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == ("failed", MOST_STARTS)
    assert bad.reason == "It was started three times and never came to its end."
    assert bad.files.count() == 0
    assert Message.objects.filter(text="job_failed").count() == 1


KILLER = """
import os, django
django.setup()
from csm.kit import clock
from organisation.actions import jobs
jobs.run_due(runners={"example": lambda work: os._exit(9)}, now=clock.now())
"""


@pytest.mark.django_db(transaction=True)
def test_a12_a_job_that_kills_its_worker_is_given_up_after_three_starts() -> None:
    job = put(PersonFactory.create(branch=tree().branch, email=""))
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(connection.settings_dict),
        "DJANGO_SETTINGS_MODULE": "csm.settings",
    }
    codes = []
    for _start in range(5):
        Job.objects.filter(state="running").update(lease_until=clock.now())
        command = [sys.executable, "-c", KILLER]
        codes.append(subprocess.run(command, env=environment, check=False).returncode)
    assert codes == [9, 9, 9, 0, 0]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", MOST_STARTS)
    assert Message.objects.get().text == "job_failed"


def test_a_lease_that_runs_out_hands_the_job_on_and_stops_the_first(person: Person) -> None:
    job, ends = put(person), []

    def slow(work: Work) -> dict[str, Any]:
        if work.job.attempts == 1:
            ends.append(run(slow, later=timedelta(minutes=2)))
        return write(work)

    assert run(slow) == 1
    assert ends == [1]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert JobFile.objects.count() == StoredFile.objects.count() == Message.objects.count() == 1


def test_a_cancelled_job_stops_and_leaves_nothing(person: Person) -> None:
    job = put(person)

    def cancelled(work: Work) -> dict[str, Any]:
        url = reverse("job-cancel", args=[job.pk])
        assert browser(person).post(url).status_code == 302
        return write(work)

    before = media()
    run(cancelled)
    job.refresh_from_db()
    assert (job.state, job.lease_until) == ("cancelled", None)
    assert not StoredFile.objects.exists()
    assert media() == before
    assert run(write, later=timedelta(days=1)) == 0
    assert not Message.objects.exists()


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow beyond four bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a22_a_full_disk_is_said_and_leaves_no_half_file(person: Person) -> None:
    def full(work: Work) -> dict[str, Any]:
        file = work.new_file("example", "example.csv", "text/csv")
        with full_disk():
            file.write(b"line\n" * 10_000)
            file.flush()
        return {}

    before, job = media(), put(person)
    run(full)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert "there is no room left" in job.reason
    assert not StoredFile.objects.exists()
    assert media() == before


def test_a23_what_cannot_be_kept_whole_is_not_kept(person: Person) -> None:
    before, job = media(), put(person)

    def fill(work: Work) -> dict[str, Any]:
        work.new_file("small", "small.csv", "text/csv").write(b"ab")
        work.new_file("large", "large.csv", "text/csv").write(b"abcdefgh")
        work._stack.enter_context(full_disk())
        return {}

    run(fill)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not StoredFile.objects.exists()
    assert not JobFile.objects.exists()
    assert media() == before


def test_files_go_when_their_time_is_up(person: Person) -> None:
    link = exported_by(person)
    path = Path(link.file.content.path)
    assert path.exists()
    assert files.purge(now=clock.now()) == 0
    assert files.purge(now=clock.now() + jobs.KEPT_FOR) == 1
    assert not StoredFile.objects.exists()
    assert not JobFile.objects.exists()
    assert not path.exists()
    page = browser(person).get(reverse("job", args=[link.job_id]))
    assert "Its file has been taken away" in text_of(page)


def test_who_asks_for_too_much_waits(person: Person) -> None:
    for _number in range(jobs.MOST_UNFINISHED):
        put(person)
    with pytest.raises(Refused):
        put(person)
    assert Job.objects.count() == jobs.MOST_UNFINISHED


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_as_for_twenty(
    person: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        exported_by(person)
    client = browser(person)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("jobs")).context["rows"]) == count


@pytest.fixture
def waiting(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Person, Job]:
    """An export that a worker has to make."""
    monkeypatch.setattr(exports, "SMALL", 0)
    company = tree()
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")
    ComplaintFactory.create(branch=company.branch, until="assigned", handler=handler)
    browser(handler).post(reverse("complaints-export"), {"form": "xlsx"})
    return handler, Job.objects.get()


@contextmanager
def held_timers() -> Iterator[None]:
    """An export stands still in the middle."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE complaints_timer IN ACCESS EXCLUSIVE MODE")
        yield


def is_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks "
            "WHERE relation = 'complaints_timer'::regclass AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


def is_done() -> bool:
    ring(*RUN)
    return Job.objects.filter(state="done").exists()


def test_a23_a_killed_worker_leaves_no_half_file_and_the_job_is_taken_up_again(
    waiting: tuple[Person, Job], worker: Callable[..., Worker]
) -> None:
    first = worker("bulk")
    with held_timers():
        ring(*RUN)
        wait_until(is_held, "the export's standstill")
        first.kill()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.files.count()) == ("running", 1, 0)
    assert job.lease_until is not None
    assert job.lease_until - clock.now() <= timedelta(seconds=60)
    Job.objects.update(lease_until=clock.now())  # so much time passes
    worker("bulk")
    wait_until(is_done, "the second start")
    job = Job.objects.get()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"rows": 1})
    assert JobFile.objects.count() == StoredFile.objects.count() == 1


def test_a23_a_worker_that_is_asked_to_stop_finishes_first(
    waiting: tuple[Person, Job], worker: Callable[..., Worker]
) -> None:
    only = worker("bulk")
    with held_timers():
        ring(*RUN)
        wait_until(is_held, "the export's standstill")
        only.process.send_signal(signal.SIGTERM)
        assert Job.objects.get().files.count() == 0
    only.process.wait(60)
    job = Job.objects.get()
    assert (job.state, job.attempts, job.files.count()) == ("done", 1, 1)
