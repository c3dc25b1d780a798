"""What is open with one customer: complaints, orders, callbacks, what was offered (K-26)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from complaints.models import Complaint, Recovery, RecoveryStatus, Status, WorkOrder
from complaints.models.work_order import OrderStatus
from csm.kit import clock
from csm.kit.htmx import page
from customers.models import Customer
from organisation.access import visible, visible_or_404
from organisation.doors import me

SHOWN = 10
PROMISED = (RecoveryStatus.GIVEN, RecoveryStatus.ASKED, RecoveryStatus.APPROVED)
ENDED_ORDERS = (OrderStatus.CONFIRMED, OrderStatus.ANNULLED)


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """As far as the person may see it; the customer's page loads it in place."""
    person, now = me(request), clock.now()
    found = visible_or_404(Customer, person, pk=pk)
    complaints = visible(Complaint, person).filter(customer=found)
    orders = visible(WorkOrder, person).filter(customer=found).exclude(status__in=ENDED_ORDERS)
    offers = visible(Recovery, person).filter(complaint__customer=found, status__in=PROMISED)
    context: dict[str, Any] = {
        "customer": found,
        "now": now,
        "complaints": complaints.open().order_by("next_due_at", "-received_at")[:SHOWN],  # type: ignore[attr-defined]
        "callbacks": complaints.filter(status=Status.ANSWERED).count(),
        "orders": orders.order_by("-pk")[:SHOWN],
        "offers": offers.select_related("offer", "complaint").order_by("-at")[:SHOWN],
    }
    return page(request, "complaints/of_customer.html", context, part="open")
