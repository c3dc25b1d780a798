"""The journey map, and its touchpoints (S-14, S-15)."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, periods
from csm.kit.errors import Refused
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from surveys.actions import touchpoints as actions
from surveys.forms.touchpoints import TouchpointForm
from surveys.models import Touchpoint
from surveys.results import journey as reading
from surveys.results import spans


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """Stage by stage, over the last year or one month."""
    require(me(request), "survey.see")
    wrong: Mapping[str, str] = {}
    try:
        period = spans.asked(request.GET)
    except Refused as refusal:
        period, wrong = None, refusal.fields
    context = {
        "journey": reading.journey(me(request), now=clock.now(), period=period),
        "period": period,
        "wrong": wrong,
        "days": spans.typed(request.GET, period),
        "label": periods.label(period) if period else "",
        "may_edit": sees_everything(me(request), actions.EDIT),
    }
    return page(request, "surveys/journey.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    return _form(request, get_object_or_404(Touchpoint, pk=pk))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    found = get_object_or_404(Touchpoint, pk=pk)
    actions.delete(touchpoint=found, by=me(request), now=clock.now())
    messages.success(request, _("The touchpoint is taken off the map."))
    return go(request, "survey-journey")


def _form(request: HttpRequest, found: Touchpoint | None) -> HttpResponse:
    form = TouchpointForm(request.POST or None, instance=found)
    if request.method == "POST" and not form.is_bound:
        form = TouchpointForm({}, instance=found)
    if form.is_valid():
        kept = get_object_or_404(Touchpoint, pk=found.pk) if found else None
        data = form.cleaned_data
        attempt(
            form,
            lambda: actions.save(touchpoint=kept, by=me(request), now=clock.now(), **data),
        )
        if not form.errors:
            messages.success(request, _("The touchpoint is saved."))
            return go(request, "survey-journey")
    context = {"form": form, "touchpoint": found}
    status = 422 if form.errors else 200
    return page(request, "surveys/touchpoint_form.html", context, status=status)
