"""Whom a part of the sweep has to look at: all once a day, between that who was touched since."""

from datetime import datetime, timedelta

from django.utils import timezone

from customers.models import CustomerFacts
from organisation.models import SweepRun

# The sweep that all of this belongs to: when it ran last tells what has changed since.
SWEEP = "customers"
LONGEST_ACT = timedelta(minutes=5)


def customers(*, now: datetime) -> list[int] | None:
    """Their keys; None: everybody."""
    since = SweepRun.objects.filter(name=SWEEP).values_list("ran_at", flat=True).first()
    if since is None or timezone.localdate(since) < timezone.localdate(now):
        return None
    # Facts are written with the moment of an act, and seen when it is over.
    rows = CustomerFacts.objects.filter(refreshed_at__gt=since - LONGEST_ACT)
    return list(rows.values_list("pk", flat=True))
