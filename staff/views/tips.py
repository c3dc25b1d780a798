"""The report line: reporting, following by receipt, handling, cases for all (T-17)."""

import uuid
from collections.abc import Callable

from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import require, require_everywhere, sees_everything
from organisation.actions import limits
from organisation.doors import attempt, me
from organisation.views.acting import act
from organisation.views.files import hand_out
from staff import tips as reading
from staff.actions import tips as actions
from staff.forms.tips import CaseForm, DecideForm, ReceiptForm, ReportForm
from staff.models import Tip, TipStatus, TypicalCase

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
# Guessing receipts is hopeless; this keeps it from being tried.
TRIES, SPAN = 20, 600


@GET_POST
def report(request: HttpRequest) -> HttpResponse:
    """Report something. The answer shows the receipt, once, and no cache keeps it."""
    person = me(request)
    require(person, actions.SEE)
    is_sent = request.method == "POST"
    form = ReportForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid():
        given = dict(form.cleaned_data)
        given["uploads"] = given.pop("files")
        now, receipt = clock.now(), given["receipt"]
        if attempt(form, lambda: actions.report(by=person, now=now, **given)) is not None:
            response = page(request, "staff/tip_receipt.html", {"receipt": receipt})
            response["Cache-Control"] = "private, no-store"
            return response
    lost = [upload.name for _name, files in request.FILES.lists() for upload in files]
    context = {
        "form": form,
        "lost_files": lost,
        "receipt_form": ReceiptForm(),
        "may_handle": sees_everything(person, reading.HANDLE),
    }
    return page(request, "staff/tip_form.html", context, status=422 if is_sent else 200)


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """How far a tip is, for whoever has its receipt."""
    person = me(request)
    require(person, actions.SEE)
    form, tip = ReceiptForm(request.POST), None
    if form.is_valid():
        limits.spend(f"receipt:{person.pk}", limit=TRIES, seconds=SPAN, now=clock.now())
        tip = reading.by_receipt(form.cleaned_data["receipt"])
        if tip is None:
            form.add_error("receipt", _("No tip has this receipt. Compare it with your copy."))
    context = {"form": form, "tip": tip}
    response = page(request, "staff/tip_followed.html", context, status=200 if tip else 422)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Typical cases, for all."""
    require(me(request), actions.SEE)
    found = keyset.page(TypicalCase.objects.all(), order=("-pk",), params=request.GET)
    return page(request, "staff/case_list.html", {"found": found}, part="list")


@require_safe
def tips(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require_everywhere(person, reading.HANDLE)
    found = keyset.page(reading.tips(person), order=("-pk",), params=request.GET)
    return page(request, "staff/tip_list.html", {"found": found}, part="list")


@require_safe
def tip(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _or_404(request, pk))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, DecideForm(request.POST), actions.decide, _("The tip is decided."))


@require_POST
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the reward over to whoever shows the receipt."""
    done = _("The reward is handed over.")
    return _act(request, pk, ReceiptForm(request.POST), actions.pay, done)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The case is published, without names.")
    return _act(request, pk, CaseForm(request.POST), actions.publish, done)


@require_POST
def identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reported it; the look is written down before anything is shown."""
    row, person = _or_404(request, pk), me(request)
    source = actions.look(tip=row, by=person, now=clock.now())
    response = page(request, "staff/tip_identity.html", {"tip": row, "source": source})
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    return hand_out(request, _or_404(request, pk).files.all(), file_id)


def _or_404(request: HttpRequest, pk: int) -> Tip:
    person = me(request)
    require_everywhere(person, reading.HANDLE)
    found: Tip = get_object_or_404(reading.tips(person), pk=pk)
    return found


def _act(
    request: HttpRequest, pk: int, form: BaseForm, action: Callable[..., object], done: str
) -> HttpResponse:
    row, person, now = _or_404(request, pk), me(request), clock.now()
    return act(
        request,
        form,
        lambda given: action(tip=row, by=person, now=now, **given),
        done=done,
        show=lambda refused, status: _show(request, _or_404(request, pk), refused, status=status),
        to=("tip", pk),
    )


def _show(
    request: HttpRequest, row: Tip, sent: BaseForm | None = None, *, status: int = 200
) -> HttpResponse:
    """With the forms that its state asks for; one that was refused keeps what was typed."""
    person = me(request)

    def offered(kind: type[BaseForm], is_open: bool, **initial: object) -> BaseForm | None:
        if isinstance(sent, kind):
            return sent
        return kind(initial=initial) if is_open else None

    case = TypicalCase.objects.filter(tip=row).first()
    is_upheld = row.status == TipStatus.UPHELD
    may_pay = row.reward is not None and not row.paid_at and row.decided_by_id != person.pk
    context = {
        "tip": row,
        "files": row.files.select_related("file"),
        "case": case,
        "form": sent,
        "decide": offered(DecideForm, row.status == TipStatus.RECEIVED, version=row.version),
        "pay": offered(ReceiptForm, may_pay),
        "publish": offered(CaseForm, is_upheld and case is None),
        "may_look": sees_everything(person, reading.IDENTITY),
    }
    return page(request, "staff/tip.html", context, status=status)
