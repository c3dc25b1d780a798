"""The acts on a notice: one POST, one action, back to its page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import notice_offers, notices, opinions, readings
from complaints.forms.notices import (
    ConsultForm,
    NewNoticeForm,
    NoticeForm,
    OpinionForm,
    VersionForm,
    WithdrawForm,
)
from complaints.models import Complaint, Notice, NoticeStatus, WorkOrder
from complaints.views import notice_page
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from complaints.views.notice_page import notice_or_404
from complaints.views.reading import is_read
from csm.kit import clock
from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import page
from organisation.access import require, visible_or_404
from organisation.doors import attempt, me


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = notice_or_404(request, pk), clock.now()
    if is_read(request) and found.status == NoticeStatus.PUBLISHED:
        readings.read(notice=found, by=me(request), now=now)
    return notice_page.show(request, found, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A draft: about the complaint or the order that the address names, or about neither."""
    person = me(request)
    require(person, "notice.write")
    about = _about(request)
    form = NewNoticeForm(request.POST or None, person=person, initial=_beginning(**about))
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        made = attempt(form, lambda: notices.draft(by=person, now=clock.now(), **given, **about))
        if made is not None:
            messages.success(request, _("The draft is saved."))
            return see("notice", made.pk)
    context = {"form": form, **about}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/notice_new.html", context, status=status)


def _about(request: HttpRequest) -> dict[str, Any]:
    number, order = request.GET.get("complaint", ""), request.GET.get("order", "")
    found: dict[str, Any] = {}
    if number:
        found["complaint"] = complaint_or_404(request, number)
    if order.isascii() and order.isdigit() and len(order) < 18:
        found["work_order"] = visible_or_404(WorkOrder, me(request), pk=int(order))
    return found


def _beginning(
    complaint: Complaint | None = None, work_order: WorkOrder | None = None
) -> dict[str, Any]:
    """What is known already: nobody types it again."""
    if work_order is not None:
        text = f"{work_order}: {work_order.title}"
        return {"text": text, "addressees": [work_order.branch]}
    if complaint is not None:
        text = f"{complaint.number}: {complaint.subject}"
        return {"text": text, "addressees": [complaint.present_branch]}
    return {"text": "", "addressees": []}


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    form = NoticeForm(request.POST, notice=found)
    return _act(request, found, "save", form, notices.save, _("The draft is saved."))


@require_POST
def consult(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    form = ConsultForm(request.POST, notice=found)
    return _act(request, found, "consult", form, opinions.consult, _("The units are asked."))


@require_POST
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    branch = request.POST.get("branch", "")
    auto_id = f"id_{branch}_%s" if branch.isdecimal() else "id_%s"
    form = OpinionForm(request.POST, auto_id=auto_id)
    return _act(request, found, "opinion", form, opinions.give, _("The opinion is recorded."))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    done = _("Published. Every branch that it names has been told.")
    return _act(request, found, "publish", VersionForm(request.POST), notices.publish, done)


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    form = forms.Form(request.POST)
    return _act(request, found, "acknowledge", form, opinions.acknowledge, _("Acknowledged."))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = notice_or_404(request, pk)
    form = WithdrawForm(request.POST)
    return _act(request, found, "withdraw", form, notices.withdraw, _("Withdrawn with the reason."))


@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the correction, also to one that somebody else has begun."""
    found = notice_or_404(request, pk)
    form = VersionForm(request.POST)
    done = _("A draft corrects it now. The published notice stays until then.")
    return _act(request, found, "correct", form, notices.correct, done)


def _act(
    request: HttpRequest,
    found: Notice,
    name: str,
    form: forms.Form,
    act: Callable[..., Notice | None],
    done: str,
) -> HttpResponse:
    """303 to the notice; 422 with what was typed when the input will not do, 409 when too late."""
    notice_offers.check_right(found, name, by=me(request))
    status, to = 422, None
    if form.is_valid():
        given = form.cleaned_data
        try:
            to = attempt(form, lambda: act(notice=found, by=me(request), now=clock.now(), **given))
        except (NotOpen, Stale) as refusal:
            form.add_error(None, refusal.message)
            status = 409
        if not form.errors:
            messages.success(request, done)
            return see("notice", (to or found).pk)
    fresh = notice_or_404(request, found.pk)
    if status == 409:
        # What was typed can be sent again, on the state that stands above it now.
        form.data = _anew(request, fresh)
    return notice_page.show(request, fresh, now=clock.now(), refused=form, status=status)


def _anew(request: HttpRequest, fresh: Notice) -> QueryDict:
    data = request.POST.copy()
    data["version"] = str(fresh.version)
    return data
