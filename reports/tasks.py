"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from reports.actions import periods, summaries


@shared_task
def close_periods() -> None:
    periods.close_ended(now=clock.now())


@shared_task
def refresh_summaries() -> None:
    summaries.refresh(now=clock.now())
