"""The caller sheet of a survey by phone (S-01)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import require, visible
from organisation.doors import attempt, me
from surveys import calling
from surveys.actions import calls as actions
from surveys.forms.acts import CallForm
from surveys.models import CallOutcome, Invitation, Survey
from surveys.views.survey import survey_or_404

PAGE = "surveys/calls.html"


@require_safe
def calls(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to call next; the first of them, or the one that is named, beside the queue."""
    survey = survey_or_404(request, pk)
    require(me(request), actions.ENTER)
    return _show(request, survey)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer on GET, what came of the call on POST."""
    found, person = invitation_or_404(request, pk), me(request)
    require(person, actions.ENTER, found)
    if request.method != "POST":
        return _show(request, found.survey, found)
    form = CallForm(request.POST)
    if form.is_valid():
        given = form.given()
        made = attempt(
            form,
            lambda: actions.record(invitation=found, by=person, now=clock.now(), **given),
        )
        if made is not None:
            return _onwards(request, found, made.outcome, has_time=made.next_at is None)
    return _show(request, found.survey, found, form=form, status=422)


def _onwards(
    request: HttpRequest, found: Invitation, outcome: str, *, has_time: bool
) -> HttpResponse:
    """Whoever was reached and has time is asked at once; else the next customer."""
    if outcome == CallOutcome.REACHED and has_time:
        return redirect("survey-enter", found.pk)
    messages.success(request, _("The call is written down."))
    return redirect("survey-calls", found.survey_id)


@require_POST
@cache_control(private=True, no_store=True)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the whole numbers on it; who looked stays on record."""
    found = invitation_or_404(request, pk)
    actions.reveal(invitation=found, by=me(request), now=clock.now())
    return _show(request, found.survey, found, is_revealed=True)


def invitation_or_404(request: HttpRequest, pk: int) -> Invitation:
    related = ("survey__branch", "survey__edition__questionnaire", "customer", "branch")
    return get_object_or_404(visible(Invitation, me(request)).select_related(*related), pk=pk)


def _show(
    request: HttpRequest,
    survey: Survey,
    found: Invitation | None = None,
    *,
    form: CallForm | None = None,
    is_revealed: bool = False,
    status: int = 200,
) -> HttpResponse:
    person, now = me(request), clock.now()
    queue = calling.queue(survey, person, now=now)
    chosen = found or (queue[0] if queue else None)
    context: dict[str, Any] = {
        "survey": survey,
        "queue": queue,
        "is_queue": found is None,
        "count": calling.waiting(survey, person).count(),
        "is_revealed": is_revealed,
        "now": now,
    }
    if chosen is not None:
        context |= calling.beside(chosen, person)
        blank = CallForm(initial={"version": chosen.version})
        context["form"] = form or (blank if chosen.is_open else None)
    return page(request, PAGE, context, status=status)
