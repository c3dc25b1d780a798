"""New people: the list of plans, one plan, and the acts on it (T-13)."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.views import rectification
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts
from staff.actions import induction as actions
from staff.forms.induction import (
    AssessForm,
    ConfirmForm,
    DecideForm,
    MentorForm,
    PlanForm,
    StepDoneForm,
    StepForm,
)
from staff.models import Induction, InductionStatus
from staff.models.induction import ENDED


@require_safe
def inductions(request: HttpRequest) -> HttpResponse:
    """Those that the person may see: their own, whom they mentor, or of their branches."""
    person = me(request)
    rows = visible(Induction, person)
    kinds = {
        "running": (_("Running"), Q(status=InductionStatus.RUNNING)),
        "proposed": (_("Mentor to confirm"), Q(status=InductionStatus.PROPOSED)),
        "ended": (_("Ended"), Q(status__in=ENDED)),
    }
    view, tabs = rectification.views(rows, kinds, request.GET.get("view", ""))
    shown = rows.filter(kinds[view][1]).select_related("person", "mentor", "branch")
    context = {
        "found": keyset.page(shown, order=("-id",), params=request.GET),
        "tabs": tabs,
        "view": view,
        "may_plan": can(person, actions.PLAN),
    }
    return page(request, "staff/induction_list.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.PLAN)
    form = PlanForm(request.POST or None, planner=person)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.plan(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The plan is made. HR confirms the mentor."))
            return go(request, "induction", made.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/induction_form.html", {"form": form}, status=status)


@require_safe
def induction(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _induction_or_404(request, pk), now=clock.now())


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Proposed. HR confirms the mentor.")
    return ACTS.do(request, pk, MentorForm, actions.propose, may=actions.PLAN, done=done)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The mentor is confirmed.")
    return ACTS.do(request, pk, ConfirmForm, actions.confirm, may=actions.CONFIRM, done=done)


@require_POST
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_guide, _("The step is added.")
    return ACTS.do(request, pk, StepForm, actions.add_step, may=may, done=done)


@require_POST
def finish_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticked off by anybody who sees the plan and takes part."""
    may, done = actions.require_part, _("The step is done.")
    return ACTS.do(request, pk, StepDoneForm, actions.finish_step, may=may, done=done)


@require_POST
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_guide, _("The assessment is written.")
    return ACTS.do(request, pk, AssessForm, actions.assess, may=may, done=done)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Decided with the grounds.")
    return ACTS.do(request, pk, DecideForm, actions.decide, may=actions.PLAN, done=done)


def _induction_or_404(request: HttpRequest, pk: int) -> Induction:
    rows = visible(Induction, me(request)).select_related(
        "person", "mentor", "branch", "proposed_by", "confirmed_by", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: Induction,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    acts = actions.acts(row, me(request))
    today = timezone.localdate(now)
    assessments = list(row.assessments.select_related("by"))
    following = next((one for one in assessments if one.at is None), None)
    is_due = following is not None and today >= following.due_on - actions.EARLY
    kinds: dict[str, tuple[str, Callable[[], object]]] = {
        "propose": ("mentoring", lambda: sent_or_fresh(MentorForm, row, act)),
        "add_step": ("adding", lambda: sent_or_fresh(StepForm, row, act)),
        "assess": ("assessing", lambda: sent_or_fresh(AssessForm, row, act)),
        "decide": ("deciding", lambda: sent_or_fresh(DecideForm, row, act)),
    }
    context = {
        "induction": row,
        "steps": list(row.steps.select_related("done_by")),
        "assessments": assessments,
        "following": following if is_due else None,
        "today": today,
        "acts": acts,
        "form": act,
        **{noun: make() for name, (noun, make) in kinds.items() if name in acts},
    }
    return page(request, "staff/induction.html", context, status=status)


ACTS = Acts("induction", "induction", _induction_or_404, _show)
