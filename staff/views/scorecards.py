"""Scorecards: the running quarter, closed ones, appeals (O-21)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, keyset, periods
from csm.kit.errors import Refused
from csm.kit.htmx import go, page
from organisation.access import (
    can,
    places,
    require,
    require_everywhere,
    sees_everything,
    visible_or_404,
)
from organisation.doors import attempt, me
from organisation.models import Branch, Person
from staff import scorecards as reading
from staff import scoring
from staff.actions import scorecards as actions
from staff.forms.scorecards import AppealAnswerForm, AppealForm
from staff.models import CardAppeal, CardKind, Perspective, Scorecard

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 25


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """The closed cards that one sees, of one quarter."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    closed = reading.quarters()
    asked = request.GET.get("quarter", "")
    quarter = asked if asked in closed else next(iter(closed), "")
    kind = request.GET.get("kind", "")
    kind = kind if kind in CardKind.values else ""
    rows = reading.closed(person, quarter=quarter, kind=kind)
    before = reading.current(now).previous
    context = {
        "found": keyset.page(rows, order=("pk",), params=request.GET, size=SIZE),
        "quarter": quarter,
        "quarters": closed,
        "kind": kind,
        "kinds": CardKind.choices,
        "may_edit": sees_everything(person, actions.CLOSE),
        "to_close": "" if before.key in closed else before.key,
    }
    return page(request, "staff/scorecard_list.html", context, part="list")


@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """What the own card, or that of a branch one sees, would be now."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    mine = [place for place in places(person, reading.SEE) if place.path.count("/") > 2]
    chosen = next((each for each in mine if each.code == request.GET.get("branch")), None)
    period = _asked(request, now)
    subject = _subject(person, chosen.pk if chosen else None)
    found = reading.standings([subject] if subject else [], period=period, now=now)
    standing = found[0] if found else None
    context: dict[str, Any] = {
        "period": period,
        "label": periods.label(period),
        "places": mine,
        "chosen": chosen,
        "standing": standing,
        "name": chosen.label if chosen else person.name,
        "before": reading.current(now).previous,
    }
    if standing:
        context |= {"card": standing.card, "groups": _groups(standing.card.lines)}
    return page(request, "staff/scorecard_running.html", context)


def _asked(request: HttpRequest, now: Any) -> periods.Period:
    key = request.GET.get("quarter", "")
    try:
        return reading.quarter(key) if key else reading.current(now)
    except Refused as refusal:
        raise Http404 from refusal


def _subject(person: Person, branch: int | None) -> reading.Subject | None:
    if branch is None:
        return reading.of_person(person)
    return reading.of_branch(Branch.objects.get(pk=branch))


def _groups(lines: Any) -> list[tuple[Perspective, list[scoring.Line]]]:
    """Perspective by perspective, in their order; those without a line are left out."""
    found = [(each, [row for row in lines if row.perspective == each]) for each in Perspective]
    return [(each, rows) for each, rows in found if rows]


@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed card, line by line, with its appeal."""
    person = me(request)
    row = _card(person, pk)
    return page(request, "staff/scorecard.html", _shown(row, person))


def _card(person: Person, pk: int) -> Scorecard:
    found = visible_or_404(Scorecard, person, pk=pk)
    return (
        Scorecard.objects.select_related(
            "branch", "person", "scheme", "closed_by", "correction"
        ).get(pk=found.pk)
    )  # fmt: skip


def _shown(row: Scorecard, person: Person) -> dict[str, Any]:
    found = CardAppeal.objects.filter(card=row).select_related("by", "answered_by").first()
    is_own = row.person_id == person.pk
    return {
        "row": row,
        "groups": _groups(scoring.lines_of(row)),
        "appeal": found,
        "until": actions.appeal_until(row),
        "may_appeal": is_own and found is None and clock.now() <= actions.appeal_until(row),
        "may_answer": found is not None
        and found.status == CardAppeal.Status.OPEN
        and not is_own
        and person.pk != row.closed_by_id
        and can(person, actions.ANSWER, row),
    }


@GET_POST
def close(request: HttpRequest, quarter: str) -> HttpResponse:
    """What closing does, then the act."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.CLOSE)
    try:
        period = reading.quarter(quarter)
    except Refused as refusal:
        raise Http404 from refusal
    if request.method == "POST":
        number = actions.close(period=period, by=person, now=now)
        messages.success(request, _("%(n)d scorecards are closed.") % {"n": number})
        return go(request, "scorecards")
    context = {
        "period": period,
        "label": periods.label(period),
        "number": len(reading.every()),
        "is_over": period.has_ended(now),
        "is_closed": reading.is_closed(period),
    }
    return page(request, "staff/scorecard_close.html", context)


@GET_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    row = _card(person, pk)
    actions.require_own(row, person)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text, now = form.cleaned_data["text"], clock.now()
        if attempt(form, lambda: actions.appeal(card=row, text=text, by=person, now=now)):
            messages.success(request, _("Your appeal is handed in."))
            return go(request, "scorecard", row.pk)
    context = {"form": form, "row": row, "until": actions.appeal_until(row)}
    return _form(request, "staff/scorecard_appeal.html", context)


@GET_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.ANSWER)
    row = _card(person, pk)
    found = get_object_or_404(
        CardAppeal.objects.select_related("card__branch", "by"), card=row
    )  # fmt: skip
    form = AppealAnswerForm(
        request.POST or None, version=found.version, lines=list(row.lines.all())
    )
    if request.method == "POST" and form.is_valid():
        given, now = form.said(), clock.now()
        attempt(form, lambda: actions.answer(of=found, by=person, now=now, **given))
        if not form.errors:
            messages.success(request, _("The appeal is answered."))
            return go(request, "scorecard", row.pk)
    context = {"form": form, "row": row, "appeal": found}
    return _form(request, "staff/scorecard_answer.html", context)


def _form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return page(request, template, context, status=422 if request.method == "POST" else 200)
