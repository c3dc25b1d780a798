"""The external suppliers, and what each had to answer for (C-28, W-06)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import suppliers as reading
from complaints.actions import suppliers as actions
from complaints.assessment_export import SUPPLIERS
from complaints.forms.suppliers import SupplierForm
from complaints.models import Supplier
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require
from organisation.doors import attempt, me
from organisation.views import exports


@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """By name, with what the person may see of their history."""
    person = me(request)
    require(person, reading.SEE)
    rows = reading.listed(request.GET)
    found = keyset.page(rows, order=("name", "pk"), params=request.GET)
    context = {
        "rows": reading.with_figures(found.rows, person),
        "found": found,
        "search": reading.search_of(request.GET),
        "may_add": can(person, "supplier.add"),
    }
    return page(request, "complaints/supplier_list.html", context, part="list")


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, SUPPLIERS)


@require_safe
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier: every line that names it, newest first, and the months."""
    person = me(request)
    require(person, reading.SEE)
    one = get_object_or_404(Supplier, pk=pk)
    lines = reading.lines_of(one, person)
    found = keyset.page(lines, order=("-created_at", "-pk"), params=request.GET)
    context = {
        "supplier": one,
        "found": found,
        "months": reading.months_of(one, person),
        "may_edit": can(person, "supplier.edit"),
    }
    return page(request, "complaints/supplier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require(me(request), "supplier.add")
    form = SupplierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, given = clock.now(), form.cleaned_data
        made = attempt(form, lambda: actions.add(by=me(request), now=now, **given))
        if made is not None:
            messages.success(request, _("The supplier is saved."))
            return go(request, "supplier", made.pk)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require(me(request), "supplier.edit")
    one = get_object_or_404(Supplier, pk=pk)
    form = SupplierForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        attempt(form, lambda: actions.change(supplier=one, by=me(request), **given))
        if not form.errors:
            messages.success(request, _("The supplier is saved."))
            return go(request, "supplier", pk)
    return _form(request, form)


def _form(request: HttpRequest, form: SupplierForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/supplier_form.html", {"form": form}, status=status)
