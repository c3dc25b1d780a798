"""Periods: how far each is, freezing one, revising one, and for how long disputes are taken."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import months
from csm.kit import clock, periods
from csm.kit.htmx import page
from csm.kit.periods import Kind, Period
from organisation.access import branches, require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from organisation.models import Person
from reports import closing, disputing, standings, tabs
from reports.actions import disputes
from reports.actions import periods as actions
from reports.checksums import is_intact
from reports.closing import Life, Stage
from reports.forms.disputes import ClosingRuleForm, ReasonForm
from reports.models import FrozenRanking

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SEE = "ranking.see"
SIZE = 13
# So many late clocks of a branch on one page.
MOST = 200


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """The weeks or months from the running one back to the first complaint."""
    person, now = me(request), clock.now()
    require(person, SEE)
    kind: Kind = "month" if request.GET.get("kind") == "month" else "week"
    newest = _asked(request, kind) or months.running(now, kind)
    shown, has_more = closing.backwards(newest, SIZE, now=now)
    lives = closing.lives(shown, now=now)
    context = {
        "lives": [(life, periods.label(life.period)) for life in lives],
        "kinds": [
            {"url": "?", "label": _("Weeks"), "is_current": kind == "week", "count": None},
            {"url": "?kind=month", "label": _("Months"), "is_current": kind == "month"}
            | {"count": None},
        ],
        "older": _page(kind, shown[-1].previous) if has_more else "",
        "newer": "?" + urlencode({"kind": kind}) if newest.has_ended(now) else "",
        "tabs": tabs.row(person, "periods"),
        "may_rule": sees_everything(person, actions.RULES),
    }
    return page(request, "reports/periods.html", context, part="list")


def _asked(request: HttpRequest, kind: Kind) -> Period | None:
    key = request.GET.get("from", "")
    try:
        return months.of_key(key, kind) if key else None
    except ValueError as error:
        raise Http404 from error


def _page(kind: Kind, period: Period) -> str:
    return "?" + urlencode({"kind": kind, "from": period.key})


@require_safe
def period(request: HttpRequest, key: str) -> HttpResponse:
    """One period: how far it is, what was frozen, by which formula, and whether it is intact."""
    person, now = me(request), clock.now()
    require(person, SEE)
    life = _life_or_404(key, now)
    return page(request, "reports/period.html", _shown(life, person, now))


def _life_or_404(key: str, now: datetime) -> Life:
    """Also for one that lies ahead, there is nothing to see."""
    try:
        found = standings.period_of(key)
    except ValueError as error:
        raise Http404 from error
    if found.start > now:
        raise Http404
    return closing.life(found, now=now)


def _shown(life: Life, person: Person, now: datetime) -> dict[str, Any]:
    key = life.period.key
    rows = list(FrozenRanking.objects.filter(period=key).order_by("-revision", "level"))
    may_close = sees_everything(person, actions.CLOSE)
    return {
        "life": life,
        "period": life.period,
        "label": periods.label(life.period),
        "is_week": life.period.kind == "week",
        "stages": Stage,
        "rows": [(row, is_intact(row)) for row in rows],
        "latest": rows[0] if rows else None,
        "disputes": list(disputing.seen(person).filter(closing.of_period(key))[:MOST]),
        "places": disputing.own_places(person) if life.is_disputable else [],
        "tabs": tabs.row(person, "periods"),
        "may_freeze": may_close and not rows and life.period.has_ended(now),
        "may_revise": may_close and bool(rows),
    }


@GET_POST
def freeze(request: HttpRequest, key: str) -> HttpResponse:
    """What freezing does, then the act."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.CLOSE)
    life = _life_or_404(key, now)
    if request.method == "POST":
        is_new = actions.close(period=key, now=now, by=person)
        said = _("The ranking is frozen.") if is_new else _("The ranking was frozen already.")
        messages.success(request, said)
        return redirect("period", key)
    context = {"life": life, "label": periods.label(life.period), "stages": Stage}
    return page(request, "reports/period_freeze.html", context)


@GET_POST
def revise(request: HttpRequest, key: str) -> HttpResponse:
    """Write a further revision of a frozen period."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.CLOSE)
    life = _life_or_404(key, now)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        made = attempt(form, lambda: actions.revise(period=key, reason=reason, now=now, by=person))
        if made:
            messages.success(request, _("Revision %(n)d is frozen.") % {"n": made})
            return redirect("period", key)
    status = 422 if form.errors else 200
    context = {"life": life, "label": periods.label(life.period), "form": form}
    return page(request, "reports/period_revise.html", context, status=status)


@require_safe
def contested(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """The late clocks of one's branch in a period, each with the way to dispute it."""
    person, now = me(request), clock.now()
    require(person, disputes.DISPUTE)
    branch = get_object_or_404(branches(person, disputes.DISPUTE), code=code)
    life = _life_or_404(key, now)
    rows = list(disputing.late_in(life.period, branch, now=now).order_by("due_at", "pk")[:MOST])
    open_ones = set(disputing.disputed(rows))
    context = {
        "life": life,
        "label": periods.label(life.period),
        "branch": branch,
        "rows": [(row, row.pk in open_ones) for row in rows],
        "is_cut": len(rows) == MOST,
        "stages": Stage,
    }
    return page(request, "reports/contested.html", context)


@GET_POST
def closing_rule(request: HttpRequest) -> HttpResponse:
    """For how long disputes are taken."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.RULES)
    versions = closing.rules()[::-1]
    hours = closing.hours(versions[::-1])
    form = ClosingRuleForm(request.POST or None, initial={"dispute_hours": hours})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["dispute_hours"]
        if attempt(form, lambda: actions.set_rule(dispute_hours=given, by=person, now=now)):
            messages.success(request, _("It counts for periods that end from now on."))
            return redirect("closing-rule")
    status = 422 if form.errors else 200
    context = {"form": form, "versions": versions}
    return page(request, "reports/closing_rule.html", context, status=status)
