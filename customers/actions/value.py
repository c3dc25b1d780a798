"""The nightly sweep of value: figures, months that are over, labels, all set-based."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from csm.kit import periods
from customers.actions import value_sql as sql
from customers.models import CustomerValue, CustomerVolume, LabelKind, ValueRule

LOCK = 4716
KINDS = [LabelKind.TIER.value, LabelKind.STAGE.value]


def refresh(*, now: datetime) -> int:
    """Once a day of the company; 0 when nothing is due. What comes in later counts tomorrow."""
    on = timezone.localdate(now)
    with transaction.atomic():
        if not _lock() or not _is_due(on):
            return 0
        _settle_and_label(on)
        return 1


def refresh_now(*, on: date) -> None:
    """For that day, whatever was done before."""
    with transaction.atomic():
        _settle_and_label(on)


def apply(customers: list[int] | None = None) -> None:
    """Write onto the cards what is in force; of all customers without a list."""
    _run(sql.APPLY, customers=customers)


def current_rule() -> ValueRule:
    return ValueRule.objects.order_by("-number")[0]


def _settle_and_label(on: date) -> None:
    _run(sql.FIGURES, on=on)
    _learn("customers_customervalue")
    _run(sql.ADOPT)
    for first_on, last_on in _months_due(on):
        if _asked(sql.WAITING, on=last_on, first=first_on):
            _run(sql.SETTLE, on=last_on, first=first_on)
    touched = _keys(sql.EXPIRE, on=on) | _keys(sql.DIFFERING, on=on)
    if touched:
        customers = sorted(touched)
        for statement in (sql.END, sql.RENEW, sql.BEGIN):
            _run(statement, on=on, kinds=KINDS, customers=customers)
        _learn("customers_label")
        apply(customers)


def _months_due(on: date) -> list[tuple[date, date]]:
    """First and last days of the months to settle: the latest that is over, and what was missed."""
    zone = timezone.get_default_timezone()
    known_by = on - timedelta(days=current_rule().settle_after)
    month = periods.on(known_by, kind="month", zone=zone).previous
    done = CustomerValue.objects.order_by("-settled_on").exclude(settled_on=None)
    last = done.values_list("settled_on", flat=True).first()
    found = [(month.first_on, month.last_on)]
    while last is not None and month.previous.last_on > last and len(found) < 12:
        month = month.previous
        found.insert(0, (month.first_on, month.last_on))
    return found


def _is_due(on: date) -> bool:
    """Nobody has figures of today yet; a day without any volume has nothing to do."""
    if not CustomerVolume.objects.exists():
        return False
    return not CustomerValue.objects.filter(as_of__gte=on).exists()


def _lock() -> bool:
    return _asked("SELECT pg_try_advisory_xact_lock(%(lock)s)", lock=LOCK)


def _learn(table: str) -> None:
    if _asked(sql.UNKNOWN, table=table):
        _run(sql.LEARN[table])


def _asked(statement: str, **given: date | int | str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return bool(cursor.fetchall()[0][0])


def _keys(statement: str, **given: date) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return {key for (key,) in cursor.fetchall()}


def _run(statement: str, **given: date | list[int] | list[str] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
