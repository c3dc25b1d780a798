"""Notices to customers: written, looked at with their number, sent, stopped (C-24)."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers.actions import notices as actions
from customers.forms.notices import NoticeForm, SendForm
from customers.models import CustomerNotice, NoticeStatus, Segment
from organisation.access import branch_ids, can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Person


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, "customer.see")
    rows = visible(CustomerNotice, person).select_related("segment", "by")
    context = {
        "found": keyset.page(rows, order=("-pk",), params=request.GET),
        "may_write": can(person, actions.WRITE),
    }
    return page(request, "customers/notice_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.WRITE)
    posted = request.POST if request.method == "POST" else None
    form = NoticeForm(posted, segments=_segments(person))
    if form.is_valid():
        given, now = dict(form.cleaned_data), clock.now()
        given.pop("version")
        made = attempt(form, lambda: actions.draft(by=person, now=now, **given))
        if made is not None:
            return go(request, "customer-notice", made.pk)
    context = {"form": form}
    return page(request, "customers/notice_form.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, row = me(request), _notice_or_404(request, pk)
    require(person, actions.WRITE, row)
    posted = request.POST if request.method == "POST" else None
    form = NoticeForm(posted, segments=_segments(person), notice=row)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.change(notice=row, by=person, now=now, **given))
        if not form.errors:
            return go(request, "customer-notice", pk)
    context = {"form": form, "notice": row}
    return page(request, "customers/notice_form.html", context, status=_status(form))


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _notice_or_404(request, pk))


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    row, person, now = _notice_or_404(request, pk), me(request), clock.now()
    require(person, actions.WRITE, row)
    form = SendForm(request.POST)
    number = None
    if form.is_valid():
        given = form.cleaned_data
        number = attempt(form, lambda: actions.send(notice=row, by=person, now=now, **given))
    if number is None:
        row.refresh_from_db()
        return _show(request, row, form=form, status=422)
    words = ngettext(
        "The notice goes to %(n)d customer.", "The notice goes to %(n)d customers.", number
    )
    messages.success(request, words % {"n": number})
    return go(request, "customer-notice", pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    row = _notice_or_404(request, pk)
    number = actions.stop(notice=row, by=me(request), now=clock.now())
    words = ngettext(
        "Stopped: %(n)d letter was taken back.", "Stopped: %(n)d letters were taken back.", number
    )
    messages.success(request, words % {"n": number})
    return go(request, "customer-notice", pk)


def _show(
    request: HttpRequest, row: CustomerNotice, *, form: SendForm | None = None, status: int = 200
) -> HttpResponse:
    person, now = me(request), clock.now()
    is_draft = row.status == NoticeStatus.DRAFT
    counts = None if is_draft else actions.counts(row)
    may_write = can(person, actions.WRITE, row)
    context = {
        "notice": row,
        "reach": actions.reach(row, now=now) if is_draft else None,
        "counts": counts,
        "form": form,
        "may_write": may_write,
        "may_stop": bool(
            may_write
            and row.status in (NoticeStatus.SENDING, NoticeStatus.SENT)
            and counts
            and counts["unwritten"] + counts["waiting"]
        ),
    }
    return page(request, "customers/notice.html", context, status=status)


def _segments(person: Person) -> QuerySet[Segment]:
    """Those of the branches for which the person may write."""
    rows = Segment.objects.filter(branch__in=branch_ids(person, actions.WRITE))
    return rows.order_by("name", "pk")


def _notice_or_404(request: HttpRequest, pk: int) -> CustomerNotice:
    found: CustomerNotice = visible_or_404(CustomerNotice, me(request), pk=pk)
    return found


def _status(form: NoticeForm) -> int:
    return 422 if form.errors else 200
