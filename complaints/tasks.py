"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from complaints.actions import consequences, escalation, facts, mornings
from csm.kit import clock
from customers.actions import merging


@shared_task
def fire_timers() -> None:
    escalation.fire_due(now=clock.now())


@shared_task
def draw_consequences() -> None:
    """Also those of a merge of customers: what was late, and their figures."""
    now = clock.now()
    consequences.draw(now=now)
    merging.gather(now=now)
    facts.refresh_due(now=now)


@shared_task
def tell_managers() -> None:
    mornings.tell(now=clock.now())
