"""How often customers are visited, by tier and grade (K-15)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.actions import visit_cadence as actions
from customers.forms.visits import CadenceForm
from organisation.access import require_everywhere
from organisation.doors import attempt, me


@require_http_methods(["GET", "HEAD", "POST"])
def cadence(request: HttpRequest) -> HttpResponse:
    """Empty as shipped: nobody is overdue by a rule that nobody made."""
    person = me(request)
    require_everywhere(person, actions.EDIT)
    form = CadenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.keep(days=given, by=person, now=now))
        if not form.errors:
            messages.success(request, _("The table is saved."))
            return go(request, "visit-cadence")
    context = {"form": form}
    status = 422 if form.errors else 200
    return page(request, "customers/visit_cadence.html", context, status=status)
