"""Taking an order out of the count, with the reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.actions import annulling
from complaints.forms.judging import AnnulForm
from complaints.views import work_order_page
from complaints.views.answers import see
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from organisation.access import require
from organisation.doors import attempt, me


@require_POST
def annul(request: HttpRequest, pk: int) -> HttpResponse:
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.annul", order)
    form = AnnulForm(order, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        attempt(form, lambda: annulling.annul(order=order, by=me(request), now=now, **given))
    if form.errors:
        return work_order_page.show(request, order, now=now, act=form, status=422)
    messages.success(request, _("The order is annulled."))
    return see("work-order", pk)
