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
from complaints.forms.measures import DecideForm, EffectForm
from complaints.models import CheckStatus, EffectivenessCheck, WorkOrder
from complaints.views import rectification, work_order_page
from complaints.views.acting import act
from complaints.views.work_order_page import order_or_404
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import require, visible
from organisation.doors import me
from organisation.models import Person

PENDING = Q(status=CheckStatus.PENDING)
MOST_SHOWN = 20


@require_POST
def report_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What the measures achieved, told by the branch (W-08)."""
    order, person, now = order_or_404(request, pk), me(request), clock.now()
    require(person, "work_order.write", order)
    return act(
        request,
        EffectForm(request.POST, auto_id="effect_%s"),
        lambda given: effects.report(order=order, by=person, now=now, **given),
        done=_("The effect is reported."),
        show=lambda form, status: work_order_page.show(
            request, order_or_404(request, pk), now=now, effect=form, status=status
        ),
        to=("work-order", pk),
    )


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
    return _show(request, _check_or_404(me(request), pk), clock.now())


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Effective, or not effective, perhaps with a return of the order."""
    row, person, now = _check_or_404(me(request), pk), me(request), clock.now()
    effectiveness.require_judge(row, by=person)
    return act(
        request,
        DecideForm(request.POST),
        lambda given: effectiveness.decide(check=row, by=person, now=now, **given),
        done=_("The decision is recorded."),
        show=lambda form, status: _show(
            request, _check_or_404(person, pk), now, form=form, status=status
        ),
        to=("check", pk),
    )


def _check_or_404(person: Person, pk: int) -> EffectivenessCheck:
    rows = visible(EffectivenessCheck, person).select_related(
        *("order__branch", "order__issuing_branch", "order__owner", "order__submitted_by"),
        "decided_by",
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: EffectivenessCheck,
    now: datetime,
    *,
    form: BaseForm | None = None,
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
        "can_decide": form is not None or effectiveness.may_decide(row, person),
        "form": form or DecideForm(initial={"version": row.version}),
        "is_due": row.due_on <= timezone.localdate(now),
    }
    return page(request, "complaints/check.html", context, status=status)
