"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from staff.actions import earning


@shared_task
def settle_points() -> None:
    earning.settle(now=clock.now())
