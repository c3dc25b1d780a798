"""The list of work orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import clocks
from complaints.clock_face import Clock, four, heads
from complaints.models import Complaint, OrderComplaint, OrderStatus, Timer, TimerKind, WorkOrder
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import visible
from organisation.doors import me


@dataclass(frozen=True)
class Row:
    """An order with the complaint it answers and the clock of that cycle."""

    order: WorkOrder
    complaint: Complaint | None
    clocks: list[Clock]


@require_safe
def work_orders(request: HttpRequest) -> HttpResponse:
    """Newest first; one tab per status."""
    seen = visible(WorkOrder, me(request))
    status = request.GET.get("status", "")
    status = status if status in OrderStatus.values else ""
    rows = seen.filter(status=status) if status else seen
    found = keyset.page(rows.select_related("branch", "owner"), order=("-id",), params=request.GET)
    context = {
        "rows": _rows(found.rows, now=clock.now()),
        "found": found,
        "status": status,
        "tabs": _tabs(seen, status),
        "heads": [each for each in heads({}) if each.kind == TimerKind.WORK_ORDER],
    }
    return page(request, "complaints/work_order_list.html", context, part="list")


def _tabs(seen: QuerySet[WorkOrder], status: str) -> list[dict[str, Any]]:
    counts = dict(seen.order_by().values_list("status").annotate(Count("pk")))
    all_tab = {
        "url": "?",
        "label": _("All"),
        "count": sum(counts.values()),
        "is_current": not status,
    }
    return [all_tab] + [
        {
            "url": f"?status={value}",
            "label": label,
            "count": counts.get(value, 0),
            "is_current": status == value,
        }
        for value, label in OrderStatus.choices
    ]


def _rows(orders: list[WorkOrder], *, now: datetime) -> list[Row]:
    links = _links_of(orders)
    timers = _timers_of(links.values())
    return [_row(order, links.get(order.pk), timers, now) for order in orders]


def _row(
    order: WorkOrder,
    link: OrderComplaint | None,
    timers: dict[tuple[int | None, int], Timer],
    now: datetime,
) -> Row:
    if link is None:
        return Row(order, None, _clock({}))
    timer = timers.get((link.complaint_id, link.cycle))
    faces = {} if timer is None else {timer.kind: clocks.face(timer, now=now)}
    return Row(order, link.complaint, _clock(faces))


def _clock(faces: dict[str, Any]) -> list[Clock]:
    return [each for each in four(faces, heads=heads({})) if each.kind == TimerKind.WORK_ORDER]


def _links_of(orders: list[WorkOrder]) -> dict[int, OrderComplaint]:
    """The first complaint of each order, by the order's id."""
    rows = OrderComplaint.objects.filter(order__in=orders).select_related("complaint__customer")
    return {link.order_id: link for link in rows.order_by("-pk")}


def _timers_of(links: Any) -> dict[tuple[int | None, int], Timer]:
    rows = Timer.objects.filter(
        kind=TimerKind.WORK_ORDER, complaint__in=[link.complaint_id for link in links]
    )
    return {(timer.complaint_id, timer.cycle): timer for timer in rows}
