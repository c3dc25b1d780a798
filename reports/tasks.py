"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from reports.actions import periods


@shared_task
def close_periods() -> None:
    periods.close_ended(now=clock.now())
