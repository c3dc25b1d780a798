"""Morning meetings, spot-checks of awareness, and how well branches know the stories (T-05)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, periods
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from organisation.models import Branch, Person
from staff import report_reading as reading
from staff.actions import awareness as actions
from staff.forms.awareness import AnswerForm, DrawForm, MeetingForm, PhoneForm
from staff.models import AskedPerson, MicroReport, MorningMeeting, ReportStatus

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """The morning meeting of a branch: who was there, and when."""
    person = me(request)
    require(person, actions.ARRANGE)
    report = _published_or_404(request, pk)
    branch = _branch_or_404(request, person)
    known = MorningMeeting.objects.filter(report=report, branch=branch).first()
    form = MeetingForm(
        request.POST or None,
        branch=branch,
        branches=reading.branches_of(person, actions.ARRANGE),
        known=known,
        held_on=timezone.localdate(clock.now()),
    )
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(
            form, lambda: actions.record_meeting(report=report, by=person, now=now, **given)
        )
        if made is not None:
            messages.success(request, _("The meeting is recorded."))
            return go(request, "micro-report", pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "report": report, "branch": branch, "known": known}
    return page(request, "staff/meeting_form.html", context, status=status)


def _branch_or_404(request: HttpRequest, person: Person) -> Branch:
    """The one that was sent or asked for, else the first of one's own."""
    rows = reading.branches_of(person, actions.ARRANGE)
    mine = [branch for branch in rows if can(person, actions.ARRANGE, branch)]
    sent, asked = request.POST.get("branch", ""), request.GET.get("branch", "")
    named = [branch for branch in mine if str(branch.pk) == sent or branch.code == asked]
    found = next(iter(named or ([] if sent or asked else mine)), None)
    if found is None:
        raise Http404
    return found


@GET_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was drawn, who has answered, and how many know the story; the draw, once."""
    person = me(request)
    require(person, actions.REVIEW)
    report = _published_or_404(request, pk)
    require(person, actions.REVIEW, report)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        size, now = form.cleaned_data["per_branch"], clock.now()
        made = attempt(
            form, lambda: actions.draw(report=report, per_branch=size, by=person, now=now)
        )
        if made is not None:
            messages.success(request, _("The people are drawn. Everybody has a message."))
            return go(request, "awareness-check", pk)
    rows = visible(AskedPerson, person).filter(spot_check__report=report)
    total, lines = reading.awareness(reading.asked_about(report))
    context = {
        "report": report,
        "form": form,
        "found": reading.check_of(report),
        "people": rows.select_related("person", "branch", "typed_by"),
        "total": total,
        "lines": lines,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/awareness_check.html", context, status=status)


@GET_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of whoever was drawn; for the quality manager, what was said on the phone."""
    person = me(request)
    rows = visible(AskedPerson, person).select_related("person", "branch", "spot_check__report")
    asked = get_object_or_404(rows, pk=pk)
    is_own = asked.person_id == person.pk
    if not is_own:
        require(person, actions.REVIEW, asked)
    form = (AnswerForm if is_own else PhoneForm)(request.POST or None, asked=asked)
    report = asked.spot_check.report
    is_open = (
        asked.answered_at is None
        and clock.now() < asked.spot_check.closes_at
        and not report.is_withdrawn
    )
    if request.method == "POST" and (form.is_valid() or not is_open):
        given = form.given() if form.is_valid() else []
        if attempt(form, lambda: (_answer(asked, given, person, is_own=is_own), True)):
            messages.success(request, _("The answers are noted."))
            if is_own:
                return go(request, "awareness-answer", pk)
            return go(request, "awareness-check", asked.spot_check.report_id)
    context = {"asked": asked, "form": form, "is_own": is_own, "is_open": is_open}
    context["is_hidden"] = report.is_withdrawn and not can(person, actions.REVIEW, report)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/awareness_answer.html", context, status=status)


def _answer(asked: AskedPerson, given: list[object], person: Person, *, is_own: bool) -> bool:
    now = clock.now()
    if is_own:
        return actions.answer(asked=asked, chosen=[str(each) for each in given], by=person, now=now)
    return actions.type_in(asked=asked, marks=[bool(each) for each in given], by=person, now=now)


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """How well each branch knew the stories of a quarter, fairly ordered (F-13)."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    try:
        quarter = reading.quarter(request.GET.get("quarter", ""), now)
    except ValueError as error:
        raise Http404 from error
    total, lines = reading.awareness(reading.asked_in(quarter))
    context = {
        "label": periods.label(quarter),
        "previous_url": f"?quarter={quarter.previous.key}",
        "next_url": f"?quarter={quarter.following.key}" if quarter.has_ended(now) else "",
        "total": total,
        "lines": lines,
    }
    return page(request, "staff/awareness_ranking.html", context)


def _published_or_404(request: HttpRequest, pk: int) -> MicroReport:
    rows = reading.readable(me(request)).filter(status=ReportStatus.PUBLISHED)
    return get_object_or_404(rows, pk=pk)
