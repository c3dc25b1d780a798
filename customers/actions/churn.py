"""Warning before a customer leaves (F-10): levels by rule, cases for those in danger (K-10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from csm.kit.statistics.churn import LEVELS
from customers.actions import touched
from customers.churn_sql import ASSESS, LOCK, POINTS_GIVEN
from customers.models import Customer, Level, RetentionCase
from organisation import outbox
from organisation.models import Importance, Role
from organisation.outbox import Notice
from organisation.roles import Holders, holders_of

# Figures of volume older than so many days say nothing of the last 30.
STALE = 60
# At these somebody has to act.
ALARMING = (Level.RED, Level.ORANGE)


def refresh(*, now: datetime) -> int:
    """Once a day all customers, between those whose facts changed; the changes of level."""
    return assess(customers=touched.customers(now=now), now=now)


@transaction.atomic
def assess(*, now: datetime, customers: Sequence[int] | None = None) -> int:
    """Score all customers, or these; write what changed, open cases, tell who is to act."""
    if customers is not None and not customers:
        return 0
    given: dict[str, Any] = {
        "customers": None if customers is None else list(customers),
        "now": now,
        "today": timezone.localdate(now),
        "stale": STALE,
        **POINTS_GIVEN,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(ASSESS, given)
        changed = cursor.fetchall()
    order = ["", *reversed([level for _least, level in LEVELS])]
    worse = {
        pk: level
        for pk, was, level in changed
        if level in ALARMING and order.index(level) > order.index(was)
    }
    _open_cases(worse, now)
    return len(changed)


def _open_cases(worse: dict[int, str], now: datetime) -> None:
    """One for each who has none open; the account manager owns it, if there is one."""
    kept = RetentionCase.objects.filter(customer__in=worse, status="open").values("customer")
    rows = Customer.objects.filter(pk__in=worse).exclude(pk__in=kept)
    found = list(rows.select_related("account_manager", "home_branch").order_by("pk"))
    cases = RetentionCase.objects.bulk_create(
        RetentionCase(
            customer=row,
            level=worse[row.pk],
            opened_at=now,
            owner=row.account_manager if _works(row) else None,
        )
        for row in found
    )
    if not cases:
        return
    managers = holders_of([Role.BRANCH_MANAGER])
    outbox.put_all([_notice(case, managers) for case in cases], now=now)


def _notice(case: RetentionCase, managers: Holders) -> Notice:
    """To the owner; without one, to the nearest branch manager, who gives it to somebody."""
    nearest = managers.nearest(case.customer.home_branch, Role.BRANCH_MANAGER)
    return Notice(
        key=f"churn:{case.pk}",
        people=[case.owner_id] if case.owner_id else [person.pk for person in nearest],
        text="churn_warning",
        context={"customer": case.customer.name, "level": case.level},
        importance=Importance.REMINDER,
        path=f"/customers/cases/{case.pk}/",
    )


def _works(customer: Customer) -> bool:
    return customer.account_manager is not None and customer.account_manager.is_active
