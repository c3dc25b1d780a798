"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from complaints.actions import consequences, escalation, mornings
from complaints.background import RUNNERS
from csm.kit import clock
from organisation.actions import jobs

# Seconds; a job that lasts longer is started again, some times.
LONGEST_JOB = 3600


@shared_task
def fire_timers() -> None:
    escalation.fire_due(now=clock.now())


@shared_task
def draw_consequences() -> None:
    consequences.draw(now=clock.now())


@shared_task
def tell_managers() -> None:
    mornings.tell(now=clock.now())


@shared_task(time_limit=LONGEST_JOB)
def run_jobs() -> None:
    jobs.run_due(runners=RUNNERS, now=clock.now())
