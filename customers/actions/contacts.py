"""Showing what is masked: each look is written down (B-25)."""

from datetime import datetime

from django.db import transaction

from customers.models import Contact, ContactPoint
from organisation.access import require
from organisation.actions import access_records
from organisation.models import Person


@transaction.atomic
def reveal(*, contact: Contact, by: Person, now: datetime) -> list[ContactPoint]:
    """The contact's whole numbers and addresses."""
    require(by, "customer.see", contact.customer)
    reference = f"customer:{contact.customer_id}"
    access_records.write(by=by, what="contact", reference=reference, now=now)
    return list(contact.points.all())
