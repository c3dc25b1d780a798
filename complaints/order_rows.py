"""What the register shows of a work order (W-10), for its page and its file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from complaints import clocks
from complaints.clock_face import NO_CLOCK, Clock
from complaints.models import (
    UNFINISHED,
    Complaint,
    DissatisfiedItem,
    Milestone,
    OrderComplaint,
    OrderSource,
    OrderStatus,
    Timer,
    TimerKind,
    WorkOrder,
)
from customers.models import Customer, Kind
from organisation.access import places
from organisation.models import Branch, Level, Person


class OrderRow(NamedTuple):
    """An order as the register shows it; `region` is "" where the branch belongs to none.

    `complaints` are those that it serves, in the order in which they came to it. `opinion`: the
    customer's words, else what the order is about; `planned_on`: what was promised, else planned.
    `timer` is the one that counts, with its verdict.
    """

    order: WorkOrder
    region: str
    complaints: list[Complaint]
    customer: Customer | None
    score: Decimal | None
    opinion: str
    plan: str
    planned_on: date | None
    timer: Timer | None
    clock: Clock


def with_source(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """With what a row shows of the order's own columns."""
    return rows.select_related("branch", "owner", "customer", "item")


def with_orders(rows: QuerySet[DissatisfiedItem]) -> QuerySet[DissatisfiedItem]:
    """Items with what a row shows; `live_orders` holds the one order that counts, if any."""
    live: Prefetch[Any] = Prefetch(
        "work_orders", WorkOrder.objects.exclude(status=OrderStatus.ANNULLED), "live_orders"
    )
    return rows.select_related("branch", "customer").prefetch_related(live)


def order_rows(orders: list[WorkOrder], *, person: Person, now: datetime) -> list[OrderRow]:
    """In the same order, of orders `with_source`; three queries however many they are."""
    links = _links_of(orders)
    timers = _timers_of(orders, links, now)
    regions = regions_of({order.branch for order in orders}, person)
    return [
        _row(order, links.get(order.pk, []), timers.get(order.pk, []), regions, now)
        for order in orders
    ]


def _row(
    order: WorkOrder,
    links: list[OrderComplaint],
    timers: list[Timer],
    regions: Mapping[int, str],
    now: datetime,
) -> OrderRow:
    item, complaint = order.item, links[0].complaint if links else None
    timer = _counting(timers)
    words = {
        OrderSource.ITEM: item.opinion if item else "",
        OrderSource.COMPLAINT: complaint.subject if complaint else "",
    }
    return OrderRow(
        order=order,
        region=regions.get(order.branch_id, ""),
        complaints=[link.complaint for link in links],
        customer=order.customer,
        score=item.score if item else None,
        opinion=words.get(OrderSource(order.source), order.occasion),
        plan=item.plan if item else "",
        planned_on=order.promised_on or (item.planned_on if item else None),
        timer=timer,
        clock=_clock(timer, now),
    )


def _counting(timers: list[Timer]) -> Timer | None:
    """What still runs, first its rework; else the 48 hours, however they ended."""
    running = [timer for timer in timers if timer.state in UNFINISHED]
    promised = [timer for timer in timers if timer.kind == Milestone.WORK_ORDER]
    return next(iter(running or promised or timers[-1:]), None)


def _clock(timer: Timer | None, now: datetime) -> Clock:
    name = _("Clock")
    face = NO_CLOCK if timer is None else clocks.face(timer, now=now)
    return Clock(TimerKind.WORK_ORDER, name, name, "", face)


def deadline_of(order: WorkOrder, now: datetime) -> Clock | None:
    """What runs for the order itself: its first submission, or its rework."""
    running = order.timers.filter(kind=TimerKind.REWORK, state__in=UNFINISHED)
    timer = running.order_by("due_at").first()
    return _clock(timer, now) if timer else None


def _links_of(orders: Iterable[WorkOrder]) -> dict[int, list[OrderComplaint]]:
    """The complaints of each order, by its id, in the order in which they came to it."""
    found = defaultdict(list)
    rows = OrderComplaint.objects.filter(order__in=[order.pk for order in orders])
    for link in rows.select_related("complaint").order_by("pk"):
        found[link.order_id].append(link)
    return found


def _timers_of(
    orders: Iterable[WorkOrder], links: Mapping[int, list[OrderComplaint]], now: datetime
) -> dict[int, list[Timer]]:
    """The clocks of each order, by its id: its rework, the latest first, then its complaints'."""
    served = {
        (link.complaint_id, link.cycle): link.order_id for found in links.values() for link in found
    }
    rows = Timer.objects.filter(
        Q(work_order__in=[order.pk for order in orders], kind=TimerKind.REWORK)
        | Q(complaint__in=[pk for pk, _cycle in served], kind=Milestone.WORK_ORDER)
    )
    found = defaultdict(list)
    rows = rows.with_verdict(now).select_related("owner_branch")
    for timer in rows.order_by("work_order", "-cycle", "due_at"):
        order = timer.work_order_id or served.get((timer.complaint_id or 0, timer.cycle))
        if order is not None:
            found[order].append(timer)
    return found


def regions_of(branches: Iterable[Branch], person: Person) -> dict[int, str]:
    """The names of the regions that these branches belong to, by the branches' ids.

    Those that the person sees anyway are known.
    """
    found = list(branches)
    above = {pk for branch in found for pk in branch.ancestor_ids}
    known = places(person, "branch.see")
    regions = {place.pk: place.label for place in known if place.level == Level.REGION}
    if unseen := above - {place.pk for place in known}:
        rows = Branch.objects.filter(pk__in=unseen, level=Level.REGION)
        regions |= {row.pk: row.label for row in rows}
    return {
        branch.pk: next((regions[pk] for pk in branch.ancestor_ids if pk in regions), "")
        for branch in found
    }


def standing(customer: Customer | None) -> str:
    """Tier or grade in words; a department of ours is "internal" (O-07)."""
    if customer is None:
        return ""
    return str(Kind.INTERNAL.label) if customer.kind == Kind.INTERNAL else customer.standing
