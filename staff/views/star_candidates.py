"""Putting somebody up as service star, the story, and taking it out (T-11)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from staff.actions import star_candidates as actions
from staff.actions.star_news import DECIDE
from staff.forms.stars import CandidateForm, StoryForm, WithdrawForm
from staff.models import StarCandidate, StarElection, StarStatus
from staff.views.stars import election_or_404

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
def new(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.NOMINATE)
    election = election_or_404(request, pk)
    form = CandidateForm(request.POST or None, person=person, election=election)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        given["person"] = given.pop("candidate")
        now = clock.now()
        made = attempt(
            form, lambda: actions.nominate(election=election, by=person, now=now, **given)
        )
        if made is not None:
            messages.success(request, _("The candidate is put up."))
            return go(request, "star", pk)
    return _form(request, form, election, None)


@GET_POST
def edit(request: HttpRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """Tell the story anew, before the voting."""
    person = me(request)
    require(person, actions.NOMINATE)
    election = election_or_404(request, pk)
    rows = visible(StarCandidate, person).filter(election=election)
    candidate = get_object_or_404(_whole(rows), pk=candidate_pk)
    form = StoryForm(request.POST or None, person=person, election=election).of(candidate)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        attempt(
            form,
            lambda: actions.retell(candidate=candidate, by=person, now=now, **form.cleaned_data),
        )
        if not form.errors:
            messages.success(request, _("The story is saved."))
            return go(request, "star", pk)
    return _form(request, form, election, candidate)


@GET_POST
def withdraw(request: HttpRequest, pk: int, candidate_pk: int) -> HttpResponse:
    """Take a candidate out; asked first."""
    person = me(request)
    election = election_or_404(request, pk)
    is_draft = election.status == StarStatus.DRAFT
    require(person, DECIDE if election.is_counted else actions.NOMINATE)
    rows = visible(StarCandidate, person) if is_draft else StarCandidate.objects.all()
    candidate = get_object_or_404(_whole(rows.filter(election=election)), pk=candidate_pk)
    require(person, DECIDE if election.is_counted else actions.NOMINATE, candidate)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], clock.now()
        attempt(
            form,
            lambda: actions.withdraw(candidate=candidate, reason=reason, by=person, now=now),
        )
        if not form.errors:
            messages.success(request, _("The candidate is taken out."))
            return go(request, "star", pk)
    context = {"form": form, "election": election, "candidate": candidate, "is_draft": is_draft}
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/star_withdraw.html", context, status=status)


def _whole(rows: Any) -> Any:
    return rows.select_related("election__branch", "person", "branch", "complaint", "thanks")


def _form(
    request: HttpRequest, form: StoryForm, election: StarElection, candidate: StarCandidate | None
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "election": election,
        "candidate": candidate,
        "may_withdraw": candidate is not None and can(me(request), actions.NOMINATE, candidate),
    }
    return page(request, "staff/star_candidate_form.html", context, status=status)
