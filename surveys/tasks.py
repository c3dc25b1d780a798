"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from organisation.actions import jobs
from surveys.actions import after_closing, closed_loop, ending, sending
from surveys.background import RUNNERS

# Seconds; a job that lasts longer is started again, some times.
LONGEST_JOB = 3600


@shared_task
def invite_after_closing() -> None:
    after_closing.invite(now=clock.now())


@shared_task
def send_invitations() -> None:
    sending.send(now=clock.now())


@shared_task
def ask_again() -> None:
    closed_loop.ask_again(now=clock.now())


@shared_task
def expire_invitations() -> None:
    ending.end(now=clock.now())


@shared_task(time_limit=LONGEST_JOB)
def run_jobs() -> None:
    """The jobs of all rooms."""
    jobs.run_due(runners=RUNNERS, now=clock.now())
