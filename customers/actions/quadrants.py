"""The quadrant of each customer (K-09, F-11), once a day and when facts change, set-based."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from customers.actions import touched, value
from customers.actions.value_sql import BEGINNING, ENDING, EXPIRE
from customers.models import LabelKind
from customers.quadrant_sql import LOCK, RENEWING, SAID


def refresh(*, now: datetime) -> int:
    """Once a day all customers, between those whose facts changed."""
    return judge(customers=touched.customers(now=now), now=now)


@transaction.atomic
def judge(*, now: datetime, customers: Sequence[int] | None = None) -> int:
    """Of all customers, or of these; how many labels began or ended."""
    if customers is not None and not customers:
        return 0
    given: dict[str, Any] = {
        "now": now,
        "on": timezone.localdate(now),
        "zone": timezone.get_default_timezone_name(),
        "kinds": [LabelKind.QUADRANT.value],
        "customers": None if customers is None else list(customers),
    }
    changed: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        # A person's word ends on its day, whether or not anybody ships.
        for statement in (EXPIRE, SAID + ENDING, SAID + BEGINNING):
            cursor.execute(statement, given)
            changed += [pk for (pk,) in cursor.fetchall()]
        cursor.execute(SAID + RENEWING, given)
    if changed:
        value.apply(sorted(set(changed)))
    return len(changed)
