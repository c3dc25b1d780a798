"""Whom to call next for a survey by phone, and what is shown of one customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from csm.kit.masking import mask_phone
from customers.models import Contact, ContactPoint
from organisation.access import branch_ids, can, sees_everything, visible
from organisation.models import Person
from surveys.actions.calls import ENTER
from surveys.models import Invitation, Survey

SHOWN = 50


@dataclass(frozen=True)
class Number:
    """A phone number of a customer: masked, until it is revealed."""

    contact: str
    title: str
    best_time: str
    value: str

    @property
    def masked(self) -> str:
        return mask_phone(self.value)


def queue(survey: Survey, person: Person, *, now: datetime) -> list[Invitation]:
    """The next to call, as far as the person may: what is due first."""
    return list(waiting(survey, person).order_by("call_at", "pk")[:SHOWN])


def waiting(survey: Survey, person: Person) -> QuerySet[Invitation]:
    rows = visible(Invitation, person).filter(survey=survey, call_at__isnull=False)
    if not sees_everything(person, ENTER):
        rows = rows.filter(branch__in=branch_ids(person, ENTER))
    return rows.select_related("customer", "branch").annotate(calls=Count("tries"))


def numbers_of(invitation: Invitation) -> list[Number]:
    """Of every contact of the customer, the main one first."""
    contacts = Contact.objects.filter(customer=invitation.customer_id).prefetch_related("points")
    return [
        Number(contact.name, contact.title, contact.best_time, point.value)
        for contact in contacts
        for point in contact.points.all()
        if point.kind == ContactPoint.Kind.PHONE
    ]


def beside(invitation: Invitation, person: Person) -> dict[str, Any]:
    """Everything about one customer to call."""
    return {
        "invitation": invitation,
        "numbers": numbers_of(invitation),
        "tries": list(invitation.tries.select_related("by")),
        "may_enter": can(person, ENTER, invitation),
    }
