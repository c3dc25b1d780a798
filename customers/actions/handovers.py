"""Passing customers on when an account manager leaves or changes (K-20)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.models import Customer, Handover
from organisation import outbox
from organisation.access import branch_ids, can, require
from organisation.models import Branch, Importance, Person, Role
from organisation.outbox import Notice
from organisation.roles import holders_of

HAND_OVER = "customer.hand_over"


@transaction.atomic
def hand_over(
    *,
    was: Person,
    to: Person,
    customers: Collection[int],
    by: Person,
    now: datetime,
    words: str = "",
) -> int:
    """These customers of `was`, as far as `by` may; gives their number. A second time none is left.

    Raises Refused where the new one does not work, or not for one of the customers' branches.
    """
    require(by, HAND_OVER)
    if to.pk == was.pk or not to.is_active:
        raise Refused.at("to", _("Choose somebody else, who works here."))
    rows = Customer.objects.filter(
        account_manager=was, pk__in=customers, home_branch__in=branch_ids(by, HAND_OVER)
    )
    held = list(rows.select_for_update(no_key=True).order_by("pk"))
    branches = {row.home_branch_id: row for row in held}
    strange = [row for row in branches.values() if not can(to, "customer.see", row)]
    if strange:
        problem = _("%(name)s does not work for %(branch)s.")
        named = {"name": to.name, "branch": strange[0].home_branch.label}
        raise Refused.at("to", problem % named)
    Customer.objects.filter(pk__in=[row.pk for row in held]).update(
        account_manager=to, version=F("version") + 1
    )
    record(held, was=was, to=to, words=words.strip(), by=by, now=now)
    if held:
        outbox.put(
            key=f"handover:{was.pk}:{to.pk}:{now.isoformat()}",
            to=[to],
            text="customers_handed_over",
            context={"was": was.name, "count": len(held), "words": words.strip()},
            importance=Importance.REMINDER,
            path="/customers/?manager=me",
            now=now,
            apart_from=by,
        )
    return len(held)


def record(
    customers: Collection[Customer],
    *,
    was: Person | None,
    to: Person | None,
    by: Person | None,
    now: datetime,
    words: str = "",
) -> None:
    """Write down who looked after them before."""
    Handover.objects.bulk_create(
        Handover(customer=row, was=was, to=to, words=words[:500], by=by, at=now)
        for row in customers
    )


def warn_of_left(*, now: datetime) -> int:
    """Customers whose account manager is gone: their branch hears of it once (K-20)."""
    left = (
        Customer.objects.current()
        .filter(account_manager__is_active=False)
        .values_list("account_manager", "account_manager__name", "home_branch")
        .annotate(number=Count("pk"))
        .order_by("account_manager", "home_branch")
    )
    rows = list(left)
    if not rows:
        return 0
    branches = Branch.objects.in_bulk({branch for _manager, _name, branch, _number in rows})
    managers = holders_of([Role.BRANCH_MANAGER])
    notices = [
        Notice(
            key=f"left-alone:{manager}:{branch}",
            people=[each.pk for each in managers.nearest(branches[branch], Role.BRANCH_MANAGER)],
            text="customers_left_alone",
            context={"was": name, "count": number},
            importance=Importance.REMINDER,
            path=f"/customers/handovers/new/?was={manager}",
        )
        for manager, name, branch, number in rows
    ]
    return outbox.put_all(notices, now=now)
