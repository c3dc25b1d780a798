"""Sessions of courses: planning one, its page, who came, cancelling (T-18)."""

from datetime import datetime

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import places, require, visible
from organisation.doors import attempt, me
from organisation.forms.records import sent_or_fresh
from organisation.models import Branch
from organisation.views.acting import Acts
from staff import training as reading
from staff.actions import training as actions
from staff.forms.training import CancelForm, RecordSessionForm, SessionForm
from staff.models import Attendance, Course, TrainingSession
from staff.models.training import EDIT


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """At a branch that `branch` names; else where the person first may."""
    person = me(request)
    require(person, reading.SEE)
    course = get_object_or_404(Course, pk=pk)
    require(person, EDIT)
    offered = places(person, EDIT)
    code = request.GET.get("branch", "")
    chosen = next((each for each in offered if each.code == code), offered[0])
    branch = Branch.objects.get(pk=chosen.pk)
    form = SessionForm(request.POST or None, branch=branch)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(
            form,
            lambda: actions.plan_session(course=course, branch=branch, by=person, now=now, **given),
        )
        if made is not None:
            messages.success(request, _("The session is planned; those invited are told."))
            return go(request, "training-session", made.pk)
    context = {"form": form, "course": course, "places": offered, "chosen": chosen}
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/session_form.html", context, status=status)


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _session_or_404(request, pk), now=clock.now())


@require_POST
def record(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_recorder, _("Recorded.")
    return ACTS.do(request, pk, RecordSessionForm, actions.record, may=may, done=done)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Cancelled; those invited are told.")
    return ACTS.do(request, pk, CancelForm, actions.cancel, may=EDIT, done=done)


def _session_or_404(request: HttpRequest, pk: int) -> TrainingSession:
    rows = visible(TrainingSession, me(request)).select_related(
        "course", "branch", "trainer", "planned_by", "recorded_by"
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: TrainingSession,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    acts = actions.acts(row, person, now=now)
    seen = row.attendance.select_related("person", "branch")
    if person.pk != row.trainer_id:
        seen = seen.filter(pk__in=visible(Attendance, person).values("pk"))
    context = {
        "session": row,
        "attendance": list(seen),
        "acts": acts,
        "recording": sent_or_fresh(RecordSessionForm, row, act) if "record" in acts else None,
        "form": act,
    }
    return page(request, "staff/session.html", context, status=status)


ACTS = Acts("training-session", "session", _session_or_404, _show)
