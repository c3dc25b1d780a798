"""A-12: a job that kills its worker is started a few times with long pauses, then given up."""

import time

from complaints.exports import COMPLAINTS
from csm.kit import clock
from csm.tests.fire.gate import FATAL
from csm.tests.fire.overdue import Control
from csm.tests.fire.site import PATIENCE, Site
from csm.tests.waiting import wait_until
from organisation.actions import jobs
from organisation.actions.exports import kind_of
from organisation.models import Job, Message, Person, Role

BELLS = 3  # seconds, in which two beats ring six times


def test_a12_a_job_that_kills_its_worker_is_given_up(site: Site, control: Control) -> None:
    person = Person.objects.get(postings__role=Role.QUALITY_MANAGER)
    fatal = asked(FATAL, person)
    for start in range(1, jobs.MOST_STARTS + 1):
        wait_until(lambda: starts(fatal) == start, "a start", patience=PATIENCE)  # noqa: B023
        time.sleep(BELLS)
        assert starts(fatal) == start, "it is not started again while its lease lasts"
        Job.objects.filter(pk=fatal.pk).update(lease_until=clock.now())  # so much time passes
    wait_until(lambda: not Job.objects.get(pk=fatal.pk).is_unfinished, "its end", patience=PATIENCE)
    fatal.refresh_from_db()
    assert (fatal.state, fatal.attempts) == ("failed", jobs.MOST_STARTS)
    assert "It was started three times" in fatal.reason
    assert Message.objects.filter(text="job_failed", recipient=person).count() == 1
    assert 60 / jobs.LEASE.total_seconds() < 5, "starts a minute"

    other = asked(kind_of(COMPLAINTS), person)
    wait_until(
        lambda: Job.objects.get(pk=other.pk).state == "done", "the next job", patience=PATIENCE
    )


def asked(kind: str, person: Person) -> Job:
    parameters = {"form": "csv", "query": ""}
    return jobs.put(kind=kind, title=kind, parameters=parameters, by=person, now=clock.now())


def starts(job: Job) -> int:
    return Job.objects.get(pk=job.pk).attempts
