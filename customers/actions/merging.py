"""Merging two customers that are one (`docs/adr/0010`): the survivor gets both histories.

What any room keeps about a customer hangs on it by a foreign key, so the keys of the model itself
say what has to move: no room can be forgotten, and no lower room learns of a higher one. The merged
one stays as a pointer, so that its address and its number lead to the survivor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Model, Subquery
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from csm.kit.errors import Refused, Stale
from customers.actions import corrections, search_names, timeline
from customers.models import (
    CareWish,
    ChurnRisk,
    Contact,
    Customer,
    CustomerFacts,
    CustomerValue,
    CustomerVolume,
    Erasure,
    Label,
    SearchName,
    ToldApart,
)
from organisation.access import require
from organisation.models import Person

# These belong to one customer alone: made anew for the survivor, not moved. Volumes belong to a
# customer number, under which the books go on to write them: figures add those of the pointers.
# What is judged of a customer is counted anew the next night.
OWN: tuple[type[Model], ...] = (
    ChurnRisk,
    Customer,
    CustomerFacts,
    CustomerValue,
    CustomerVolume,
    Erasure,
    Label,
    SearchName,
    ToldApart,
)
# Nobody's transaction lasts longer.
YOUNG = timedelta(minutes=10)
# Of these the survivor takes what it has not itself.
FILLED = ("tier", "grade", "stage", "language", "account_manager", "own_spelling")


@dataclass(frozen=True)
class Held:
    """Rows of one kind that hang on a customer by one foreign key."""

    model: type[Model]
    field: str

    def of(self, customer: Customer) -> Any:
        return self.model._base_manager.filter(**{self.field: customer})


def holders() -> Iterator[Held]:
    """Every kind of rows, of all rooms, that moves with a customer."""
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if model not in OWN:
            yield Held(model, relation.field.name)


def count(customer: Customer) -> dict[str, int]:
    """How many rows of each kind would move, by the label of the model."""
    counted = {held.model._meta.label: held.of(customer).count() for held in holders()}
    return {label: rows for label, rows in counted.items() if rows}


@transaction.atomic
def merge(
    *,
    customer: Customer,
    into: Customer,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> dict[str, int]:
    """Let `into` go on for both. How many rows stay, by label: those of which one may be had only.

    Two merges at once wait for each other; none closes a circle, which the database refuses, too.
    """
    require(by, "customer.merge", customer)
    require(by, "customer.merge", into)
    customer, into = _locked(customer, into)
    if version is not None and version != customer.version:
        raise Stale(_("Somebody changed this customer in the meantime. Look at it again."))
    _check(customer, into)
    Customer.objects.filter(merged_into=customer).update(merged_into=into)
    _point(customer, into, now)
    if Contact.objects.filter(customer=into, is_primary=True).exists():
        Contact.objects.filter(customer=customer, is_primary=True).update(is_primary=False)
    left = {held.model._meta.label: _move(held, customer, into) for held in holders()}
    _join_wishes(customer, into)
    _join_facts(customer, into)
    _fill(customer, into, by, now)
    # The rooms above count anew at their next round what has no time here.
    CustomerFacts.objects.filter(customer__in=(customer, into)).update(refreshed_at=None)
    SearchName.objects.filter(customer=customer).delete()
    search_names.write([into.pk])
    _log(customer, into, by, now)
    return {label: rows for label, rows in left.items() if rows}


@transaction.atomic
def gather(*, now: datetime) -> int:
    """What was being written for a customer just while it was merged follows to the survivor.

    Gives the number of customers whose merge is so young that this was looked for.
    """
    young = Customer.objects.filter(merged_at__gt=now - YOUNG).select_related("merged_into")
    for customer in young:
        if customer.merged_into is not None:
            for held in holders():
                if held.of(customer).exists():
                    _move(held, customer, customer.merged_into)
    return len(young)


def _locked(customer: Customer, into: Customer) -> tuple[Customer, Customer]:
    """Both as they are now, held in the order of their ids."""
    rows = Customer.objects.select_for_update(no_key=True).order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=(customer.pk, into.pk))}
    return held[customer.pk], held[into.pk]


def _check(customer: Customer, into: Customer) -> None:
    if customer.erased_at is not None or into.erased_at is not None:
        raise Refused(_("This customer was anonymised; nothing can be added any more."))
    if customer.pk == into.pk:
        raise Refused.at("into", _("A customer cannot be merged into itself."))
    if customer.merged_into_id is not None:
        raise Refused(_("This customer has been merged already."))
    if into.merged_into_id is not None:
        raise Refused.at("into", _("That one has been merged itself. Choose the one that goes on."))
    if customer.kind != into.kind:
        raise Refused.at("into", _("The two are of different kinds. Put the kind right first."))


def _point(customer: Customer, into: Customer, now: datetime) -> None:
    Customer.objects.filter(pk=customer.pk).update(
        merged_into=into, merged_at=now, version=F("version") + 1
    )


def _move(held: Held, customer: Customer, into: Customer) -> int:
    """Move in one statement; where the database refuses that, one by one. How many stay."""
    try:
        with transaction.atomic():
            held.of(customer).update(**{held.field: into})
    except IntegrityError:
        keys = list(held.of(customer).values_list("pk", flat=True))
        return sum(_stays(held, pk, into) for pk in keys)
    return 0


def _stays(held: Held, pk: Any, into: Customer) -> bool:
    try:
        with transaction.atomic():
            held.model._base_manager.filter(pk=pk).update(**{held.field: into})
    except IntegrityError:
        return True
    return False


def _fill(customer: Customer, into: Customer, by: Person | None, now: datetime) -> None:
    """What the survivor lacks; and who declined to be asked, as either, is not asked."""
    filled: dict[str, Any] = {
        field: getattr(customer, field)
        for field in FILLED
        if getattr(customer, field) and not getattr(into, field)
    }
    if customer.declines_surveys_at and not into.declines_surveys_at:
        filled["declines_surveys_at"] = customer.declines_surveys_at
    if customer.note.strip() and customer.note not in into.note:
        filled["note"] = f"{into.note}\n{customer.note}".strip()[:2000]
    corrections.note(customer=into, changes=filled, by=by, now=now)
    Customer.objects.filter(pk=into.pk).update(version=F("version") + 1, **filled)


def _join_wishes(customer: Customer, into: Customer) -> None:
    """Where both said something: who wished none of it, as either, gets none."""
    other = CareWish.objects.filter(customer=customer).first()
    if other is None:
        return
    kept = CareWish.objects.get(customer=into)
    quiet = [day for day in (kept.quiet_until, other.quiet_until) if day]
    CareWish.objects.filter(customer=into).update(
        no_care=kept.no_care or other.no_care,
        no_notices=kept.no_notices or other.no_notices,
        quiet_until=max(quiet, default=None),
    )


def _join_facts(customer: Customer, into: Customer) -> None:
    """The later moment of both: nobody is visited, asked or greeted anew because of a merge."""
    names = ("last_visited_on", "last_asked_at", "last_cared_at")
    other = CustomerFacts.objects.filter(customer=customer)
    later = {name: Greatest(name, Subquery(other.values(name))) for name in names}
    CustomerFacts.objects.filter(customer=into).update(**later)


def _log(customer: Customer, into: Customer, by: Person | None, now: datetime) -> None:
    corrections.write(
        customer=into, field="merged", was=customer.name, became=into.name, by=by, now=now
    )
    timeline.record(
        customer=into,
        at=now,
        kind="customer_merged",
        title=customer.name,
        branch=into.home_branch,
        url_name="customer-corrections",
        reference=f"{into.pk}/{customer.pk}",
    )


@transaction.atomic
def tell_apart(*, first: Customer, second: Customer, by: Person, now: datetime) -> None:
    """These look alike and are two; said twice it stays said."""
    for each in (first, second):
        require(by, "customer.merge", each)
    if first.pk == second.pk:
        raise Refused(_("Choose two customers."))
    low, high = sorted((first, second), key=lambda row: row.pk)
    ToldApart.objects.get_or_create(first=low, second=high, defaults={"by": by, "at": now})
