"""Putting a customer on a rung of a ladder (K-07, K-18, K-19): people do, never a rule."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.transitions import stale
from customers.models import RUNGS, Customer, Rung
from organisation.access import require
from organisation.models import Person

JUDGE = "customer.judge"


def current(customer: Customer) -> dict[str, Rung]:
    """The rung on each ladder, of those that somebody has spoken of."""
    rows = Rung.objects.filter(customer=customer).order_by("ladder", "-pk").distinct("ladder")
    return {row.ladder: row for row in rows.select_related("by")}


@transaction.atomic
def place(
    *,
    customer: Customer,
    ladder: str,
    value: str,
    reason: str,
    seen: str,
    by: Person,
    now: datetime,
) -> Rung:
    """`seen` is the rung that was read, empty for none: of two who move it at once, one is told."""
    require(by, JUDGE, customer)
    wrong = {}
    if ladder not in RUNGS or value not in RUNGS[ladder].values:
        wrong["value"] = _("Choose a value.")
    if not reason.strip():
        wrong["reason"] = _("Say why.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    rows = Rung.objects.filter(customer=customer, ladder=ladder)
    was = rows.values_list("value", flat=True).first() or ""
    if was != seen:
        raise stale()
    if was == value:
        raise Refused.at("value", _("It stands there already."))
    return Rung.objects.create(
        customer=customer,
        ladder=ladder,
        value=value,
        was=was,
        reason=reason.strip(),
        by=by,
        at=now,
    )
