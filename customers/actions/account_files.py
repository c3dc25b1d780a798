"""The file of a key account: written in versions, read on record (K-13, K-23)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, Refused
from csm.kit.transitions import stale
from customers.models import AccountFile, Customer, Secrecy
from organisation.access import can
from organisation.actions import access_records
from organisation.models import AccessRecord, Person

FILE = "customer.file"
READ = "account-file"
PARTS = ("business", "people", "needs", "preferences", "aims")
MOST_DATES = 30
# A year that has a 29 February.
LEAP = 2028


class Reader(NamedTuple):
    """Who read a file: when last, and how often."""

    name: str
    last: datetime
    times: int


def may_write(person: Person, customer: Customer) -> bool:
    """The account manager of this customer, too, wherever the two are."""
    is_theirs = person.is_active and person.pk == customer.account_manager_id
    return is_theirs or can(person, FILE, customer)


def may_read(person: Person, customer: Customer, file: AccountFile | None) -> bool:
    """Of a customer whom the person sees: how secret its present file is."""
    is_secret = file is not None and file.secrecy == Secrecy.CONFIDENTIAL
    return not is_secret or may_write(person, customer)


@transaction.atomic
def read(*, customer: Customer, by: Person, now: datetime) -> AccountFile | None:
    """The present version; who read it stays on record. None, and no record, where none is."""
    file = current(customer)
    if not may_read(by, customer, file):
        raise Forbidden(
            _("This file is confidential: its account manager and the branch manager read it.")
        )
    if file is not None:
        access_records.write(by=by, what=READ, reference=_reference(customer), now=now)
    return file


@transaction.atomic
def write(
    *,
    customer: Customer,
    seen: int | None,
    secrecy: str,
    dates: Sequence[Mapping[str, Any]],
    by: Person,
    now: datetime,
    **parts: str,
) -> AccountFile:
    """The next version; `seen` is the key of the one that was read. Raises `Stale` for an older."""
    if not may_write(by, customer):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    if customer.merged_into_id is not None:
        raise Refused(_("This customer has been merged into another one. Work on that one."))
    said = {name: parts.get(name, "").strip() for name in PARTS}
    if not any(said.values()) and not dates:
        raise Refused.at("needs", _("Write something into the file."))
    _check_dates(dates)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    last = current(customer)
    if (last.pk if last else None) != seen:
        raise stale()
    try:
        with transaction.atomic():
            return AccountFile.objects.create(
                customer=customer,
                previous=last,
                secrecy=secrecy,
                dates=sorted(dates, key=lambda row: (row["month"], row["day"])),
                by=by,
                at=now,
                **said,
            )
    except IntegrityError as error:
        raise stale() from error


def current(customer: Customer) -> AccountFile | None:
    return AccountFile.objects.filter(customer=customer).select_related("by").first()


def readers(customer: Customer, shown: int) -> list[Reader]:
    """Who read the file last."""
    rows = AccessRecord.objects.filter(reference=_reference(customer), what=READ)
    people = rows.order_by().values("person").annotate(last=Max("at"), times=Count("pk"))
    found = people.order_by("-last", "person").values_list("person__name", "last", "times")
    return [Reader(*row) for row in found[:shown]]


def _reference(customer: Customer) -> str:
    return f"customer:{customer.pk}"


def _check_dates(dates: Sequence[Mapping[str, Any]]) -> None:
    if len(dates) > MOST_DATES:
        words = _("A file has at most %(n)d dates.") % {"n": MOST_DATES}
        raise Refused.at("dates", words)
    for row in dates:
        try:
            date(LEAP, row["month"], row["day"])
        except ValueError as error:
            words = _("There is no such day: %(day)s.")
            given = {"day": f"{row['month']:02d}-{row['day']:02d}"}
            raise Refused.at("dates", words % given) from error
