"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from complaints.actions import escalation
from csm.kit import clock


@shared_task
def fire_timers() -> None:
    escalation.fire_due(now=clock.now())
