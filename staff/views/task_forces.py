"""Task forces: the list, one with its duties, one duty with its reports (O-04)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts
from staff import task_forces as reading
from staff.actions import task_forces as actions
from staff.forms.task_forces import (
    DropForm,
    DutyForm,
    EndForm,
    ReportForm,
    TaskForceEditForm,
    TaskForceForm,
)
from staff.models import Duty, DutyStatus, TaskForce
from staff.models.task_force import EDIT, SEE

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def forces(request: HttpRequest) -> HttpResponse:
    """Newest first, with one's own duties."""
    person = me(request)
    require(person, SEE)
    is_open = Q(duties__status=DutyStatus.OPEN)
    rows = visible(TaskForce, person).select_related("lead", "branch")
    rows = rows.annotate(open_duties=Count("duties", filter=is_open, distinct=True))
    context = {
        "found": keyset.page(rows, order=("-id",), params=request.GET),
        "mine": reading.mine(person),
        "may_add": can(person, EDIT),
    }
    return page(request, "staff/task_force_list.html", context, part="list")


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, EDIT)
    form = TaskForceForm(request.POST or None, keeper=person)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.create(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The task force is set up. Give the departments duties."))
            return go(request, "task-force", made.pk)
    return _form(request, form)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, row = me(request), _force_or_404(request, pk)
    require(person, EDIT, row)
    form = TaskForceEditForm(request.POST or None, force=row)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.edit(force=row, by=person, now=now, **given))
        if not form.errors:
            messages.success(request, _("The task force is saved."))
            return go(request, "task-force", pk)
    return _form(request, form, force=row)


@require_safe
def force(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _force_or_404(request, pk), now=clock.now())


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The task force has ended.")
    return FORCE.do(request, pk, EndForm, actions.end, may=EDIT, done=done)


@require_POST
def add_duty(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The duty is given.")
    may = _lead_of_force
    return FORCE.do(request, pk, DutyForm, actions.add_duty, may=may, done=done)


@require_safe
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    return _show_duty(request, _duty_or_404(request, pk), now=clock.now())


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    is_last = request.POST.get("do") == "finish"
    act = actions.finish if is_last else actions.report
    done = _("The duty is done.") if is_last else _("Your report is kept.")
    may = actions.require_responsible
    return DUTY.do(request, pk, ReportForm, act, may=may, done=done)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The duty is dropped.")
    return DUTY.do(request, pk, DropForm, actions.drop, may=_lead_of_duty, done=done)


def _lead_of_force(row: TaskForce, *, by: Any) -> None:
    actions.require_lead(row, by=by)


def _lead_of_duty(row: Duty, *, by: Any) -> None:
    actions.require_lead(row.force, by=by)


def _force_or_404(request: HttpRequest, pk: int) -> TaskForce:
    return visible_or_404(TaskForce, me(request), pk=pk)


def _duty_or_404(request: HttpRequest, pk: int) -> Duty:
    return visible_or_404(Duty, me(request), pk=pk)


def _show(
    request: HttpRequest,
    row: TaskForce,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    acts = actions.acts(row, me(request))
    context = {
        "force": row,
        "departments": reading.departments(row, me(request), now=now),
        "acts": acts,
        "form": act,
        "add": sent_or_fresh(DutyForm, row, act) if "add_duty" in acts else None,
        "end": sent_or_fresh(EndForm, row, act) if "end" in acts else None,
    }
    return page(request, "staff/task_force.html", context, status=status)


def _show_duty(
    request: HttpRequest,
    row: Duty,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    acts = actions.acts(row, me(request))
    context = {
        "duty": row,
        "is_late": reading.is_late(row, now=now),
        "reports": list(row.reports.select_related("by")),
        "form": act,
        "report": sent_or_fresh(ReportForm, row, act) if "report" in acts else None,
        "drop": sent_or_fresh(DropForm, row, act) if "drop" in acts else None,
    }
    return page(request, "staff/duty.html", context, status=status)


def _form(request: HttpRequest, form: BaseForm, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/task_force_form.html", {"form": form, **context}, status=status)


FORCE = Acts("task-force", "force", _force_or_404, _show)
DUTY = Acts("duty", "duty", _duty_or_404, _show_duty)
