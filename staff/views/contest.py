"""The contest of a quarter: its plans by phase, its results, who was in time (T-06, T-23)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from complaints.views.tabs import tabs
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, require_everywhere
from organisation.doors import attempt, me
from organisation.views.acting import act
from staff import contests as reading
from staff.actions import contests as actions
from staff.forms.contest import AnnounceForm, ContestForm
from staff.models import PHASES, Contest, InnovationAward, Practice

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def contest(request: HttpRequest) -> HttpResponse:
    """The plans that the person sees, by phase; of the newest contest, or the one asked for."""
    person = me(request)
    require(person, reading.SEE)
    found = list(Contest.objects.all())
    asked = request.GET.get("contest", "")
    chosen = next((each for each in found if asked in ("", each.period)), None)
    if asked and chosen is None:
        raise Http404
    seen = reading.seen_plans(person).filter(contest=chosen)
    view = request.GET.get("view", "")
    view = view if view in PHASES else "plan"
    counts = seen.order_by().aggregate(
        **{name: Count("pk", filter=q) for name, q in PHASES.items()}
    )
    rows = seen.filter(PHASES[view]).select_related("branch", "contest").prefetch_related("texts")
    context = {
        "contests": found,
        "contest": chosen,
        "tabs": tabs(_phases().items(), request.GET, name="view", current=view, counts=counts),
        "view": view,
        "found": keyset.page(rows, order=("-pk",), params=request.GET),
        "may_write": can(person, reading.WRITE) and any(each.is_open for each in found),
        "may_run": reading.runs(person),
        "may_judge": reading.judges(person),
        "corrections": chosen.corrections.select_related("by") if chosen else (),
    }
    return page(request, "staff/contest.html", context, part="list")


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), reading.RUN)
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, now = form.given(), clock.now()
        made = attempt(form, lambda: actions.open_contest(by=me(request), now=now, **given))
        if made is not None:
            messages.success(request, _("The contest is open. The branch managers are told."))
            return go(request, "contest")
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/contest_form.html", {"form": form.shown()}, status=status)


@GET_POST
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The winners with their figures; before the announcement, the marks for who runs it."""
    person, row = me(request), get_object_or_404(Contest, pk=pk)
    require(person, reading.SEE)
    if row.is_open or request.method == "POST":
        require_everywhere(person, reading.RUN)
    if request.method != "POST":
        return _results(request, row, now=clock.now())
    form = AnnounceForm(row, reading.results(row), request.POST)
    now = clock.now()
    return act(
        request,
        form,
        lambda _given: actions.announce(contest=row, by=person, now=now, **form.given()),
        done=_("The winners are announced, and their points are given."),
        show=lambda sent, status: _results(request, row, now=now, sent=sent, status=status),
        to=("contest-results", pk),
    )


def _results(
    request: HttpRequest, row: Contest, *, now: datetime, sent: Any = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"contest": row, "criteria": row.criteria.all()}
    if reading.runs(me(request)):
        rows = reading.results(row)
        context["rows"] = rows
        is_ready = row.is_open and bool(rows) and not actions.waits_for_marks(row, rows, now)
        if sent or is_ready:
            context["form"] = sent or AnnounceForm(row, rows)
    awards = InnovationAward.objects.filter(contest=row).select_related("plan__branch")
    context["awards"] = awards.prefetch_related("shares__person", "plan__texts")
    return page(request, "staff/contest_results.html", context, status=status)


@require_safe
def timeliness(request: HttpRequest) -> HttpResponse:
    """The share of plans in time, of each branch that the person sees (T-07)."""
    person = me(request)
    require(person, reading.SEE)
    rows = [row for row in reading.timeliness(person, now=clock.now()) if row.due]
    context = {"rows": rows, "total": reading.together(rows)}
    return page(request, "staff/contest_timeliness.html", context)


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """Good practice, for everybody (T-10)."""
    require(me(request), reading.SEE)
    rows = Practice.objects.select_related("plan__branch", "plan__contest")
    found = keyset.page(rows, order=("-pk",), params=request.GET, size=20)
    return page(request, "staff/practices.html", {"found": found}, part="list")


def _phases() -> dict[str, str]:
    return {
        "plan": pgettext("phase of a plan", "To write"),
        "submit": pgettext("phase of a plan", "Submitted"),
        "feedback": pgettext("phase of a plan", "Carried out now"),
        "review": pgettext("phase of a plan", "In the review"),
        "ended": pgettext("phase of a plan", "Announced"),
    }
