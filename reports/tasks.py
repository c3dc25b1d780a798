"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from organisation.actions import jobs
from reports.actions import periods, subscriptions, summaries
from reports.background import RUNNERS

# Seconds; a job that lasts longer is started again, some times.
LONGEST_JOB = 3600


@shared_task
def close_periods() -> None:
    """And their reports are sent to whoever subscribed."""
    periods.close_ended(now=clock.now())
    subscriptions.send_due(now=clock.now())


@shared_task
def refresh_summaries() -> None:
    summaries.refresh(now=clock.now())


@shared_task(time_limit=LONGEST_JOB)
def run_jobs() -> None:
    """The jobs of all rooms."""
    jobs.run_due(runners=RUNNERS, now=clock.now())
