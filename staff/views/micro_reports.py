"""Micro-reports: what all staff read, and how a story gets there (T-01 … T-03)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.models import Complaint, WorkOrder
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from organisation.models import Person
from staff import report_reading as reading
from staff.actions import micro_reports as actions
from staff.forms.micro_reports import ReasonForm, ReturnForm, StoryForm, WithdrawForm
from staff.models import TOLD, MicroReport, MorningMeeting, ReportStatus, Turn

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 20


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What is published, by week, newest first; above it what waits for the reader."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    search = request.GET.get("search", "").replace("\0", "")[:100]
    rows = reading.published(person, search)
    found = keyset.page(rows, order=("-published_at", "-pk"), params=request.GET, size=SIZE)
    quarter = reading.quarter("", now)
    context = {
        "found": found,
        "search": search,
        "punctual": reading.punctuality(now, quarter),
        "waiting": _to_review(person),
        "mine": _to_write(person),
        "swaps": reading.to_answer(person),
        "withdrawn": reading.withdrawn(person)[:SIZE],
    }
    return page(request, "staff/micro_report_list.html", context, part="list")


def _to_review(person: Person) -> list[MicroReport]:
    if not can(person, reading.REVIEW):
        return []
    rows = visible(MicroReport, person).filter(status=ReportStatus.SUBMITTED)
    found = rows.select_related("branch", "turn").order_by("turn__monday")
    return [row for row in found if can(person, reading.REVIEW, row)]


def _to_write(person: Person) -> list[tuple[Turn, MicroReport | None]]:
    """The next turns of the branches that one writes for, with what is written."""
    if not can(person, reading.WRITE):
        return []
    branches = reading.branches_of(person, reading.WRITE)
    if len(branches) > MOST_BRANCHES:
        return []
    rows = reading.rotation(clock.now()).filter(branch__in=branches)
    mine = [row for row in rows[: len(branches)] if can(person, reading.WRITE, row)]
    return [(row, getattr(row, "report", None)) for row in mine]


# Whoever writes for more is at a desk of the headquarters: the rotation shows it.
MOST_BRANCHES = 5


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _report_or_404(request, pk))


@GET_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The story of a turn: saved as often as one likes, each time with what colleagues read."""
    person = me(request)
    require(person, actions.WRITE)
    turn = get_object_or_404(visible(Turn, person).select_related("branch"), pk=pk)
    require(person, actions.WRITE, turn)
    related = ("complaint", "work_order", "branch", "turn")
    known = MicroReport.objects.filter(turn=turn).select_related(*related).first()
    form = StoryForm(request.POST or None, writer=person, report=known)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        made = attempt(form, lambda: _write(turn, form, person, version))
        if made is not None:
            messages.success(request, _("The story is saved. This is what colleagues read."))
            return go(request, "micro-report", made.pk)
    if request.method != "POST" and known is not None and not known.is_writable:
        return go(request, "micro-report", known.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form.shown(), "turn": turn, "report": known}
    return page(request, "staff/micro_report_form.html", context, status=status)


def _write(turn: Turn, form: StoryForm, person: Person, version: int | None) -> MicroReport:
    return actions.write(turn=turn, story=form.given(), by=person, now=clock.now(), version=version)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _report_or_404(request, pk), _version(request)
    require(me(request), actions.WRITE, found)
    return _done(request, found, form, actions.submit, _("The story is handed in."))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _report_or_404(request, pk), _version(request)
    require(me(request), actions.REVIEW, found)
    return _done(request, found, form, actions.approve, _("The report is approved and numbered."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _report_or_404(request, pk), WithdrawForm(request.POST)
    require(me(request), actions.REVIEW, found)
    done = _("The report is withdrawn. The branches are told why.")
    return _done(request, found, form, actions.withdraw, done)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = _report_or_404(request, pk), ReturnForm(request.POST)
    require(me(request), actions.REVIEW, found)
    return _done(request, found, form, actions.send_back, _("The report goes back to its branch."))


def _done(
    request: HttpRequest,
    found: MicroReport,
    form: ReasonForm,
    act: Callable[..., None],
    words: str,
) -> HttpResponse:
    """The act with what the form says; the page with what is wrong, where it is refused."""
    if form.is_valid():
        said, now = form.cleaned_data, clock.now()
        attempt(form, lambda: act(report=found, by=me(request), now=now, **said))
    if form.is_bound and not form.errors:
        messages.success(request, words)
        return go(request, "micro-report", found.pk)
    return _show(request, found, form=form, status=422)


def _version(request: HttpRequest) -> ReasonForm:
    """Only the version that was read."""
    form = ReturnForm(request.POST)
    del form.fields["reason"]
    return form


def _report_or_404(request: HttpRequest, pk: int) -> MicroReport:
    people = ("written_by", "submitted_by", "reviewed_by", "withdrawn_by")
    related = ("complaint", "work_order", *people)
    return get_object_or_404(reading.readable(me(request)).select_related(*related), pk=pk)


def _show(
    request: HttpRequest,
    found: MicroReport,
    *,
    form: ReasonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person, now = me(request), clock.now()
    reads_raw = reading.reads_raw(person, found)
    may_review = can(person, actions.REVIEW, found)
    is_own = may_review and person.pk in found.writers
    is_published, is_told = found.status == ReportStatus.PUBLISHED, found.status in TOLD
    writes_still = reads_raw and not is_told
    total, lines = reading.awareness(reading.asked_about(found)) if is_told else (None, [])
    context = {
        "report": found,
        "form": form or _form(found),
        "link": _link(person, found),
        "reads_raw": reads_raw,
        # Once published, colleagues of the writer may be asked them, too.
        "questions": found.questions.all() if may_review or writes_still else (),
        "can_write": found.is_writable and can(person, actions.WRITE, found),
        "can_review": found.status == ReportStatus.SUBMITTED and may_review and not is_own,
        "may_review": may_review,
        "may_withdraw": is_published and may_review,
        "is_told": is_told,
        "is_due": found.turn.has_begun(now),
        "steps": found.turn.steps.select_related("by") if reads_raw else (),
        "total": total,
        "lines": lines,
        "meetings": _meetings(found) if is_told else (),
        "to_record": _to_record(person, found) if is_published else (),
    }
    return page(request, "staff/micro_report.html", context, status=status)


def _form(found: MicroReport) -> ReasonForm:
    kind = WithdrawForm if found.status == ReportStatus.PUBLISHED else ReturnForm
    return kind(initial={"version": found.version})


def _link(person: Person, found: MicroReport) -> Complaint | WorkOrder | None:
    """What it tells of, for those who see that."""
    if found.complaint_id:
        return visible(Complaint, person).filter(pk=found.complaint_id).first()
    if found.work_order_id:
        return visible(WorkOrder, person).filter(pk=found.work_order_id).first()
    return None


def _meetings(found: MicroReport) -> list[MorningMeeting]:
    rows = MorningMeeting.objects.filter(report=found)
    return list(rows.select_related("branch", "recorded_by").prefetch_related("attendees"))


def _to_record(person: Person, found: MicroReport) -> list[Any]:
    """The branches whose meeting this person records."""
    if not can(person, reading.ARRANGE):
        return []
    rows = reading.branches_of(person, reading.ARRANGE)
    return [branch for branch in rows if can(person, reading.ARRANGE, branch)]
