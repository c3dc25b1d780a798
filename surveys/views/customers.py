"""What surveys know of a customer, and whether the customer wishes to be asked (S-18)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.models import Customer
from organisation.access import can, visible, visible_or_404
from organisation.doors import me
from surveys.actions import opting_out
from surveys.models import Invitation

SHOWN = 20


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The last invitations; the customer's page loads it in place."""
    person = me(request)
    found = visible_or_404(Customer, person, pk=pk)
    rows = visible(Invitation, person).filter(customer=found).select_related("survey")
    context = {
        "customer": found,
        "rows": rows.order_by("-created_at")[:SHOWN],
        "may_edit": can(person, opting_out.EDIT, found),
    }
    return page(request, "surveys/customer.html", context, part="surveys")


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Customer, me(request), pk=pk)
    opting_out.decline(customer=found, by=me(request), now=clock.now())
    messages.success(request, _("This customer is not asked in surveys any more."))
    return go(request, "customer", pk)


@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Customer, me(request), pk=pk)
    opting_out.allow(customer=found, by=me(request), now=clock.now())
    messages.success(request, _("This customer may be asked in surveys again."))
    return go(request, "customer", pk)
