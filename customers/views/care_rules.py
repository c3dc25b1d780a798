"""Festivals, rules of care and the catalogue of added services (K-21, K-25, K-27, K-29)."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.actions import care_rules as actions
from customers.forms.care import AddedServiceForm, CareRuleForm, FestivalForm
from customers.models import AddedService, CareRule, Festival
from organisation.access import require_everywhere
from organisation.doors import attempt, me


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    return _show(request)


@require_POST
def add_festival(request: HttpRequest) -> HttpResponse:
    return _add(request, FestivalForm(request.POST), actions.add_festival)


@require_POST
def add_rule(request: HttpRequest) -> HttpResponse:
    return _add(request, CareRuleForm(request.POST), actions.add_rule)


@require_POST
def add_service(request: HttpRequest) -> HttpResponse:
    return _add(request, AddedServiceForm(request.POST), actions.add_service)


@require_POST
def remove_festival(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    row = get_object_or_404(Festival, pk=pk)
    actions.remove_festival(festival=row, by=me(request), now=clock.now())
    return go(request, "care-rules")


@require_POST
def remove_rule(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    row = get_object_or_404(CareRule, pk=pk)
    actions.remove_rule(rule=row, by=me(request), now=clock.now())
    return go(request, "care-rules")


@require_POST
def switch_service(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    row = get_object_or_404(AddedService, pk=pk)
    actions.switch_service(service=row, by=me(request), now=clock.now())
    return go(request, "care-rules")


def _add(request: HttpRequest, form: forms.Form, act: Callable[..., object]) -> HttpResponse:
    person, now = me(request), clock.now()
    require_everywhere(person, actions.EDIT)
    if form.is_valid():
        attempt(form, lambda: act(by=person, now=now, **form.cleaned_data))
    if form.errors:
        return _show(request, sent=form, status=422)
    messages.success(request, _("It is saved."))
    return go(request, "care-rules")


def _show(
    request: HttpRequest, *, sent: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    def offered(kind: type[forms.Form]) -> forms.Form:
        return sent if isinstance(sent, kind) else kind()

    context = {
        "form": sent,
        "festivals": Festival.objects.all(),
        "rules": CareRule.objects.select_related("service"),
        "services": AddedService.objects.all(),
        "festival_form": offered(FestivalForm),
        "rule_form": offered(CareRuleForm),
        "service_form": offered(AddedServiceForm),
    }
    return page(request, "customers/care_rules.html", context, status=status)
