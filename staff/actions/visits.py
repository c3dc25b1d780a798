"""Writing down a visit to a customer or a reception (T-24)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.actions import facts, timeline
from customers.models import Customer
from organisation.access import require
from organisation.models import Person
from staff.models import CustomerVisit, VisitKind
from surveys.models import Touchpoint

NOTE = "customer.edit"
BACK = timedelta(days=366)


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
) -> CustomerVisit:
    """It stands among what happened with the customer, too."""
    require(by, NOTE, customer)
    today = timezone.localdate(now)
    wrong = {}
    if kind not in VisitKind.values:
        wrong["kind"] = _("Choose what it was.")
    if not today - BACK <= on <= today:
        wrong["on"] = _("Enter the day, within the last year.")
    if not who.strip():
        wrong["who"] = _("Say who was there.")
    if not words.strip():
        wrong["words"] = _("Say what was said.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    made = CustomerVisit.objects.create(
        customer=customer,
        branch=customer.home_branch,
        kind=kind,
        touchpoint=touchpoint,
        on=on,
        who=who.strip(),
        words=words.strip(),
        by=by,
        at=now,
    )
    facts.visited(customer, on=on, now=now)
    timeline.record(
        customer=customer,
        at=now,
        kind=f"customer_{kind}",
        title=made.words.splitlines()[0],
        branch=customer.home_branch,
        url_name="customer-visits",
        reference=f"{customer.pk}/{made.pk}",
    )
    return made
