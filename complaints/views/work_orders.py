"""The rectification work order: a form while it is written, and a document after."""

import uuid
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from complaints.actions import judging, work_orders
from complaints.forms.judging import ConfirmForm, ReturnForm
from complaints.forms.order_rows import CauseForm, EvidenceForm
from complaints.forms.row_lists import edited
from complaints.forms.work_orders import WorkOrderForm
from complaints.models import OrderFile
from complaints.views import work_order_conflicts, work_order_page
from complaints.views.found import complaint_or_404
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.htmx import go, page, wants_part
from organisation.access import require
from organisation.doors import attempt, me
from organisation.forms.records import RecordForm
from organisation.views.files import hand_out


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
    """Keep a draft. In the background only what changed since, and only the line that says so.

    The buttons that add or take away a row save, too: without JavaScript they need no more.
    """
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.write", order)
    form = WorkOrderForm(edited(request.POST), request.FILES, instance=order)
    in_background = request.headers.get("HX-Target") == "saved"
    if form.is_valid():
        if in_background and not form.has_changes():
            return HttpResponse(status=204)
        given = form.given()
        try:
            _attempt(form, lambda: work_orders.save(order=order, by=me(request), now=now, **given))
        except Stale:
            if in_background:
                # Said in a line; both texts are shown when the person saves.
                raise
            return work_order_conflicts.conflict(request, order, form, url=request.path)
    if in_background:
        return _saved(request, pk, form)
    if form.is_wrong:
        return work_order_page.show(request, order, now=now, form=form, status=422)
    if wants_part(request):
        new = WorkOrderForm(instance=order, add=form.place_of(request.POST.get("add", "")))
        return work_order_page.show(request, order, now=now, form=new)
    return _after_save(request, pk, form)


def _after_save(request: HttpRequest, pk: int, form: WorkOrderForm) -> HttpResponse:
    """To the page again; at the new row, where one was asked for."""
    if added := form.place_of(request.POST.get("add", "")):
        url = reverse("work-order", args=[pk])
        return redirect(f"{url}?{urlencode({'add': added})}")
    messages.success(request, _("The draft is saved."))
    return go(request, "work-order", pk)


def _attempt(form: WorkOrderForm, act: Callable[[], object]) -> None:
    """Do the act; what it refuses is written at the input at fault, in whatever row that is."""
    try:
        act()
    except (Forbidden, NotOpen, Stale):
        raise
    except Refused as refusal:
        form.refuse(refusal)


def _saved(request: HttpRequest, pk: int, form: WorkOrderForm) -> HttpResponse:
    order = order_or_404(request, pk)
    context = work_order_page.writing(order, form)
    context |= {"order": order, "is_update": True, "unsaved": form.is_wrong}
    if not form.is_wrong:
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
            _attempt(
                form, lambda: work_orders.submit(order=order, by=me(request), now=now, **given)
            )
        except Stale:
            url = reverse("work-order-save", args=[pk])
            return work_order_conflicts.conflict(request, order, form, url=url)
    if form.is_wrong:
        return work_order_page.show(request, order, now=now, form=form, status=422)
    messages.success(request, _("Submitted as %(number)s.") % {"number": order.number})
    return go(request, "work-order", pk)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("Returned with the reason.")
    return _judge(request, pk, ReturnForm, judging.send_back, done)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The order is confirmed.")
    return _judge(request, pk, ConfirmForm, judging.confirm, done)


def _judge(
    request: HttpRequest, pk: int, kind: type[RecordForm], act: Callable[..., object], done: str
) -> HttpResponse:
    """The verdict of the issuing unit; 409 with its words when the order has changed since."""
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.confirm", order)
    form = kind(order, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            attempt(form, lambda: act(order=order, by=me(request), now=now, **given))
        except (NotOpen, Stale) as refusal:
            return work_order_conflicts.judged_already(request, pk, form, refusal)
    if form.errors:
        return work_order_page.show(request, order, now=now, act=form, status=422)
    messages.success(request, done)
    return go(request, "work-order", pk)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """More evidence for a cause, without waiting for the rest of the form.

    `row` is the beginning of the names of the cause's inputs. Its boxes come back with the new
    files ticked; the form is saved soon after.
    """
    order, now = order_or_404(request, pk), clock.now()
    require(me(request), "work_order.write", order)
    row = request.GET.get("row", "")
    form = EvidenceForm(request.POST, request.FILES, prefix=row)
    added: list[OrderFile] = []
    if form.is_valid():
        uploads = form.cleaned_data["uploads"]
        act = partial(work_orders.attach, order=order, uploads=uploads, by=me(request), now=now)
        added = attempt(form, act) or []
    links = list(order.files.select_related("file"))
    ticked = [*request.POST.getlist(f"{row}-files"), *(str(link.file_id) for link in added)]
    cause = CauseForm(prefix=row, initial={"files": ticked}, links=links)
    # What is wrong with a file is refused under a name of its own, not that of the box.
    wrong = [words for errors in form.errors.values() for words in errors]
    context = {"order": order, "row": cause, "evidence_errors": wrong}
    status = 422 if form.errors else 200
    response = page(request, "complaints/order/files.html", context, status=status)
    return trigger_client_event(response, "attached", after="swap") if added else response


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of evidence, to those who may see the order."""
    order = order_or_404(request, pk)
    return hand_out(request, order.files.all(), file_id)
