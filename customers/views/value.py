"""What a customer is worth, and why we think so."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers import label_words
from customers.actions import labels as actions
from customers.actions.value import current_rule
from customers.forms.value import OverrideForm
from customers.models import Customer, CustomerValue, Kind, Label, LabelKind
from customers.volume_figures import months
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's page loads it in place."""
    return _show(request, visible_or_404(Customer, me(request), pk=pk), OverrideForm())


@require_POST
def override(request: HttpRequest, pk: int) -> HttpResponse:
    """Another tier or stage than the rule's, with a reason, until a day."""
    person = me(request)
    found = visible_or_404(Customer, person, pk=pk)
    require(person, actions.JUDGE, found)
    form = OverrideForm(request.POST)
    if form.is_valid():
        given, now = form.given(), clock.now()
        act = actions.override
        if attempt(form, lambda: act(customer=found, by=person, now=now, **given)) is not None:
            messages.success(request, _("It is saved and stands before the rule."))
            return go(request, "customer-value", pk)
    return _show(request, found, form, status=422)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Customer, me(request), pk=pk)
    actions.decline(customer=found, by=me(request), now=clock.now())
    messages.success(request, _("No rule judges this customer any more."))
    return go(request, "customer-value", pk)


@require_POST
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Customer, me(request), pk=pk)
    actions.allow(customer=found, by=me(request), now=clock.now())
    messages.success(request, _("Rules judge this customer again, from tonight on."))
    return go(request, "customer-value", pk)


@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """Who moved to another tier or stage, newest first."""
    person = me(request)
    require(person, "customer.see")
    kind = request.GET.get("kind", "")
    rows = visible(Label, person).exclude(previous="").select_related("customer")
    if kind in LabelKind.values:
        rows = rows.filter(kind=kind)
    found = keyset.page(rows, order=("-id",), params=request.GET)
    tabs = [
        {"url": f"?kind={value}", "label": label, "is_current": value == kind}
        for value, label in [("", _("All")), *LabelKind.choices]
    ]
    context = {"found": found, "lines": [_line(row) for row in found.rows], "tabs": tabs}
    return page(request, "customers/moves.html", context)


def _show(
    request: HttpRequest, found: Customer, form: OverrideForm, status: int = 200
) -> HttpResponse:
    shown = months(found)
    figures = CustomerValue.objects.filter(customer=found).first()
    in_force = list(found.labels.in_force().select_related("by"))
    context = {
        "customer": found,
        "months": shown,
        "most": max((month.size for month in shown), default=0),
        "value": figures,
        "grade": _grade(found, figures),
        "lines": [_line(row) for row in in_force],
        "strategy": label_words.strategy(found.stage),
        "form": form,
        "may_judge": can(me(request), actions.JUDGE, found),
        "may_edit": can(me(request), actions.EDIT, found),
    }
    return page(request, "customers/value.html", context, part="value", status=status)


def _grade(found: Customer, figures: CustomerValue | None) -> str:
    """What the table of grades would give a company (K-02); people give it."""
    if figures is None or found.kind != Kind.COMPANY:
        return ""
    return label_words.proposed_grade(current_rule(), figures.revenue)


def _line(label: Label) -> dict[str, Any]:
    return {
        "label": label,
        "kind": label_words.kind(label),
        "name": label_words.name(label),
        "before": label_words.before(label),
        "why": label_words.why(label),
    }
