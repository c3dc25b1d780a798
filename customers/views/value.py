"""What a customer is worth, and why we think so."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from csm.kit.htmx import page
from customers.models import Customer
from customers.volume_figures import months
from organisation.access import visible_or_404
from organisation.doors import me


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's page loads it in place."""
    found = visible_or_404(Customer, me(request), pk=pk)
    shown = months(found)
    context = {
        "customer": found,
        "months": shown,
        "most": max((month.size for month in shown), default=0),
    }
    return page(request, "customers/value.html", context, part="value")
