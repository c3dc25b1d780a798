"""Writing down what is changed on a customer's card."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Model

from customers.models import Correction, Customer
from organisation.models import Branch, Person


def note(
    *, customer: Customer, changes: Mapping[str, object], by: Person | None, now: datetime
) -> None:
    """Of these fields, as they are to become, those that differ from what the customer has now."""
    was = {field: said(getattr(customer, field)) for field in changes}
    became = {field: said(value) for field, value in changes.items()}
    Correction.objects.bulk_create(
        Correction(
            customer=customer, at=now, by=by, field=field, was=was[field], became=became[field]
        )
        for field in changes
        if was[field] != became[field]
    )


def write(
    *,
    customer: Customer,
    field: str,
    was: str,
    became: str,
    by: Person | None,
    now: datetime,
) -> None:
    """One that is no field of the card: a contact, a merge."""
    Correction.objects.create(customer=customer, at=now, by=by, field=field, was=was, became=became)


def said(value: object) -> str:
    """A value as it is kept: the code of a choice, the name of a person or a branch."""
    if isinstance(value, Branch):
        return value.name
    if isinstance(value, Model):
        return str(value)
    return "" if value is None else str(value)
