"""The special award fund: what a quarter has, what was taken, what is left (O-17)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from csm.kit.periods import label
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from staff import fund_reading, spans
from staff.actions import fund as actions
from staff.forms.rewards import BudgetForm
from staff.models import FundEntry

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SEE = fund_reading.SEE


@require_safe
def fund(request: HttpRequest) -> HttpResponse:
    require(me(request), SEE)
    now = clock.now()
    period = spans.asked(request.GET, now, spans.QUARTERS)
    rows = FundEntry.objects.filter(quarter=period.key).select_related("by")
    context = {
        **spans.around(period, now, spans.QUARTERS),
        "state": fund_reading.state(period.key),
        "found": keyset.page(rows, order=("-pk",), params=request.GET),
        "may_edit": sees_everything(me(request), actions.EDIT) and not period.has_ended(now),
    }
    return page(request, "staff/fund.html", context)


@GET_POST
def budget(request: HttpRequest) -> HttpResponse:
    """Of the running quarter, or of one to come."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.EDIT)
    period = spans.asked(request.GET, now, spans.QUARTERS)
    state = fund_reading.state(period.key)
    form = BudgetForm(request.POST or None, initial={"amount": state.budget or None})
    if request.method == "POST" and form.is_valid():
        amount = form.cleaned_data["amount"]
        made = attempt(
            form,
            lambda: actions.set_budget(period=period.key, amount=amount, by=person, now=now),
        )
        if made is not None:
            messages.success(request, _("The budget is saved."))
            return go(request, f"{reverse('fund')}?period={period.key}")
    context = {"form": form, "state": state, "period": period, "label": label(period)}
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/fund_form.html", context, status=status)
