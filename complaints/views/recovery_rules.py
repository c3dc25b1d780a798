"""The settings of service recovery and of the price of delay."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.actions import delay_prices, recovery_rules
from complaints.forms.recoveries import LimitsForm, OfferForm, PriceForm
from complaints.models import DelayPrice, RecoveryOffer
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
VERB = recovery_rules.VERB


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """What may be offered, and the limit of each role."""
    require_everywhere(me(request), VERB)
    context = {
        "rows": list(RecoveryOffer.objects.select_related("category")),
        "limits": LimitsForm().lines(),
    }
    return page(request, "complaints/recovery_offers.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), VERB)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: recovery_rules.create_offer(by=me(request), **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("The offer is saved."))
            return go(request, "recovery-offers")
    return _form(request, form)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), VERB)
    offer = get_object_or_404(RecoveryOffer, pk=pk)
    form = OfferForm(request.POST or None, instance=offer)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(form, lambda: recovery_rules.change_offer(offer=offer, by=me(request), **data))
        if not form.errors:
            messages.success(request, _("The offer is saved."))
            return go(request, "recovery-offers")
    return _form(request, form)


def _form(request: HttpRequest, form: OfferForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/recovery_offer_form.html", {"form": form}, status=status)


@GET_POST
def limits(request: HttpRequest) -> HttpResponse:
    """Up to which amount each role recovers a complaint without asking."""
    require_everywhere(me(request), VERB)
    form = LimitsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: recovery_rules.set_limits(limits=form.limits(), by=me(request)))
        if not form.errors:
            messages.success(request, _("The limits are saved."))
            return go(request, "recovery-offers")
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/recovery_limits.html", {"form": form}, status=status)


@GET_POST
def price(request: HttpRequest) -> HttpResponse:
    """What one unit of delay costs; every change stays listed."""
    require_everywhere(me(request), delay_prices.VERB)
    latest = DelayPrice.objects.first()
    initial = {"amount": latest.amount if latest else None}
    form = PriceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        amount, now = form.cleaned_data["amount"], clock.now()
        attempt(form, lambda: delay_prices.set_price(amount=amount, by=me(request), now=now))
        if not form.errors:
            messages.success(request, _("The price is saved."))
            return go(request, "delay-price")
    context = {"form": form, "rows": DelayPrice.objects.select_related("set_by")[:20]}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/delay_price.html", context, status=status)
