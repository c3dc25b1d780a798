"""QC topics and training courses that orders ask for: the list, and the page of one (W-15)."""

from typing import Any

from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import improvements as actions
from complaints.actions.measures import owners
from complaints.forms.measures import ImprovementForm, OwnerForm, ResultForm
from complaints.models import Improvement, ImprovementStatus, WorkOrder
from complaints.views import rectification, work_order_page
from complaints.views.acting import act
from complaints.views.work_order_page import order_or_404
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import require, visible
from organisation.doors import me
from organisation.models import Person


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
    order, person, now = order_or_404(request, pk), me(request), clock.now()
    require(person, "improvement.request", order)
    return act(
        request,
        ImprovementForm(request.POST, auto_id="improvement_%s"),
        lambda given: actions.request(order=order, by=person, now=now, **given),
        done=_("Requested. The service function decides."),
        show=lambda form, status: work_order_page.show(
            request, order_or_404(request, pk), now=now, improvement=form, status=status
        ),
        to=("work-order", pk),
    )


@require_safe
def improvement(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _improvement_or_404(me(request), pk))


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Taken on, with an owner."""
    return _own(request, pk, actions.start, _("It is running."))


@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """To another owner."""
    return _own(request, pk, actions.give, _("The owner is changed."))


def _own(request: HttpRequest, pk: int, do: Any, done: str) -> HttpResponse:
    row, person, now = _improvement_or_404(me(request), pk), me(request), clock.now()
    require(person, actions.VERB, row)
    form = _with_owners(OwnerForm(request.POST), row)
    return act(
        request,
        form,
        lambda given: do(improvement=row, by=person, now=now, **given),
        done=done,
        show=lambda form, status: _show(
            request, _improvement_or_404(person, pk), owner=form, status=status
        ),
        to=("improvement", pk),
    )


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Held or solved; also by its owner."""
    row, person = _improvement_or_404(me(request), pk), me(request)
    if row.owner_id != person.pk:
        require(person, actions.VERB, row)
    return _end(request, row, actions.finish, _("It is done."))


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = _improvement_or_404(me(request), pk), me(request)
    require(person, actions.VERB, row)
    return _end(request, row, actions.decline, _("Declined with the reason."))


def _end(request: HttpRequest, row: Improvement, do: Any, done: str) -> HttpResponse:
    person, now = me(request), clock.now()
    return act(
        request,
        ResultForm(request.POST),
        lambda given: do(improvement=row, by=person, now=now, **given),
        done=done,
        show=lambda form, status: _show(
            request, _improvement_or_404(person, row.pk), result=form, status=status
        ),
        to=("improvement", row.pk),
    )


def _improvement_or_404(person: Person, pk: int) -> Improvement:
    rows = visible(Improvement, person).select_related(
        "branch", "owner", "order", "requested_by", "ended_by"
    )
    return get_object_or_404(rows, pk=pk)


def _with_owners(form: OwnerForm, row: Improvement) -> OwnerForm:
    form.fields["owner"].queryset = owners(row.branch)  # type: ignore[attr-defined]
    return form


def _show(
    request: HttpRequest,
    row: Improvement,
    *,
    owner: BaseForm | None = None,
    result: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    start = {"version": row.version, "owner": row.owner_id}
    may_edit = actions.may_edit(row, person)
    context = {
        "improvement": row,
        "order_is_seen": visible(WorkOrder, person).filter(pk=row.order_id).exists(),
        "acts": row.open_actions if may_edit else [],
        "can_finish": "finish" in row.open_actions and actions.may_finish(row, person),
        "owner": owner or _with_owners(OwnerForm(initial=start), row),
        "result": result or ResultForm(initial=start),
        "form": owner or result,
    }
    return page(request, "complaints/improvement.html", context, status=status)
