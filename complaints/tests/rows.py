"""What stands in the database, so that a test can say that a refused act changed nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test import Client

from complaints.models import (
    Attachment,
    Complaint,
    Event,
    HandOver,
    Note,
    Participant,
    Reply,
    Timer,
)
from customers.models import Customer
from organisation.models import AccessRecord, Message, Person, StoredFile

KEPT: tuple[type[Model], ...] = (
    Complaint,
    Timer,
    Event,
    Reply,
    Note,
    HandOver,
    Participant,
    Attachment,
    Customer,
    Message,
    StoredFile,
    AccessRecord,
)
RACERS = 6


def everything() -> dict[str, list[Any]]:
    """Every row that a page of complaints may touch."""
    return {model.__name__: [*model._default_manager.order_by("pk").values()] for model in KEPT}


def signed_in(person: Person) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(person)
    return client


def race(people: list[Person], act: Callable[[Client], int]) -> list[int]:
    """The answers' status codes of RACERS requests sent at the same moment, sorted."""
    barrier = Barrier(RACERS)
    clients = [signed_in(people[place % len(people)]) for place in range(RACERS)]

    def run(client: Client) -> int:
        barrier.wait()
        try:
            return act(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS) as pool:
        return sorted(pool.map(run, clients))
