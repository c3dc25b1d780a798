"""Which complaints an order answers: a page beside the order (W-12)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.actions import order_complaints
from complaints.forms.items import OrderComplaintForm
from complaints.models import Complaint, OrderComplaint, OrderStatus, Status, WorkOrder
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me

MOST_OFFERED = 20
WITH_ORDER = (Status.ASSIGNED, Status.HANDLING, Status.ANSWERED, Status.CALLED_BACK)


@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that it answers, and those of the branch that it could; POST adds one."""
    order, person = order_or_404(request, pk), me(request)
    if request.method != "POST":
        return _show(request, order, OrderComplaintForm(initial={"version": order.version}))
    require(person, "work_order.write", order)
    form = OrderComplaintForm(request.POST)
    known = visible(Complaint, person)
    words = _("You see no complaint of this number.")
    if _act(request, order, form, order_complaints.add, known, words):
        messages.success(request, _("The order answers this complaint, too."))
        return go(request, "work-order-complaints", pk)
    return _show(request, order, form, status=422)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    order = order_or_404(request, pk)
    require(me(request), "work_order.write", order)
    form = OrderComplaintForm(request.POST)
    known = Complaint.objects.filter(order_links__order=order)
    words = _("The order does not serve this complaint.")
    if _act(request, order, form, order_complaints.remove, known, words):
        messages.success(request, _("The order does not answer this complaint any more."))
        return go(request, "work-order-complaints", pk)
    return _show(request, order, form, status=422)


def _act(
    request: HttpRequest,
    order: WorkOrder,
    form: OrderComplaintForm,
    act: Callable[..., Any],
    known: QuerySet[Complaint],
    words: str,
) -> bool:
    """Whether it was done; `words` say that the number is none of the known ones."""
    if not form.is_valid():
        return False
    number = form.cleaned_data["complaint"].strip().upper()
    complaint = known.filter(number=number).first()
    if complaint is None:
        form.add_error("complaint", words)
        return False
    given = {"by": me(request), "now": clock.now(), "version": form.cleaned_data["version"]}
    attempt(form, lambda: act(order=order, complaint=complaint, **given))
    return not form.errors


def _show(
    request: HttpRequest, order: WorkOrder, form: OrderComplaintForm, *, status: int = 200
) -> HttpResponse:
    person = me(request)
    can_write = order.is_editable and can(person, "work_order.write", order)
    context = {
        "order": order,
        "links": list(order.links.select_related("complaint")),
        "can_write": can_write,
        "offered": _offered(order, request) if can_write else [],
        "form": form,
    }
    return page(request, "complaints/order_complaints.html", context, status=status)


def _offered(order: WorkOrder, request: HttpRequest) -> QuerySet[Complaint]:
    """Open complaints of the order's branch that have no order that counts, newest first."""
    taken = OrderComplaint.objects.exclude(order__status=OrderStatus.ANNULLED)
    rows = visible(Complaint, me(request)).filter(branch=order.branch_id, status__in=WITH_ORDER)
    rows = rows.exclude(order_links__in=taken)
    return rows.order_by("-received_at", "-pk")[:MOST_OFFERED]
