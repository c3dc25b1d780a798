"""Opening orders that come from no complaint (W-12)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions import order_opening
from complaints.forms.items import FindingForm, HandForm, PlacedForm
from complaints.models import WorkOrder
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require
from organisation.doors import attempt, me


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: HttpRequest) -> HttpResponse:
    return _open(request, HandForm, order_opening.open_by_hand)


@require_http_methods(["GET", "HEAD", "POST"])
def from_finding(request: HttpRequest) -> HttpResponse:
    return _open(request, FindingForm, order_opening.open_for_finding)


def _open(
    request: HttpRequest, kind: type[PlacedForm], act: Callable[..., WorkOrder]
) -> HttpResponse:
    """The form of one source; then the order itself."""
    person = me(request)
    require(person, order_opening.OPEN)
    form = kind(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        made = attempt(form, lambda: act(by=person, now=clock.now(), **given))
        if made is not None:
            messages.success(request, _("The order is opened; its branch has been told."))
            return go(request, "work-order", made.pk)
    context = {"form": form, "is_finding": kind is FindingForm}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/order_open.html", context, status=status)
