"""Visits to a customer and receptions: the list and its short form (T-24)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers.models import Customer, Visit, VisitStatus
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from staff.actions import visits as actions
from staff.forms.visits import VisitForm


@require_http_methods(["GET", "HEAD", "POST"])
def visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Newest first; whoever edits the customer adds one."""
    person, now = me(request), clock.now()
    customer = visible_or_404(Customer, person, pk=pk)
    form = VisitForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if request.method == "POST":
        require(person, actions.NOTE, customer)
        if form.is_valid():
            given = form.cleaned_data
            attempt(form, lambda: actions.note(customer=customer, by=person, now=now, **given))
        if not form.errors:
            messages.success(request, _("The visit is written down."))
            return go(request, "customer-visits", pk)
    rows = visible(Visit, person).filter(customer=customer, status=VisitStatus.DONE)
    planned = visible(Visit, person).filter(customer=customer, status=VisitStatus.PLANNED)
    context = {
        "customer": customer,
        "found": keyset.page(
            rows.select_related("by", "touched__touchpoint"),
            order=("-on", "-pk"),
            params=request.GET,
        ),
        "planned": planned.select_related("owner").order_by("on", "pk"),
        "form": form,
        "may_note": can(person, actions.NOTE, customer),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/visits.html", context, status=status)
