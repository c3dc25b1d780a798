"""Writing down a visit to a customer or a reception, at a touchpoint of the journey (T-24)."""

from datetime import date, datetime

from django.db import transaction

from customers.actions import visits
from customers.models import Customer, Visit
from organisation.models import Person
from staff.models import VisitTouchpoint
from surveys.models import Touchpoint

NOTE = visits.EDIT


@transaction.atomic
def note(
    *,
    customer: Customer,
    kind: str,
    on: date,
    who: str,
    words: str,
    by: Person,
    now: datetime,
    touchpoint: Touchpoint | None = None,
) -> Visit:
    """One that nobody planned; it stands among what happened with the customer, too."""
    made = visits.note(customer=customer, kind=kind, on=on, who=who, words=words, by=by, now=now)
    if touchpoint is not None:
        VisitTouchpoint.objects.create(visit=made, touchpoint=touchpoint)
    return made
