"""Segments: saved filters and lists of names, and who is in them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers import segments
from customers.actions import segments as actions
from customers.forms.segments import SegmentForm
from customers.models import Customer, Segment
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, "customer.see")
    rows = visible(Segment, person).select_related("branch", "by")
    context = {
        "found": keyset.page(rows, order=("name", "pk"), params=request.GET),
        "may_edit": can(person, actions.EDIT),
    }
    return page(request, "customers/segment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require(me(request), actions.EDIT)
    return _edited(request, None)


@require_safe
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Its customers, as far as the person sees them."""
    person, now = me(request), clock.now()
    row = _segment_or_404(request, pk)
    rows = segments.customers(row, person, today=timezone.localdate(now))
    context = {
        "segment": row,
        "conditions": SegmentForm(person=person, segment=row).words(),
        "count": rows.count(),
        "found": keyset.page(
            rows.select_related("home_branch"), order=("name", "pk"), params=request.GET
        ),
        "may_edit": can(person, actions.EDIT, row),
    }
    return page(request, "customers/segment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _segment_or_404(request, pk)
    require(me(request), actions.EDIT, row)
    return _edited(request, row)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove(segment=_segment_or_404(request, pk), by=me(request), now=clock.now())
    messages.success(request, _("The segment is deleted."))
    return go(request, "segments")


@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists of names that a customer is or may be on."""
    person = me(request)
    customer = get_object_or_404(visible(Customer, person).select_related("home_branch"), pk=pk)
    rows = visible(Segment, person).filter(is_list=True).select_related("branch")
    row = None
    if request.method == "POST":
        require(person, actions.EDIT, customer)
        row = rows.filter(pk=_number(request.POST.get("segment", ""))).first()
    if row is not None:
        act = actions.take_off if "off" in request.POST else actions.put
        act(segment=row, customer=customer, by=person, now=clock.now())
        messages.success(request, _("The list is changed."))
        return go(request, "customer-lists", pk)
    on = set(customer.lists.values_list("segment", flat=True))
    places = customer.home_branch.path
    context = {
        "customer": customer,
        "lists": [
            (row, row.pk in on)
            for row in rows.order_by("name", "pk")
            if places.startswith(row.branch.path)
        ],
        "may_edit": can(person, actions.EDIT, customer),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "customers/segment_lists.html", context, status=status)


def _edited(request: HttpRequest, row: Segment | None) -> HttpResponse:
    person, now = me(request), clock.now()
    posted = request.POST if request.method == "POST" else None
    form = SegmentForm(posted, person=person, segment=row)
    if form.is_valid():
        given, version = form.given(), form.cleaned_data["version"]
        made = attempt(
            form, lambda: actions.save(segment=row, version=version, by=person, now=now, **given)
        )
        if made is not None:
            messages.success(request, _("The segment is saved."))
            return go(request, "segment", made.pk)
    context = {"form": form, "segment": row}
    status = 422 if form.errors else 200
    return page(request, "customers/segment_form.html", context, status=status)


def _segment_or_404(request: HttpRequest, pk: int) -> Segment:
    found: Segment = visible_or_404(Segment, me(request), pk=pk)
    return found


def _number(text: str) -> int:
    """0 for what is no number of a row."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
