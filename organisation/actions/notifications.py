"""What reaches a person outside the inbox, and when."""

from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.models import Delivery, Importance, Message, Person


@transaction.atomic
def choose(
    *,
    person: Person,
    email_from: int,
    has_quiet_hours: bool,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
    now: datetime,
) -> None:
    """Own settings, within what the ladder allows: what is overdue cannot be switched off.

    Without own hours those of the company hold. What waits for the old ones is looked at anew.
    """
    if email_from > Importance.OVERDUE:
        words = _("What is overdue or escalated always reaches you by e-mail.")
        raise Refused(words, fields={"email_from": words})
    if (quiet_from is None) != (quiet_until is None) or (quiet_from and quiet_from == quiet_until):
        words = _("Enter two different times.")
        raise Refused(words, fields={"quiet_until": words})
    Person.objects.filter(pk=person.pk).update(
        email_from=email_from,
        has_quiet_hours=has_quiet_hours,
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )
    Message.objects.filter(
        recipient=person, state=Delivery.QUEUED, attempts=0, next_attempt_at__gt=now
    ).update(next_attempt_at=now)
