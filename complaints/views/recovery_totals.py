"""What customers were given, by branch and month; what waits for a decision (C-19, C-20)."""

from typing import Any

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from complaints import months, recovery_totals
from complaints.actions import recovery_rules
from complaints.care_exports import RECOVERIES, VERB
from complaints.models import RecoveryKind
from csm.kit import clock, htmx, keyset
from organisation.access import branches, require, sees_everything
from organisation.doors import me
from organisation.models import Branch, Person
from organisation.views import exports

MOST = 200


@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, VERB)
    period = months.asked(request.GET, now)
    lines = recovery_totals.lines(person, period)
    context = {
        **months.around(period, now),
        "rows": lines,
        "total": recovery_totals.total(lines),
        "kinds": [kind.label for kind in RecoveryKind],
        "waiting": recovery_totals.waiting(person)[:MOST],
        "may_edit": sees_everything(person, recovery_rules.VERB),
    }
    return htmx.page(request, "complaints/recovery_totals.html", context)


@require_safe
def given(request: HttpRequest) -> HttpResponse:
    """The recoveries behind a figure of a month: those of a branch, of a kind, or all."""
    person, now = me(request), clock.now()
    require(person, VERB)
    period = months.asked(request.GET, now)
    branch, kind = _branch(request.GET, person), _kind(request.GET)
    rows = recovery_totals.behind(person, period, branch=branch, kind=kind)
    shown = keyset.page(rows, order=("-granted_at", "-pk"), params=request.GET)
    conditions = {"branch": branch.code if branch else "", "kind": kind}
    around = months.around(period, now)
    context = {
        **around,
        **_beside(around, {name: value for name, value in conditions.items() if value}),
        "branch": branch,
        "kind": dict(RecoveryKind.choices).get(kind, ""),
        "found": shown,
        **rows.order_by().aggregate(count=Count("pk"), amount=Sum("amount")),
    }
    return htmx.page(request, "complaints/recoveries_given.html", context)


def _branch(query: QueryDict, person: Person) -> Branch | None:
    code = query.get("branch", "").replace("\0", "")
    return get_object_or_404(branches(person, VERB), code=code) if code else None


def _kind(query: QueryDict) -> str:
    kind = query.get("kind", "")
    if kind and kind not in RecoveryKind.values:
        raise Http404
    return kind


def _beside(around: dict[str, Any], conditions: dict[str, str]) -> dict[str, str]:
    """The ways to the months beside, with the same conditions."""
    more = f"&{urlencode(conditions)}" if conditions else ""
    names = ("previous_url", "next_url")
    return {name: around[name] and around[name] + more for name in names}


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, RECOVERIES)
