"""What stands in the database, so that a test can say that a refused act changed nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import Model
from django.test import Client

from complaints.models import (
    Accountability,
    Assessment,
    Attachment,
    Challenge,
    Complaint,
    DissatisfiedItem,
    EffectivenessCheck,
    Event,
    HandOver,
    Improvement,
    Lesson,
    Measure,
    Note,
    Notice,
    NoticeCopy,
    Opinion,
    OrderComplaint,
    Participant,
    Pause,
    Recovery,
    Reply,
    Supplier,
    Timer,
    Waiver,
    WorkOrder,
)
from csm.tests.race import race
from customers.models import Customer
from organisation.models import AccessRecord, Message, Person, StoredFile

KEPT: tuple[type[Model], ...] = (
    Accountability,
    Assessment,
    Supplier,
    Complaint,
    Timer,
    Event,
    Reply,
    Note,
    HandOver,
    Participant,
    Attachment,
    Pause,
    Recovery,
    Challenge,
    Waiver,
    WorkOrder,
    OrderComplaint,
    Measure,
    EffectivenessCheck,
    Lesson,
    Improvement,
    Notice,
    NoticeCopy,
    Opinion,
    DissatisfiedItem,
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


def at_once(people: list[Person], act: Callable[[Client], int]) -> list[int]:
    """The answers' status codes of RACERS requests sent at the same moment, sorted."""
    clients = [signed_in(people[place % len(people)]) for place in range(RACERS)]
    answers = race(*(partial(act, client) for client in clients))
    return sorted(answer for answer in answers if isinstance(answer, int))
