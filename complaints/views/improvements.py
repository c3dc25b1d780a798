"""QC topics and training courses that orders ask for: the list, and the page of one (W-15)."""

from datetime import datetime

from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import improvements as actions
from complaints.forms.improvements import ImprovementForm, OwnerForm, ResultForm
from complaints.models import Improvement, ImprovementStatus, WorkOrder
from complaints.views import rectification
from complaints.views.work_order_page import ORDER_ACTS
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import visible
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts


@require_safe
def improvements(request: HttpRequest) -> HttpResponse:
    """Newest first; one view per state."""
    person = me(request)
    seen = visible(Improvement, person)
    labels = {
        ImprovementStatus.REQUESTED: pgettext("of improvements", "Requested"),
        ImprovementStatus.RUNNING: pgettext("of improvements", "Running"),
        ImprovementStatus.DONE: pgettext("of improvements", "Done"),
        ImprovementStatus.DECLINED: pgettext("of improvements", "Declined"),
    }
    kinds = {status.value: (label, Q(status=status)) for status, label in labels.items()}
    view, tabs = rectification.views(seen, kinds, request.GET.get("view", ""))
    rows = seen.filter(kinds[view][1]).select_related("branch", "owner", "order")
    context = {
        "found": keyset.page(rows, order=("-id",), params=request.GET),
        "tabs": tabs,
        "view": view,
        "rooms": rectification.rooms("improvements"),
    }
    return page(request, "complaints/improvement_list.html", context, part="list")


@require_POST
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a topic or a course because of an order."""
    may, done = "improvement.request", _("Requested. The service function decides.")
    return ORDER_ACTS.do(request, pk, ImprovementForm, actions.request, may=may, done=done)


@require_safe
def improvement(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _improvement_or_404(request, pk), now=clock.now())


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken on, with an owner."""
    done = _("It is running.")
    return ACTS.do(request, pk, OwnerForm, actions.start, may=actions.VERB, done=done)


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """To another owner."""
    done = _("The owner is changed.")
    return ACTS.do(request, pk, OwnerForm, actions.give, may=actions.VERB, done=done)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Held or solved; also by its owner."""
    may, done = actions.require_finisher, _("It is done.")
    return ACTS.do(request, pk, ResultForm, actions.finish, may=may, done=done)


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Declined with the reason.")
    return ACTS.do(request, pk, ResultForm, actions.decline, may=actions.VERB, done=done)


def _improvement_or_404(request: HttpRequest, pk: int) -> Improvement:
    rows = visible(Improvement, me(request)).select_related(
        "branch", "owner", "order", "requested_by", "ended_by"
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: Improvement,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    may_edit = actions.may_edit(row, person)
    context = {
        "improvement": row,
        "order_is_seen": visible(WorkOrder, person).filter(pk=row.order_id).exists(),
        "acts": row.open_actions if may_edit else [],
        "can_finish": "finish" in row.open_actions and actions.may_finish(row, person),
        "owner": sent_or_fresh(OwnerForm, row, act),
        "result": sent_or_fresh(ResultForm, row, act),
        "form": act,
    }
    return page(request, "complaints/improvement.html", context, status=status)


ACTS = Acts("improvement", "improvement", _improvement_or_404, _show)
