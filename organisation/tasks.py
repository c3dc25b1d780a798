"""Sweeps of this room: three lines each, safe to run twice at once."""

from celery import shared_task

from csm.kit import clock
from organisation.actions import delivery, files, idempotency, letter_delivery


@shared_task
def deliver_messages() -> None:
    delivery.deliver(now=clock.now())


@shared_task
def deliver_letters() -> None:
    letter_delivery.deliver(now=clock.now())


@shared_task
def purge_answers() -> None:
    idempotency.purge(now=clock.now())


@shared_task
def purge_files() -> None:
    files.purge(now=clock.now())
