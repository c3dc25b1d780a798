"""Disputes: raising one, the list, one with its decision."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.models import Complaint
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.forms.records import RecordForm, sent_or_fresh
from organisation.models import Person
from organisation.views.acting import Acts
from organisation.views.files import hand_out
from reports import disputing, tabs
from reports.actions import disputes as actions
from reports.forms.disputes import DecideForm, DisputeForm
from reports.models import Dispute, DisputeStatus

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SEE = "complaint.see"


@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The disputes of the branches that one sees; by state, or only one's own."""
    person = me(request)
    require(person, SEE)
    rows = disputing.seen(person)
    status, mine = request.GET.get("status", ""), request.GET.get("view") == "mine"
    if status in DisputeStatus.values:
        rows = rows.filter(status=status)
    if mine:
        rows = rows.filter(by=person)
    context = {
        "found": keyset.page(rows, order=("-pk",), params=request.GET),
        "views": _views(status, mine=mine),
        "is_filtered": bool(status or mine),
        "tabs": tabs.row(person, "disputes"),
    }
    return page(request, "reports/disputes.html", context, part="list")


def _views(status: str, *, mine: bool) -> list[dict[str, object]]:
    given = [("", _("All")), *DisputeStatus.choices]
    views: list[dict[str, object]] = [
        {
            "url": f"?status={value}" if value else "?",
            "label": label,
            "is_current": not mine and value == status,
            "count": None,
        }
        for value, label in given
    ]
    own = {"url": "?view=mine", "label": _("Raised by me"), "is_current": mine, "count": None}
    return [*views, own]


@GET_POST
def of_complaint(request: HttpRequest, number: str) -> HttpResponse:
    """What of a complaint can be disputed, and what has been."""
    person, now = me(request), clock.now()
    complaint = _complaint_or_404(person, number)
    if request.method == "POST":
        require(person, actions.DISPUTE)
    offers = disputing.offers(complaint, person, now=now)
    open_ones = [offer for offer in offers if offer.life.is_disputable]
    form = DisputeForm(request.POST or None, request.FILES or None, offers=open_ones)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        made = attempt(
            form, lambda: actions.raise_(complaint=complaint, by=person, now=now, **given)
        )
        if made:
            messages.success(request, _("The dispute is handed in, and who decides is told."))
            return redirect("dispute", made.pk)
    context = {
        "complaint": complaint,
        "sees_complaint": visible(Complaint, person).filter(pk=complaint.pk).exists(),
        "rows": disputing.seen(person).filter(complaint=complaint),
        "offers": offers,
        "open": open_ones,
        "form": form,
    }
    status = 422 if form.errors else 200
    return page(request, "reports/complaint_disputes.html", context, status=status)


def _complaint_or_404(person: Person, number: str) -> Complaint:
    found = disputing.of_complaint(person, number)
    if found is None:
        raise Http404
    return found


@require_safe
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _dispute_or_404(request, pk), now=clock.now())


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    return ACTS.do(
        request,
        pk,
        DecideForm,
        actions.decide,
        may=actions.require_outside,
        done=_("The dispute is decided, and they are told."),
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return ACTS.do(
        request,
        pk,
        RecordForm,
        actions.withdraw,
        may=actions.require_own,
        done=_("The dispute is withdrawn."),
    )


@require_safe
def dispute_file(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    return hand_out(request, _dispute_or_404(request, pk).files.all(), file_id)


def _dispute_or_404(request: HttpRequest, pk: int) -> Dispute:
    found = visible_or_404(Dispute, me(request), pk=pk)
    return disputing.shown(Dispute.objects.all()).get(pk=found.pk)


def _show(
    request: HttpRequest,
    row: Dispute,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    context: dict[str, Any] = {
        "dispute": row,
        "files": row.files.select_related("file"),
        "sees_complaint": visible(Complaint, person).filter(pk=row.complaint_id).exists(),
        "form": act,
        "tabs": tabs.row(person, "disputes"),
        "is_open": row.status == DisputeStatus.OPEN,
        "may_withdraw": actions.may_withdraw(row, person),
    }
    if actions.may_decide(row, person):
        context["decide_form"] = sent_or_fresh(DecideForm, row, act)
    return page(request, "reports/dispute.html", context, status=status)


ACTS = Acts("dispute", "dispute", _dispute_or_404, _show)
