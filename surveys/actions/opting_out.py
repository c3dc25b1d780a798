"""A customer who does not wish to be asked, and one who does again (S-18)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.transitions import locked, move_all
from customers.actions import timeline
from customers.models import Customer
from organisation import letters
from organisation.access import require
from organisation.models import Person
from surveys.models import OPEN, SILENT, Invitation, InvitationStatus

EDIT = "customer.edit"


@transaction.atomic
def decline(*, customer: Customer, by: Person | None, now: datetime) -> None:
    """Never ask again, and stop what is on its way; `by` None: the customer says so."""
    require(by, EDIT, customer)
    # Held first: who draws or sends meanwhile waits, and then sees it.
    mine = Customer.objects.filter(pk=customer.pk, declines_surveys_at__isnull=True)
    is_first = mine.update(declines_surveys_at=now)
    left = locked(Invitation.objects.filter(customer=customer, status__in=OPEN))
    move_all(left, to=InvitationStatus.OPTED_OUT, **SILENT)
    letters.take_back([row.link_id for row in left])
    if is_first:
        _record(customer, _("Does not wish to be asked in surveys"), now)
        customer.declines_surveys_at = now


@transaction.atomic
def allow(*, customer: Customer, by: Person, now: datetime) -> None:
    """The customer may be drawn again; what was stopped stays so."""
    require(by, EDIT, customer)
    mine = Customer.objects.filter(pk=customer.pk, declines_surveys_at__isnull=False)
    if mine.update(declines_surveys_at=None):
        _record(customer, _("May be asked in surveys again"), now)
    customer.declines_surveys_at = None


def _record(customer: Customer, title: str, now: datetime) -> None:
    timeline.record(
        customer=customer,
        at=now,
        kind="survey_wish",
        title=title,
        branch=customer.home_branch,
        url_name="customer-surveys",
        reference=f"{customer.pk}/{now.timestamp()}",
    )
