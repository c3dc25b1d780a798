"""Showing what is masked, and finding by it: each look is written down, with its reason (B-25)."""

from datetime import datetime

from django.db import transaction

from csm.kit.masking import mask_email, mask_phone
from customers.models import Contact, ContactPoint
from customers.phones import digits_of
from organisation.access import require
from organisation.actions import access_records
from organisation.models import Person

# So many digits name a phone number.
FEWEST_DIGITS = 4


@transaction.atomic
def reveal(
    *, contact: Contact, reason: str, words: str = "", by: Person, now: datetime
) -> list[ContactPoint]:
    """The contact's whole numbers and addresses. Raises `Refused` without a reason."""
    require(by, "customer.reveal", contact.customer)
    reference = f"customer:{contact.customer_id}"
    access_records.write(
        by=by, what="contact", reference=reference, reason=reason, words=words, now=now
    )
    return list(contact.points.all())


def note_search(*, text: str, by: Person, now: datetime) -> None:
    """Looking somebody up by a number or an address is a look at personal data; a name is not."""
    if "@" in text:
        access_records.write(by=by, what="phone-search", reference=mask_email(text), now=now)
    elif len(digits_of(text)) >= FEWEST_DIGITS:
        access_records.write(by=by, what="phone-search", reference=mask_phone(text), now=now)
