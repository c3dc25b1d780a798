"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from complaints.actions import consequences, escalation, mornings
from csm.kit import clock


@shared_task
def fire_timers() -> None:
    escalation.fire_due(now=clock.now())


@shared_task
def draw_consequences() -> None:
    consequences.draw(now=clock.now())


@shared_task
def tell_managers() -> None:
    mornings.tell(now=clock.now())
