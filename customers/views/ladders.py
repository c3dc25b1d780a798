"""Where people put a customer on the ladders, and how it went (K-07, K-18, K-19)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers.actions import ladders as actions
from customers.forms.standing import RungForm
from customers.models import Customer, Ladder, Rung
from organisation.access import can, require, visible_or_404
from organisation.doors import attempt, me


@require_http_methods(["GET", "HEAD", "POST"])
def ladders(request: HttpRequest, pk: int) -> HttpResponse:
    """The history, newest first; whoever judges customers by hand adds a step."""
    person = me(request)
    customer = visible_or_404(Customer, person, pk=pk)
    placed = actions.current(customer)
    form = RungForm(request.POST or None, placed=placed)
    if request.method == "POST":
        require(person, actions.JUDGE, customer)
        if form.is_valid():
            given, now = form.given(), clock.now()
            attempt(form, lambda: actions.place(customer=customer, by=person, now=now, **given))
        if form.is_bound and not form.errors:
            messages.success(request, _("It is written down."))
            return go(request, "customer-ladders", pk)
    rows = Rung.objects.filter(customer=customer).select_related("by")
    context = {
        "customer": customer,
        "ladders": [(label, placed.get(value)) for value, label in Ladder.choices],
        "found": keyset.page(rows, order=("-pk",), params=request.GET),
        "form": form,
        "may_judge": can(person, actions.JUDGE, customer),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "customers/ladders.html", context, status=status)
