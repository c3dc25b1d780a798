"""The sweep of this room: safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from customers.actions import refreshing


@shared_task
def refresh() -> None:
    refreshing.run(now=clock.now())
