"""One plan of the contest: begun, written, submitted, judged fit, told about (T-07, T-21)."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import can, require
from organisation.doors import attempt, me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts
from organisation.views.acting import act as act_on
from organisation.views.files import hand_out
from staff import contests as reading
from staff.actions import contest_awards, contest_reports
from staff.actions import contest_plans as actions
from staff.forms.contest_plans import (
    ActForm,
    BeginForm,
    PromoteForm,
    ReportForm,
    ReturnForm,
    WriteForm,
)
from staff.models import Plan, PlanReport, PlanStatus, Practice, ReportFile

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin a plan; then it is written."""
    person = me(request)
    require(person, reading.WRITE)
    form = BeginForm(request.POST or None, writer=person)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.begin(by=person, now=now, **given))
        if made is not None:
            return go(request, "contest-plan-edit", made.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/contest_plan_new.html", {"form": form}, status=status)


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _plan_or_404(request, pk), now=clock.now())


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan says, until it is submitted."""
    if request.method == "POST":
        done = _("The plan is saved. Submit it when it is complete.")
        return WRITING.do(request, pk, WriteForm, actions.save, may=reading.WRITE, done=done)
    row = _plan_or_404(request, pk)
    require(me(request), reading.WRITE, row)
    if not row.is_writable or not row.contest.is_open:
        messages.info(request, _("The plan is submitted: nothing can change it any more."))
        return go(request, "contest-plan", pk)
    return _write(request, row, now=clock.now())


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The plan is submitted. Nothing can change it any more.")
    return ACTS.do(request, pk, ActForm, actions.submit, may=reading.WRITE, done=done)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft goes; then there is nothing to come back to but the list."""
    row, person = _plan_or_404(request, pk), me(request)
    require(person, reading.WRITE, row)
    return act_on(
        request,
        ActForm(row, request.POST),
        lambda given: actions.discard(plan=row, by=person, **given),
        done=_("The draft is thrown away."),
        show=lambda form, status: _show(request, row, now=clock.now(), act=form, status=status),
        to=("contest",),
    )


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_decider, _("The plan is returned with the reason.")
    return ACTS.do(request, pk, ReturnForm, actions.give_back, may=may, done=done)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_decider, _("The plan qualifies. The branch is told.")
    return ACTS.do(request, pk, ActForm, actions.accept, may=may, done=done)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Feedback, with evidence."""
    done = _("The feedback is recorded.")
    return ACTS.do(request, pk, ReportForm, contest_reports.report, may=reading.WRITE, done=done)


@require_POST
def promote(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_decider, _("It is among the good practice now.")
    return ACTS.do(request, pk, PromoteForm, contest_awards.promote, may=may, done=done)


@require_safe
def file(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    """Evidence, to those who see the plan."""
    links = ReportFile.objects.filter(report__plan=_plan_or_404(request, pk))
    return hand_out(request, links, file_id)


def _plan_or_404(request: HttpRequest, pk: int) -> Plan:
    rows = reading.seen_plans(me(request)).select_related("branch", "contest", "created_by")
    return get_object_or_404(reading.with_text(rows), pk=pk)


def _show(
    request: HttpRequest,
    row: Plan,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person, is_open = me(request), row.contest.is_open
    may_write = is_open and can(person, reading.WRITE, row)
    may_run = reading.runs(person)
    files = Prefetch("files", ReportFile.objects.select_related("file"))
    reports = PlanReport.objects.filter(plan=row).select_related("by").prefetch_related(files)
    context = {
        "plan": row,
        "text": row.newest,
        "earlier": list(row.texts.all())[:-1],
        "reports": reports,
        "may_edit": may_write and row.is_writable,
        "may_discard": may_write and row.status == PlanStatus.DRAFT,
        "may_decide": may_run and is_open and row.status == PlanStatus.SUBMITTED,
        "may_report": may_write and row.status == PlanStatus.RUNNING,
        "may_promote": may_run and not is_open and row.status == PlanStatus.REPORTED,
        "practice": Practice.objects.filter(plan=row).first(),
        "awards": row.awards.all(),
        "return_form": sent_or_fresh(ReturnForm, row, act),
        "report_form": sent_or_fresh(ReportForm, row, act),
        "promote_form": sent_or_fresh(PromoteForm, row, act),
        "form": act,
    }
    return page(request, "staff/contest_plan.html", context, status=status)


def _write(
    request: HttpRequest,
    row: Plan,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"plan": row, "form": sent_or_fresh(WriteForm, row, act).shown()}
    return page(request, "staff/contest_plan_form.html", context, status=status)


ACTS = Acts("contest-plan", "plan", _plan_or_404, _show)
WRITING = Acts("contest-plan", "plan", _plan_or_404, _write)
