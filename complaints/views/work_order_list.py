"""The register of work orders (W-10): what each is about, whose, and how far it is."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from complaints.models import OrderStatus
from complaints.order_filters import WorkOrderFilter
from complaints.order_rows import order_rows, with_source
from complaints.views import rectification
from complaints.views.register import Register
from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import can
from organisation.doors import me


class OrderRegister(Register):
    kind = WorkOrderFilter
    statuses: ClassVar = OrderStatus.choices
    visible: ClassVar = ("search", "score_from", "score_to", "promised_after", "promised_before")
    seldom: ClassVar = ("source", "overdue", "waiting")


@require_safe
def work_orders(request: HttpRequest) -> HttpResponse:
    """Newest first, unless the oldest are wanted; one tab per status."""
    person, now = me(request), clock.now()
    register = OrderRegister(request.GET, person, now)
    found = register.page(with_source(register.filter.qs))
    context = {
        "rows": order_rows(found.rows, person=person, now=now),
        "may_open": can(person, "work_order.open"),
        "may_see_items": can(person, "item.see"),
        "rooms": rectification.rooms("work-orders"),
        **register.context(found),
    }
    return page(request, "complaints/work_order_list.html", context, part="results")
