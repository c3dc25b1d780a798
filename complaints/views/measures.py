"""Long-term measures: the list of those that were promised, and the page of one."""

import uuid
from datetime import datetime

from django.db.models import Q
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import measure_proof
from complaints.forms.measures import DropForm, FinishForm
from complaints.models import Measure, MeasureStatus, OrderStatus, WorkOrder
from complaints.views import rectification
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import visible
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts
from organisation.views.files import hand_out

OPEN = Q(status=MeasureStatus.OPEN)


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Those that were promised; the open ones by their dates."""
    person, now = me(request), clock.now()
    seen = visible(Measure, person).exclude(promised_at=None)
    seen = seen.exclude(order__status=OrderStatus.ANNULLED)
    kinds = {
        "open": (pgettext("of measures", "Open"), OPEN),
        "mine": (_("Mine"), OPEN & Q(owner=person)),
        "done": (pgettext("of measures", "Done"), Q(status=MeasureStatus.DONE)),
        "dropped": (pgettext("of measures", "Dropped"), Q(status=MeasureStatus.DROPPED)),
    }
    view, tabs = rectification.views(seen, kinds, request.GET.get("view", ""))
    rows = seen.filter(kinds[view][1]).select_related("order__branch", "owner")
    order = ("due_on", "id") if view in ("open", "mine") else ("-id",)
    context = {
        "found": keyset.page(rows, order=order, params=request.GET),
        "tabs": tabs,
        "view": view,
        "rooms": rectification.rooms("measures"),
        "today": timezone.localdate(now),
    }
    return page(request, "complaints/measure_list.html", context, part="list")


@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, measure_or_404(request, pk), now=clock.now())


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, with proof."""
    may, done = measure_proof.require_hand, _("The measure is done.")
    return ACTS.do(request, pk, FinishForm, measure_proof.finish, may=may, done=done)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The issuing unit does without it."""
    may, done = measure_proof.require_judge, _("The measure is dropped.")
    return ACTS.do(request, pk, DropForm, measure_proof.drop, may=may, done=done)


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of proof, to those who may see the measure."""
    return hand_out(request, measure_or_404(request, pk).files.all(), file_id)


def measure_or_404(request: HttpRequest, pk: int) -> Measure:
    rows = visible(Measure, me(request)).select_related(
        *("order__branch", "order__issuing_branch", "order__owner", "order__submitted_by"),
        *("owner", "done_by", "dropped_by"),
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: Measure,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    context = {
        "measure": row,
        "files": list(row.files.select_related("file")),
        "order_is_seen": visible(WorkOrder, person).filter(pk=row.order_id).exists(),
        "can_finish": isinstance(act, FinishForm) or measure_proof.may_finish(row, person),
        "can_drop": isinstance(act, DropForm) or measure_proof.may_drop(row, person),
        "finish": sent_or_fresh(FinishForm, row, act),
        "drop": sent_or_fresh(DropForm, row, act),
        "form": act,
        "today": timezone.localdate(now),
    }
    return page(request, "complaints/measure.html", context, status=status)


ACTS = Acts("measure", "measure", measure_or_404, _show)
