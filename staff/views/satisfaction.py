"""The survey of staff: its rounds, answering, results (S-20)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from staff import groups
from staff import satisfaction as reading
from staff.actions import satisfaction as actions
from staff.forms.satisfaction import AnswerForm, RoundForm
from staff.models import StaffRound

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    open_now = reading.open_round(now)
    context = {
        "rounds": StaffRound.objects.all(),
        "open": open_now,
        "has_answered": open_now and reading.has_answered(open_now, person),
        "may_edit": sees_everything(person, actions.EDIT),
    }
    return page(request, "staff/satisfaction_list.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require_everywhere(person, actions.EDIT)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and not form.is_bound:
        form = RoundForm({})
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.begin(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The round is set."))
            return go(request, "satisfaction-round", made.quarter)
    status = 422 if form.errors else 200
    return page(request, "staff/satisfaction_form.html", {"form": form}, status=status)


@require_safe
def results(request: HttpRequest, quarter: str) -> HttpResponse:
    """Nothing is told before the end: two looks would tell the answers in between."""
    person = me(request)
    require(person, reading.SEE)
    of = get_object_or_404(StaffRound, quarter=quarter)
    found = reading.results(of, person, now=clock.now())
    chosen = next(
        (row for row in found.groups if row.branch and row.branch.code == request.GET.get("group")),
        found.company,
    )
    context = {"results": found, "round": of, "chosen": chosen}
    if chosen:
        context["statements"] = list(zip(of.questions, chosen.statements, strict=True))
    return page(request, "staff/satisfaction.html", context)


@GET_POST
def answer(request: HttpRequest, quarter: str) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, actions.ANSWER)
    of = get_object_or_404(StaffRound, quarter=quarter)
    form = AnswerForm(request.POST or None, of=of, groups=groups.offered(person))
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.answer(of=of, by=person, now=now, **form.said()))
        if not form.errors:
            messages.success(request, _("Thank you. Your answer is counted; nobody sees it apart."))
            return go(request, "satisfaction-round", of.quarter)
    context = {
        "form": form,
        "round": of,
        "has_answered": reading.has_answered(of, person),
        "is_open": reading.open_round(now) == of,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/satisfaction_answer.html", context, status=status)
