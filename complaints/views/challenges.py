"""Challenges of a complaint: raising one for the customer, answering it; following (C-22)."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.actions import challenges as actions
from complaints.actions import following
from complaints.forms.challenges import AnswerForm, ChallengeForm
from complaints.models import Challenge, Complaint, Timer
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import require, visible
from organisation.doors import attempt, me

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
def challenges(request: HttpRequest, number: str) -> HttpResponse:
    """Those of a complaint, and the form for another."""
    complaint, now = complaint_or_404(request, number), clock.now()
    if request.method != "POST":
        return _all(request, complaint, _blank(complaint, now), now)
    if not following.speaks_for_customer(complaint, me(request), actions.CHALLENGE):
        require(me(request), actions.CHALLENGE, complaint)
    form = _blank(complaint, now, request.POST)
    if form.is_valid():
        given = form.given()
        attempt(
            form, lambda: actions.challenge(complaint=complaint, by=me(request), now=now, **given)
        )
        if not form.errors:
            messages.success(request, _("The issuing unit is asked to answer."))
            return see("complaint", number)
    return _all(request, complaint_or_404(request, number), form, now, status=422)


def _blank(complaint: Complaint, now: datetime, *data: object) -> ChallengeForm:
    return ChallengeForm(
        *data,
        complaint=complaint,
        timers=actions.challengeable(complaint, now=now),
        has_result=actions.has_result(complaint),
    )


def _all(
    request: HttpRequest,
    complaint: Complaint,
    form: ChallengeForm,
    now: datetime,
    *,
    status: int = 200,
) -> HttpResponse:
    may = following.speaks_for_customer(complaint, me(request), actions.CHALLENGE)
    context = {
        "complaint": complaint,
        "rows": complaint.challenges.select_related("by", "timer", "branch", "answered_by"),
        "form": form,
        "may_challenge": may and complaint.status in actions.OPEN_IN,
    }
    return page(request, "complaints/challenges.html", context, part="pane", status=status)


@GET_POST
def challenge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One challenge, with its deadline and its answer or the form for it."""
    found = _found(request, number, pk)
    if request.method != "POST":
        form = AnswerForm(initial={"version": found.complaint.version})
        return _one(request, found, form)
    form = AnswerForm(request.POST)
    require(me(request), actions.ANSWER, found.branch)
    if form.is_valid():
        data = form.cleaned_data
        attempt(
            form,
            lambda: actions.answer(challenge=found, by=me(request), now=clock.now(), **data),
        )
        if not form.errors:
            messages.success(request, _("The answer is recorded, and they are told."))
            return see("complaint", number)
    return _one(request, _found(request, number, pk), form, status=422)


def _found(request: HttpRequest, number: str, pk: int) -> Challenge:
    complaint = complaint_or_404(request, number)
    rows = complaint.challenges.select_related("by", "timer", "branch", "answered_by", "doubted")
    found = get_object_or_404(rows, pk=pk)
    found.complaint = complaint
    return found


def _one(
    request: HttpRequest, found: Challenge, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    deadline = Timer.objects.filter(
        complaint=found.complaint, kind="challenge", cycle=found.sequence
    )
    context = {
        "complaint": found.complaint,
        "challenge": found,
        "due_at": deadline.values_list("due_at", flat=True).first(),
        "form": form,
        "may_answer": actions.may_answer(found, me(request)),
    }
    return page(request, "complaints/challenge.html", context, part="pane", status=status)


@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    complaint = complaint_or_404(request, number)
    following.follow(complaint=complaint, by=me(request), now=clock.now())
    messages.success(request, _("You follow it for the customer."))
    return see("complaint", number)


@require_POST
def unfollow(request: HttpRequest, number: str) -> HttpResponse:
    """To the complaint; to the list when it left the person's sight."""
    complaint = complaint_or_404(request, number)
    following.unfollow(complaint=complaint, by=me(request), now=clock.now())
    messages.success(request, _("You do not follow it any more."))
    if visible(Complaint, me(request)).filter(pk=complaint.pk).exists():
        return see("complaint", number)
    return see("complaints")
