"""Care: what is to be done, a customer's wishes and days, and the rules of it (K-21, K-25)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers.actions import care as actions
from customers.forms.care import ActForm, DateForm, WishForm
from customers.models import (
    AddedService,
    CareAct,
    CareDate,
    CareStatus,
    Customer,
    DateKind,
    Festival,
)
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me

SHOWN = 30
WISH = ("channel", "quiet_until", "no_care", "no_notices", "words")


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is to be done, the next festivals, and what may be offered."""
    person, today = me(request), timezone.localdate(clock.now())
    require(person, "customer.see")
    mine = request.GET.get("view") == "mine"
    rows = visible(CareAct, person).filter(status=CareStatus.PLANNED)
    rows = rows.filter(owner=person) if mine else rows
    rows = rows.select_related("customer__home_branch", "owner", "service")
    found = keyset.page(rows, order=("on", "pk"), params=request.GET)
    tabs = [
        {"url": "?", "label": _("All"), "is_current": not mine},
        {"url": "?" + urlencode({"view": "mine"}), "label": _("Mine"), "is_current": mine},
    ]
    context = {
        "found": found,
        "acts": [(row, _occasion(row)) for row in found.rows],
        "tabs": tabs,
        "mine": mine,
        "festivals": Festival.objects.filter(on__gte=today)[:SHOWN],
        "services": AddedService.objects.filter(is_active=True),
        "may_edit": can(person, actions.EDIT),
        "may_set": can(person, "customer.rules"),
        "today": today,
    }
    return page(request, "customers/care_board.html", context)


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _customer_or_404(request, pk))


@require_POST
def wish(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, WishForm(request.POST), actions.wish, _("The wishes are saved."))


@require_POST
def add_date(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, DateForm(request.POST), actions.add_date, _("The day is saved."))


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, ActForm(request.POST), actions.plan, _("It is planned."))


@require_POST
def forget_date(request: HttpRequest, pk: int, date_pk: int) -> HttpResponse:
    row = get_object_or_404(
        CareDate.objects.select_related("customer__home_branch"),
        pk=date_pk,
        customer=_customer_or_404(request, pk),
    )
    actions.forget_date(found=row, by=me(request), now=clock.now())
    return go(request, "customer-care", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    row = visible_or_404(CareAct, me(request), pk=pk)
    actions.close(act=row, is_done="done" in request.POST, by=me(request), now=clock.now())
    return go(request, "customer-care", row.customer_id)


def _act(
    request: HttpRequest, pk: int, form: forms.Form, act: Callable[..., object], done: str
) -> HttpResponse:
    row, now = _customer_or_404(request, pk), clock.now()
    require(me(request), actions.EDIT, row)
    if form.is_valid():
        attempt(form, lambda: act(customer=row, by=me(request), now=now, **form.cleaned_data))
    if form.errors:
        return _show(request, row, sent=form, status=422)
    messages.success(request, done)
    return go(request, "customer-care", pk)


def _show(
    request: HttpRequest, row: Customer, *, sent: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    person, known = me(request), getattr(row, "wish", None)
    may_edit = can(person, actions.EDIT, row)

    def offered(kind: type[forms.Form], **first: Any) -> forms.Form | None:
        if not may_edit:
            return None
        return sent if isinstance(sent, kind) else kind(initial=first)

    acts = row.care_acts.select_related("owner", "service").order_by("-on", "-pk")[:SHOWN]
    context = {
        "customer": row,
        "wish": known,
        "form": sent,
        "wish_form": offered(WishForm, **{n: getattr(known, n) for n in WISH if known}),
        "date_form": offered(DateForm),
        "act_form": offered(ActForm),
        "dates": row.care_dates.all(),
        "acts": [(act, _occasion(act)) for act in acts],
        "services": AddedService.objects.filter(is_active=True),
        "value": getattr(row, "value", None),
    }
    return page(request, "customers/care_customer.html", context, status=status)


def _occasion(act: CareAct) -> str:
    """A kind of day in words, or the name of the festival; empty for what a person thought of."""
    if act.occasion in DateKind.values:
        return str(DateKind(act.occasion).label)
    return act.occasion


def _customer_or_404(request: HttpRequest, pk: int) -> Customer:
    rows = visible(Customer, me(request)).select_related("home_branch", "wish", "value")
    return get_object_or_404(rows, pk=pk)
