"""The list of dissatisfied items (W-10)."""

from typing import ClassVar, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from complaints.models import DissatisfiedItem, ItemStatus, WorkOrder
from complaints.order_filters import ItemFilter
from complaints.order_rows import regions_of, standing, with_orders
from complaints.views.register import Register
from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import can
from organisation.doors import me


class ItemRow(NamedTuple):
    """An item with the order that counts, if there is one."""

    item: DissatisfiedItem
    region: str
    standing: str
    order: WorkOrder | None
    may_open: bool


class ItemList(Register):
    kind = ItemFilter
    statuses: ClassVar = ItemStatus.choices
    visible: ClassVar = ("search", "score_from", "score_to")
    seldom: ClassVar = ("origin",)


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """Newest first, unless the oldest are wanted; one tab per status."""
    person = me(request)
    listing = ItemList(request.GET, person, clock.now())
    found = listing.page(with_orders(listing.filter.qs))
    regions = regions_of({item.branch for item in found.rows}, person)
    context = {
        "rows": [
            ItemRow(
                item,
                regions[item.branch_id],
                standing(item.customer),
                next(iter(item.live_orders), None),
                item.is_open and can(person, "work_order.open", item),
            )
            for item in found.rows
        ],
        "may_record": can(person, "item.record"),
        **listing.context(found),
    }
    return page(request, "complaints/item_list.html", context, part="results")
