"""What an order achieved: told by the branch, looked back at by the issuing unit (W-08, W-09)."""

from datetime import datetime

from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints import recurrences
from complaints.actions import effectiveness, effects
from complaints.forms.effects import DecideForm, EffectForm
from complaints.models import CheckStatus, EffectivenessCheck, WorkOrder
from complaints.views import rectification
from complaints.views.work_order_page import ORDER_ACTS
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import visible
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts

PENDING = Q(status=CheckStatus.PENDING)
MOST_SHOWN = 20


@require_POST
def report_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What the measures achieved, told by the branch (W-08)."""
    may, done = "work_order.write", _("The effect is reported.")
    return ORDER_ACTS.do(request, pk, EffectForm, effects.report, may=may, done=done)


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Those that are due, and the others; each with what recurred until now."""
    person, now = me(request), clock.now()
    today = timezone.localdate(now)
    seen = visible(EffectivenessCheck, person).exclude(status=CheckStatus.VOID)
    kinds = {
        "due": (pgettext("of checks", "Due"), PENDING & Q(due_on__lte=today)),
        "later": (pgettext("of checks", "Later"), PENDING & Q(due_on__gt=today)),
        "effective": (_("Effective"), Q(status=CheckStatus.EFFECTIVE)),
        "not_effective": (_("Not effective"), Q(status=CheckStatus.NOT_EFFECTIVE)),
    }
    view, tabs = rectification.views(seen, kinds, request.GET.get("view", ""))
    rows = seen.filter(kinds[view][1]).select_related("order__branch", "decided_by")
    order = ("due_on", "id") if view in ("due", "later") else ("-id",)
    found = keyset.page(rows, order=order, params=request.GET)
    figures = recurrences.count(found.rows, now=now)
    context = {
        "found": found,
        "rows": [(row, figures[row.pk]) for row in found.rows],
        "tabs": tabs,
        "view": view,
        "rooms": rectification.rooms("checks"),
    }
    return page(request, "complaints/check_list.html", context, part="list")


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _check_or_404(request, pk), now=clock.now())


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Effective, or not effective, perhaps with a return of the order."""
    may, done = effectiveness.require_judge, _("The decision is recorded.")
    return ACTS.do(request, pk, DecideForm, effectiveness.decide, may=may, done=done)


def _check_or_404(request: HttpRequest, pk: int) -> EffectivenessCheck:
    rows = visible(EffectivenessCheck, me(request)).select_related(
        *("order__branch", "order__issuing_branch", "order__owner", "order__submitted_by"),
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: EffectivenessCheck,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    seen = recurrences.complaints(row, person=person, now=now)
    context = {
        "check": row,
        "figures": recurrences.count([row], now=now)[row.pk],
        "complaints": list(seen[:MOST_SHOWN]),
        "seen": seen.count(),
        "order_is_seen": visible(WorkOrder, person).filter(pk=row.order_id).exists(),
        "can_decide": act is not None or effectiveness.may_decide(row, person),
        "form": sent_or_fresh(DecideForm, row, act),
        "is_due": row.due_on <= timezone.localdate(now),
    }
    return page(request, "complaints/check.html", context, status=status)


ACTS = Acts("check", "check", _check_or_404, _show)
