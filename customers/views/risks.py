"""Customers with a warning, and what is done for them (K-10, K-12)."""

from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers import retention as reading
from customers.actions import retention as actions
from customers.forms.retention import CloseForm, OwnerForm, StepForm
from customers.models import Customer, Level, RetentionCase, RetentionStep
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts


@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """The worst first; by level, or only the person's own customers."""
    person = me(request)
    require(person, "customer.see")
    rows = reading.warned(person)
    level, mine = request.GET.get("level", ""), request.GET.get("view") == "mine"
    numbers = reading.counts(person, rows)
    if level in Level.values:
        rows = rows.filter(level=level)
    if mine:
        rows = rows.filter(customer__account_manager=person)
    found = keyset.page(rows, order=("-points", "customer_id"), params=request.GET)
    cases = reading.open_cases([row.customer_id for row in found.rows])
    context = {
        "found": found,
        "lines": [(row, cases.get(row.customer_id)) for row in found.rows],
        "tabs": _tabs(numbers, level, mine=mine),
        "is_filtered": bool(level or mine),
        "may_edit": can(person, reading.EDIT),
    }
    return page(request, "customers/risk_list.html", context, part="list")


@require_POST
def open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a customer with a warning into hand."""
    customer = get_object_or_404(
        visible(Customer, me(request)).select_related("home_branch", "risk"), pk=pk
    )
    case = actions.open_case(customer=customer, by=me(request), now=clock.now())
    return go(request, "retention-case", case.pk)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _case_or_404(request, pk), now=clock.now())


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, OwnerForm, actions.give, done=_("The case is handed on."))


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, StepForm, actions.note, done=_("The action is noted."))


@require_POST
def finish(request: HttpRequest, pk: int, step_pk: int) -> HttpResponse:
    row = _case_or_404(request, pk)
    step = get_object_or_404(RetentionStep.objects.select_related("case"), pk=step_pk, case=row)
    actions.finish(step=step, by=me(request), now=clock.now())
    return go(request, "retention-case", pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, CloseForm, actions.close, done=_("The case is closed."))


def _case_or_404(request: HttpRequest, pk: int) -> RetentionCase:
    row: RetentionCase = visible_or_404(RetentionCase, me(request), pk=pk)
    return row


def _show(
    request: HttpRequest,
    row: RetentionCase,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    customer = row.customer
    context = {
        "case": row,
        "customer": customer,
        "risk": getattr(customer, "risk", None),
        "changes": customer.risk_changes.all()[:20],
        "steps": row.steps.select_related("by"),
        "form": act,
        "today": timezone.localdate(now),
    }
    if row.is_open and actions.may_act(row, by=me(request)):
        context["step_form"] = sent_or_fresh(StepForm, row, act)
        context["owner_form"] = sent_or_fresh(OwnerForm, row, act)
        context["close_form"] = sent_or_fresh(CloseForm, row, act)
    return page(request, "customers/retention_case.html", context, status=status)


_ACTS = Acts("retention-case", "case", _case_or_404, _show)
_do = partial(_ACTS.do, may=actions.require_hand)


def _tabs(numbers: dict[str, int], level: str, *, mine: bool) -> list[dict[str, object]]:
    every = sum(numbers[value] for value in Level.values)
    choices = [("", _("All"), every), *((v, label, numbers[v]) for v, label in Level.choices)]
    tabs: list[dict[str, object]] = [
        {
            "url": "?" + urlencode({"level": value} if value else {}),
            "label": label,
            "count": number,
            "is_current": not mine and value == level,
        }
        for value, label, number in choices
    ]
    tabs.append(
        {
            "url": "?view=mine",
            "label": _("My customers"),
            "count": numbers["mine"],
            "is_current": mine,
        }
    )
    return tabs
