"""Who does not wish to be asked is not asked (S-18)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from customers.models import Customer
from organisation.access import require
from organisation.models import Person
from surveys.models import OPEN, Invitation, InvitationStatus


@transaction.atomic
def decline(*, customer: Customer, by: Person | None, now: datetime) -> None:
    """No survey any more, from now on; what was asked already is not awaited. Twice is once."""
    require(by, "customer.edit", customer)
    rows = Customer.objects.filter(pk=customer.pk, declines_surveys_at__isnull=True)
    rows.update(declines_surveys_at=now)
    Invitation.objects.filter(customer=customer, status__in=OPEN).update(
        status=InvitationStatus.OPTED_OUT, next_message_at=None, version=F("version") + 1
    )


@transaction.atomic
def allow(*, customer: Customer, by: Person, now: datetime) -> None:
    """The customer may be asked again, in surveys to come."""
    require(by, "customer.edit", customer)
    Customer.objects.filter(pk=customer.pk).update(declines_surveys_at=None)
