"""Elections of the service star: list, one election, its acts (T-11, F-20)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require
from organisation.doors import attempt, me
from staff import star_reading as reading
from staff.actions import star_elections as actions
from staff.actions.star_news import DECIDE
from staff.forms.stars import (
    ChangeElectionForm,
    DecideForm,
    ElectionForm,
    PrizeForm,
    VersionForm,
)
from staff.models import StarElection, StarStatus

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 20


@require_safe
def stars(request: HttpRequest) -> HttpResponse:
    """Every quarter, the newest first."""
    person = me(request)
    require(person, reading.SEE)
    found = keyset.page(reading.listed(), order=("-quarter", "-pk"), params=request.GET, size=SIZE)
    turnouts = reading.turnouts(found.rows)
    context = {
        "found": found,
        "rows": [(row, turnouts[row.pk]) for row in found.rows],
        "may_edit": can(person, actions.EDIT),
    }
    return page(request, "staff/star_list.html", context, part="list")


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, actions.EDIT)
    form = ElectionForm(request.POST or None, person=person, offered=reading.quarters(now))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.prepare(by=person, now=now, **form.said()))
        if made is not None:
            messages.success(request, _("The election is prepared. Now candidates are put up."))
            return go(request, "star", made.pk)
    return _form(request, form, None)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its last day and its prize, before the voting."""
    election = election_or_404(request, pk)
    require(me(request), actions.EDIT, election)
    form = ChangeElectionForm(request.POST or None)
    form.initial = {
        "last_on": election.last_on,
        "prize": election.prize,
        "prize_cost": election.prize_cost,
        "version": election.version,
    }
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        given = {"election": election, "by": me(request), "now": clock.now(), "version": version}
        attempt(form, lambda: actions.change(**given, **form.said()))
        if not form.errors:
            messages.success(request, _("The election is changed."))
            return go(request, "star", pk)
    return _form(request, form, election)


@require_safe
def star(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, election_or_404(request, pk))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete(election=election_or_404(request, pk), by=me(request), now=clock.now())
    messages.success(request, _("The election was thrown away."))
    return go(request, "stars")


@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the vote."""
    election = election_or_404(request, pk)
    require(me(request), actions.EDIT, election)

    def act(**given: Any) -> None:
        asked = actions.open_(election=election, **given)
        words = ngettext(
            "The vote is running: %(n)d customer is asked by e-mail.",
            "The vote is running: %(n)d customers are asked by e-mail.",
            asked,
        )
        messages.success(request, words % {"n": asked})

    return _act(request, election, VersionForm(request.POST), act, "form")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Elect who leads, or nobody."""
    election = election_or_404(request, pk)
    require(me(request), DECIDE, election)
    sight = reading.sight_of(election, me(request))
    form = DecideForm(request.POST, leaders=sight.leaders)

    def act(**given: Any) -> None:
        actions.decide(election=election, **form.said(), **given)
        messages.success(request, _("The result is published."))

    return _act(request, election, form, act, "decision")


@require_POST
def prize(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the prize was handed over."""
    election = election_or_404(request, pk)
    require(me(request), actions.EDIT, election)
    now = clock.now()
    form = PrizeForm(request.POST, today=timezone.localdate(now))

    def act(**given: Any) -> None:
        actions.note_prize(election=election, given_on=form.cleaned_data["given_on"], **given)
        messages.success(request, _("That is noted."))

    return _act(request, election, form, act, "handing")


def election_or_404(request: HttpRequest, pk: int) -> StarElection:
    """Every election is open to whoever sees incentives."""
    require(me(request), reading.SEE)
    rows = StarElection.objects.select_related(
        "branch", "created_by", "opened_by", "decided_by", "prize_noted_by"
    )
    return get_object_or_404(rows, pk=pk)


def show(
    request: HttpRequest, election: StarElection, *, status: int = 200, **forms: Form
) -> HttpResponse:
    """The page of an election; `forms` are those with something wrong."""
    sight = reading.sight_of(election, me(request))
    today = timezone.localdate(clock.now())
    context: dict[str, Any] = {
        "election": election,
        "sight": sight,
        "is_over": election.ends_at <= clock.now(),
        "has_ended": election.period.has_ended(clock.now()),
        "form": None,
        "decision": DecideForm(leaders=sight.leaders) if sight.may_decide else None,
        "handing": PrizeForm(today=today) if _awaits_prize(election, sight) else None,
    }
    return page(request, "staff/star.html", context | forms, status=status)


def _awaits_prize(election: StarElection, sight: reading.Sight) -> bool:
    is_elected = election.status == StarStatus.ELECTED
    return is_elected and election.prize_given_on is None and sight.may_edit


def _act(
    request: HttpRequest,
    election: StarElection,
    form: VersionForm,
    act: Callable[..., None],
    name: str,
) -> HttpResponse:
    if form.is_valid():
        version = form.cleaned_data["version"]
        attempt(form, lambda: act(by=me(request), now=clock.now(), version=version))
    if form.errors:
        election.refresh_from_db()
        return show(request, election, status=422, **{name: form})
    return go(request, "star", election.pk)


def _form(
    request: HttpRequest, form: ChangeElectionForm, election: StarElection | None
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "election": election}
    return page(request, "staff/star_form.html", context, status=status)
