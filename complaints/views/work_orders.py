"""The rectification work order: a form while it is written, and a document after."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import judging, notes, work_orders
from complaints.forms.work_orders import (
    ConfirmForm,
    EvidenceForm,
    JudgeForm,
    ReturnForm,
    WorkOrderForm,
)
from complaints.views import work_order_page
from complaints.views.found import complaint_or_404
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import go, page, wants_part
from organisation.access import require
from organisation.actions import access_records
from organisation.doors import attempt, me
from organisation.views.files import deliver


@require_safe
def work_order(request: HttpRequest, pk: int) -> HttpResponse:
    return work_order_page.show(request, order_or_404(request, pk), now=clock.now())


@require_POST
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Begin the order of a complaint; a second press opens the one that exists."""
    complaint = complaint_or_404(request, number)
    order = work_orders.draft(complaint=complaint, by=me(request), now=clock.now())
    return go(request, "work-order", order.pk)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a draft. In the background only what changed since, and only the line that says so."""
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.write", order)
    form = WorkOrderForm(request.POST, request.FILES, instance=order)
    in_background = request.headers.get("HX-Target") == "saved"
    if form.is_valid():
        if in_background and not form.changed_sections():
            return HttpResponse(status=204)
        given = form.given()
        try:
            attempt(form, lambda: work_orders.save(order=order, by=me(request), now=now, **given))
        except Stale:
            if in_background:
                # Said in a line; both texts are shown when the person saves.
                raise
            return work_order_page.conflict(request, order, form, url=request.path)
    if in_background:
        return _saved(request, pk, form)
    if form.errors:
        return work_order_page.show(request, order, now=now, form=form, status=422)
    if wants_part(request):
        return work_order_page.show(request, order, now=now)
    messages.success(request, _("The draft is saved."))
    return go(request, "work-order", pk)


def _saved(request: HttpRequest, pk: int, form: WorkOrderForm) -> HttpResponse:
    order = order_or_404(request, pk)
    context = work_order_page.writing(order, form)
    context |= {"order": order, "is_update": True, "unsaved": form.errors}
    if not form.errors:
        context["version"] = order.version
    return page(request, "complaints/work_order_saved.html", context)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.write", order)
    form = WorkOrderForm(request.POST, request.FILES, instance=order)
    if form.is_valid():
        given = form.given()
        try:
            attempt(form, lambda: work_orders.submit(order=order, by=me(request), now=now, **given))
        except Stale:
            url = reverse("work-order-save", args=[pk])
            return work_order_page.conflict(request, order, form, url=url)
    if form.errors:
        return work_order_page.show(request, order, now=now, form=form, status=422)
    messages.success(request, _("Submitted as %(number)s.") % {"number": order.number})
    return go(request, "work-order", pk)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Returned with the reason.")
    return _judge(request, pk, ReturnForm(request.POST), judging.send_back, done)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The order is confirmed.")
    return _judge(request, pk, ConfirmForm(request.POST), judging.confirm, done)


def _judge(
    request: HttpRequest, pk: int, form: JudgeForm, act: Callable[..., object], done: str
) -> HttpResponse:
    """The verdict of the issuing unit; 409 with its words when the order has changed since."""
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.confirm", order)
    if form.is_valid():
        given = form.cleaned_data
        try:
            attempt(form, lambda: act(order=order, by=me(request), now=now, **given))
        except (NotOpen, Stale) as refusal:
            return work_order_page.judged_already(request, pk, form, refusal)
    if form.errors:
        return work_order_page.show(request, order, now=now, judge=form, status=422)
    messages.success(request, done)
    return go(request, "work-order", pk)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """More evidence, without waiting for the rest of the form."""
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.write", order)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        files = form.cleaned_data["files"]
        attempt(
            form,
            lambda: notes.attach_evidence(order=order, uploads=files, by=me(request), now=now),
        )
    if not wants_part(request):
        _tell(request, form)
        return go(request, "work-order", pk)
    whole = WorkOrderForm(instance=order)
    context = work_order_page.base(order, me(request), now=now)
    context |= work_order_page.writing(order, whole)
    context |= {"evidence_errors": form.errors.get("files", []), "is_update": True}
    status = 422 if form.errors else 200
    return page(request, "complaints/work_order_attached.html", context, status=status)


def _tell(request: HttpRequest, form: EvidenceForm) -> None:
    for error in form.errors.get("files", []):
        messages.error(request, str(error))


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of evidence, to those who may see the order."""
    order = order_or_404(request, pk)
    link = get_object_or_404(order.files.select_related("file"), file=file_id)
    access_records.write(by=me(request), what="file", reference=str(link.file_id), now=clock.now())
    return deliver(link.file)
