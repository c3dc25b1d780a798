"""Finding or creating many customers at once, by the rule of `customers.find_or_create`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from customers import keys
from customers.actions import search_names
from customers.actions.customers import Caller, points_of
from customers.models import Contact, ContactPoint, Customer, CustomerFacts
from customers.phones import digits_of
from organisation.access import require
from organisation.models import Branch, Person


@dataclass(frozen=True)
class Wanted:
    """A customer as a list names it: who, where, and what kind when it is a new one."""

    caller: Caller
    branch: Branch
    kind: str


@transaction.atomic
def find_or_create_all(
    wanted: Sequence[Wanted], *, by: Person | None, now: datetime
) -> list[Customer | None]:
    """For each the customer of the branch with the same phone, or without one the same name.

    Whoever is not known yet is created, once for the whole list. None for one without name and
    phone. The number of statements does not follow the length of the list.
    """
    for branch in {one.branch.pk: one.branch for one in wanted}.values():
        require(by, "customer.edit", branch)
    known = _known(wanted)
    # Numbers first: who is created by number is then found by name.
    for sort in ("phone", "name"):
        fresh: dict[_Key, Wanted] = {}
        for one in wanted:
            key = _key(one)
            if key is not None and key[1] == sort and key not in known:
                fresh.setdefault(key, one)
        for key, customer in _create(fresh, now).items():
            known[key] = customer
            known.setdefault((key[0], "name", customer.name), customer)
    return [known[key] if key is not None else None for key in map(_key, wanted)]


@transaction.atomic
def remove_unused(customers: Collection[int], *, created_at: datetime) -> None:
    """Take back those of these customers that were created at this moment and never touched."""
    rows = Customer.objects.filter(pk__in=customers, created_at=created_at, version=1)
    rows.filter(timeline=None, rungs=None, files=None).delete()


# The branch, "phone" or "name", and the digits or the name.
_Key = tuple[int, str, str]


def _key(one: Wanted) -> _Key | None:
    digits = digits_of(one.caller.phone)
    if digits:
        return one.branch.pk, "phone", digits
    if one.caller.name or one.caller.phone:
        return one.branch.pk, "name", one.caller.name or one.caller.phone
    return None


def _known(wanted: Sequence[Wanted]) -> dict[_Key, Customer]:
    """The customers that exist, the oldest of several."""
    asked = {key for one in wanted if (key := _key(one)) is not None}
    branches = {key[0] for key in asked}
    digits = {
        hashed: value
        for _branch, kind, value in asked
        if kind == "phone"
        for hashed in keys.wanted(keys.PHONE, value)
    }
    points = ContactPoint.objects.filter(
        key__in=digits, contact__customer__home_branch__in=branches
    )
    named = Customer.objects.filter(
        home_branch__in=branches,
        erased_at=None,
        name__in={value for _branch, kind, value in asked if kind == "name"},
    )
    found: dict[_Key, Customer] = {}
    for point in points.select_related("contact__customer__merged_into").order_by(
        "contact__customer"
    ):
        customer = point.contact.customer.merged_into or point.contact.customer
        branch = point.contact.customer.home_branch_id
        found.setdefault((branch, "phone", digits[point.key]), customer)
    for row in named.select_related("merged_into").order_by("pk"):
        found.setdefault((row.home_branch_id, "name", row.name), row.merged_into or row)
    return found


def _create(fresh: dict[_Key, Wanted], now: datetime) -> dict[_Key, Customer]:
    customers = Customer.objects.bulk_create(
        Customer(
            name=one.caller.name or one.caller.phone,
            kind=one.kind,
            home_branch=one.branch,
            created_at=now,
        )
        for one in fresh.values()
    )
    CustomerFacts.objects.bulk_create(
        CustomerFacts(customer=customer, refreshed_at=now) for customer in customers
    )
    contacts = Contact.objects.bulk_create(
        Contact(customer=customer, name=one.caller.name or customer.name, is_primary=True)
        for customer, one in zip(customers, fresh.values(), strict=True)
    )
    ContactPoint.objects.bulk_create(
        point
        for contact, one in zip(contacts, fresh.values(), strict=True)
        for point in points_of(contact, one.caller)
    )
    search_names.write([customer.pk for customer in customers])
    return dict(zip(fresh, customers, strict=True))
