"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from staff.actions import earning, programme, star_counting


@shared_task
def settle_points() -> None:
    now = clock.now()
    star_counting.advance(now=now)
    earning.settle(now=now)


@shared_task
def run_programme() -> None:
    programme.run(now=clock.now())
