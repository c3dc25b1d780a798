"""The rotation: who writes when, changing weeks, giving a week to another branch (T-01)."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Person
from staff import report_reading as reading
from staff.actions import turns as actions
from staff.forms.micro_reports import HandOnForm, SwapForm
from staff.models import Swap, Turn

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
# Weeks that began so lately are shown, too: whose report is late.
LATELY = timedelta(days=14)


@require_safe
def rotation(request: HttpRequest) -> HttpResponse:
    """The weeks to come, what waits for an answer, and what may be done by the reader."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    rows = list(reading.rotation(now - LATELY))
    context = {
        "rows": [_Row(turn, person, now) for turn in rows],
        "to_answer": reading.to_answer(person),
        "asked": _asked(person),
    }
    return page(request, "staff/rotation.html", context)


class _Row:
    """A turn with what the reader may do."""

    def __init__(self, turn: Turn, person: Person, now: object) -> None:
        self.turn = turn
        self.report = getattr(turn, "report", None)
        self.has_begun = turn.has_begun(now)  # type: ignore[arg-type]
        self.may_review = can(person, actions.REVIEW, turn)
        may_arrange = can(person, actions.ARRANGE, turn) or self.may_review
        self.may_swap = may_arrange and not self.has_begun
        self.may_write = can(person, reading.WRITE, turn)
        self.is_late = self.has_begun and (self.report is None or not self.report.published_at)


def _asked(person: Person) -> QuerySet[Swap]:
    """What one's own branch has asked, and is not answered yet."""
    rows = visible(Swap, person).filter(is_agreed__isnull=True, asked_by=person)
    return rows.select_related("turn", "other", "other_branch")


@GET_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch asks another one; the quality manager of both does it at once."""
    person, now = me(request), clock.now()
    if not can(person, actions.ARRANGE):
        require(person, actions.REVIEW)
    turn = visible_or_404(Turn, person, pk=pk)
    at_once = can(person, actions.REVIEW, turn)
    require(person, actions.REVIEW if at_once else actions.ARRANGE, turn)
    others = reading.rotation(now).exclude(branch=turn.branch_id)
    form = SwapForm(request.POST or None, turns=others)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: _swap(turn, form, person, at_once=at_once))
        if not form.errors:
            said = _("The weeks are changed.") if at_once else _("The other branch is asked.")
            messages.success(request, said)
            return go(request, "rotation")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "turn": turn, "at_once": at_once}
    return page(request, "staff/swap_form.html", context, status=status)


def _swap(turn: Turn, form: SwapForm, person: Person, *, at_once: bool) -> None:
    now = clock.now()
    if at_once:
        actions.swap(turn=turn, week=form.monday, by=person, now=now)
    else:
        reason = form.cleaned_data["reason"]
        actions.ask_swap(turn=turn, week=form.monday, reason=reason, by=person, now=now)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.ARRANGE)
    rows = visible(Swap, person).select_related("other_branch")
    found = get_object_or_404(rows, pk=pk)
    is_agreed = request.POST.get("is_agreed") == "1"
    actions.answer_swap(swap=found, is_agreed=is_agreed, by=person, now=clock.now())
    said = _("The weeks are changed.") if is_agreed else _("The weeks stay as they are.")
    messages.success(request, said)
    return go(request, "rotation")


@GET_POST
def hand_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the week to another branch; without one it is refused."""
    person = me(request)
    require(person, actions.REVIEW)
    turn = visible_or_404(Turn, person, pk=pk)
    require(person, actions.REVIEW, turn)
    branches = reading.branches_of(person, actions.REVIEW).exclude(pk=turn.branch_id)
    form = HandOnForm(request.POST or None, branches=branches)
    if request.method == "POST" and form.is_valid():
        branch, now = form.cleaned_data["branch"], clock.now()
        attempt(form, lambda: actions.hand_on(turn=turn, branch=branch, by=person, now=now))
        if not form.errors:
            messages.success(request, _("Another branch writes in this week."))
            return go(request, "rotation")
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/hand_on.html", {"form": form, "turn": turn}, status=status)
