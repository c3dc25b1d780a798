"""One survey: how it stands, its sample, and its acts."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.doors import attempt, me
from surveys import reading
from surveys.actions import drawing
from surveys.actions import surveys as actions
from surveys.forms.acts import VersionForm
from surveys.frames import frame_of
from surveys.models import Survey
from surveys.sampling import sizes

PAGE = "surveys/survey.html"


@require_safe
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, survey_or_404(request, pk))


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the sample; a large one goes on behind the page, which says how far it is."""
    found = survey_or_404(request, pk)
    return _act(request, found, lambda **given: _drawn(found, request, **given))


def _drawn(found: Survey, request: HttpRequest, **given: Any) -> None:
    if drawing.draw(survey=found, **given) is None:
        messages.success(request, _("The sample is drawn."))


@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    found = survey_or_404(request, pk)
    words = _("The survey is running.")
    return _act(request, found, lambda **given: actions.open_(survey=found, **given), words)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = survey_or_404(request, pk)
    words = _("The survey is closed. Nobody is asked any more.")
    return _act(request, found, lambda **given: actions.close(survey=found, **given), words)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = survey_or_404(request, pk)
    actions.delete(survey=found, by=me(request), now=clock.now())
    messages.success(request, _("The survey was thrown away."))
    return go(request, "surveys")


def survey_or_404(request: HttpRequest, pk: int) -> Survey:
    rows = reading.listed(me(request)).select_related("drawn_by", "draw_job", "category")
    found: Survey = get_object_or_404(rows, pk=pk)
    return found


def _act(
    request: HttpRequest, found: Survey, act: Callable[..., object], words: str = ""
) -> HttpResponse:
    form = VersionForm(request.POST)
    if form.is_valid():
        version = form.cleaned_data["version"]
        attempt(form, lambda: act(by=me(request), now=clock.now(), version=version))
    if form.errors:
        return _show(request, found, form=form, status=422)
    if words:
        messages.success(request, words)
    return go(request, "survey", found.pk)


def _show(
    request: HttpRequest, found: Survey, *, form: VersionForm | None = None, status: int = 200
) -> HttpResponse:
    sight = reading.sight_of(found, me(request))
    frame = frame_of(found, now=clock.now()) if sight.may_draw and not sight.job else None
    context = {
        "survey": found,
        "sight": sight,
        "form": form,
        "counters": sight.counters if sight.has_counters else [],
        # What a draw would find just now.
        "frame": frame,
        "sample": sizes(found, frame) if frame else None,
    }
    return page(request, PAGE, context, part="sample", status=status)
