"""Opening work orders that come from no complaint: items, findings, by hand (W-12).

Such an order has 48 hours like one of a complaint: the target of that promise, as a deadline of the
order itself. It is of the kind `rework`, so that no statistics of promises counts it (`sla.md` §1).
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions import items, policies
from complaints.actions.deadlines import Deadline, start_deadlines
from complaints.actions.guard import check_year_of_day
from complaints.actions.order_basics import concerning
from complaints.actions.order_news import log_order, tell
from complaints.actions.triage import unit_of
from complaints.models import (
    DissatisfiedItem,
    ItemStatus,
    Milestone,
    OrderSource,
    OrderStatus,
    TimerKind,
    WorkOrder,
)
from csm.kit.errors import Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_version, move
from customers.models import Customer
from organisation.access import require
from organisation.models import Branch, Person, Role
from organisation.roles import holders
from organisation.texts import named

OPEN = "work_order.open"


@transaction.atomic
def open_for_item(
    *, item: DissatisfiedItem, by: Person, now: datetime, version: int | None = None
) -> WorkOrder:
    """The item's order, new or the one that exists: an item has one that counts."""
    require(by, OPEN, item)
    # Two people pressing the button at once must get one order: the item's row is the lock.
    held = DissatisfiedItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    known = order_of(held)
    if known is not None:
        return known
    items.check_open(held, "work-order")
    check_version(held, version)
    move(held, to=ItemStatus.ORDERED)
    return _open(
        WorkOrder(source=OrderSource.ITEM, item=held, customer=held.customer, branch=held.branch),
        by=by,
        now=now,
    )


@transaction.atomic
def open_for_finding(
    *,
    branch: Branch,
    occasion: str,
    found_on: date,
    found_by: str,
    by: Person,
    now: datetime,
    customer: Customer | None = None,
) -> WorkOrder:
    """What an audit found (T-16): the words, the day and who found it go with the order."""
    require(by, OPEN, branch)
    _check_words(occasion=occasion, found_by=found_by)
    check_year_of_day(found_on, field="found_on")
    if found_on > timezone.localdate(now):
        text = _("This cannot have been found in the future.")
        raise Refused(text, fields={"found_on": text})
    order = WorkOrder(
        source=OrderSource.FINDING,
        branch=branch,
        customer=customer,
        occasion=occasion,
        found_on=found_on,
        found_by=found_by,
    )
    return _open(order, by=by, now=now)


@transaction.atomic
def open_by_hand(
    *,
    branch: Branch,
    occasion: str,
    by: Person,
    now: datetime,
    customer: Customer | None = None,
) -> WorkOrder:
    """What neither a complaint nor an item nor an audit brought up."""
    require(by, OPEN, branch)
    _check_words(occasion=occasion)
    order = WorkOrder(source=OrderSource.HAND, branch=branch, customer=customer, occasion=occasion)
    return _open(order, by=by, now=now)


def order_of(item: DissatisfiedItem) -> WorkOrder | None:
    """The order that counts; an annulled one does not."""
    return item.work_orders.exclude(status=OrderStatus.ANNULLED).first()


def _open(order: WorkOrder, *, by: Person, now: datetime) -> WorkOrder:
    """The branch manager owns it until somebody else is named; the opener's unit issues it."""
    managers = holders(order.branch, Role.BRANCH_MANAGER)
    order.issuing_branch = unit_of(by)
    order.owner = managers[0] if managers else None
    order.created_at = order.saved_at = now
    order.created_by = by
    for name, known in concerning(order.customer).items():
        setattr(order, name, known)
    insert([order])
    log_order(order, "order_opened", by=by, now=now)
    _start_clock(order, now)
    about = order.occasion or (order.item.opinion if order.item else "")
    branch = named(order.branch)
    tell(order, "work_order_opened", to=managers, by=by, now=now, about=about[:200], branch=branch)
    return order


def _start_clock(order: WorkOrder, now: datetime) -> None:
    """None where the policy promises no order."""
    rule = policies.rule_for(None)
    if Milestone.WORK_ORDER in rule.targets:
        due_at = rule.plan(Milestone.WORK_ORDER, now).due_at
        mine = Deadline(TimerKind.REWORK, 1, order.branch, owner=order.owner, due_at=due_at)
        start_deadlines([mine], of=order, at=now)


def _check_words(**given: str) -> None:
    words = {
        "occasion": _("Say what it is about."),
        "found_by": _("Enter who found it."),
    }
    fields = {name: words[name] for name, text in given.items() if not text.strip()}
    if fields:
        raise Refused(next(iter(fields.values())), fields=fields)
