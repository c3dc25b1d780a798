"""What was seen of competitors at a customer (K-16); it is a sign of leaving, too (F-10)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.actions import timeline
from customers.models import CompetitorNote, Customer, CustomerFacts
from organisation.access import require
from organisation.models import Person

NOTE = "customer.edit"
BACK = timedelta(days=366)


@transaction.atomic
def note(
    *, customer: Customer, competitor: str, words: str, seen_on: date, by: Person, now: datetime
) -> CompetitorNote:
    """The next round of the sweep weighs it."""
    require(by, NOTE, customer)
    today = timezone.localdate(now)
    wrong = {}
    if not competitor.strip():
        wrong["competitor"] = _("Say which competitor.")
    if not words.strip():
        wrong["words"] = _("Say what was seen.")
    if not today - BACK <= seen_on <= today:
        wrong["seen_on"] = _("Enter the day, within the last year.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    made = CompetitorNote.objects.create(
        customer=customer,
        competitor=competitor.strip(),
        words=words.strip(),
        seen_on=seen_on,
        by=by,
        at=now,
    )
    CustomerFacts.objects.filter(customer=customer, refreshed_at__isnull=False).update(
        refreshed_at=now
    )
    timeline.record(
        customer=customer,
        at=now,
        kind="competitor",
        title=made.competitor,
        branch=customer.home_branch,
        url_name="customer-competitors",
        reference=f"{customer.pk}/{made.pk}",
    )
    return made
