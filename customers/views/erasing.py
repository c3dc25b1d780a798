"""Anonymising a customer in two steps: the reason with what is there, then the name typed anew."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.actions import erasing as actions
from customers.forms.erasing import EraseForm, PrepareForm
from customers.models import Customer, Erasure
from customers.views.merging import KINDS
from organisation.access import require_everywhere, visible
from organisation.doors import attempt, me


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    found = _customer_or_404(request, pk)
    form = PrepareForm(request.POST) if request.method == "POST" else PrepareForm()
    if form.is_bound and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(
            form, lambda: actions.prepare(customer=found, by=me(request), now=now, **given)
        )
        if made is not None:
            return go(request, "customer-erase", pk)
    return _shown(request, found, form if form.errors else None)


@require_POST
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    found = _customer_or_404(request, pk)
    form = EraseForm(request.POST)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        done = attempt(
            form, lambda: actions.erase(customer=found, by=me(request), now=now, **given)
        )
        if done is not None:
            messages.success(request, _("The customer was anonymised. Counts and verdicts stay."))
            return go(request, "customer", pk)
    return _shown(request, found, form)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = _customer_or_404(request, pk)
    actions.drop(customer=found, by=me(request))
    return go(request, "customer", pk)


def _customer_or_404(request: HttpRequest, pk: int) -> Customer:
    found: Customer = get_object_or_404(visible(Customer, me(request)), pk=pk)
    require_everywhere(me(request), actions.VERB)
    return found


def _shown(request: HttpRequest, found: Customer, form: Form | None) -> HttpResponse:
    erasure = Erasure.objects.filter(customer=found).select_related("asked_by").first()
    is_prepared = erasure is not None and erasure.done_at is None
    is_mine = erasure is not None and erasure.asked_by_id == me(request).pk
    counted = actions.count(found) if is_prepared else {}
    context = {
        "customer": found,
        "erasure": erasure,
        "is_prepared": is_prepared,
        "is_mine": is_mine,
        "seconds": actions.seconds(me(request)) if is_prepared and is_mine else [],
        "rows": [(KINDS[label], n) for label, n in counted.items() if label in KINDS],
        "others": sum(n for label, n in counted.items() if label not in KINDS),
        "form": form or (EraseForm() if is_prepared else PrepareForm()),
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "customers/erase.html", context, status=status)
