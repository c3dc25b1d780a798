"""Writing who answers for what happened: of a complaint, of a work order (C-28, W-06)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions import accountability
from complaints.forms.accountability import lines_form
from complaints.forms.row_lists import RowList
from complaints.models import Complaint, WorkOrder
from complaints.views.found import complaint_or_404
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.htmx import go, page
from organisation.access import can
from organisation.doors import me


@require_http_methods(["GET", "HEAD", "POST"])
def of_complaint(request: HttpRequest, number: str) -> HttpResponse:
    return _answer(request, complaint_or_404(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
def of_order(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, order_or_404(request, pk))


def _answer(request: HttpRequest, of: Complaint | WorkOrder) -> HttpResponse:
    """Its buttons add a row and take one away without writing anything."""
    accountability.require_writing(of, me(request))
    if request.method != "POST":
        return _show(request, of, lines_form(of, add=True))
    rows = lines_form(of, request.POST)
    if request.POST.get("add") or request.POST.get("remove"):
        return _show(request, of, rows)
    if not rows.is_valid() or not _written(request, of, rows):
        return _show(request, of, rows, status=422)
    messages.success(request, _("Who answers is written down."))
    return go(request, _address(of))


def _written(request: HttpRequest, of: Complaint | WorkOrder, rows: RowList) -> bool:
    """Whether the action took it; its refusal stands above the form."""
    version = _version(request.POST)
    # A list that was not sent stays as it is.
    lines = rows.values() if rows.is_given else accountability.lines_of(of)
    try:
        accountability.write(of=of, lines=lines, by=me(request), now=clock.now(), version=version)
    except (Forbidden, NotOpen, Stale):
        raise
    except Refused as refusal:
        rows.errors.append(refusal.message)
        return False
    return True


def _version(data: QueryDict) -> int | None:
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _show(
    request: HttpRequest, of: Complaint | WorkOrder, rows: RowList, *, status: int = 200
) -> HttpResponse:
    context = {
        "rows": rows,
        "has_errors": status != 200,
        "version": _version(request.POST) or of.version,
        "name": str(of.number or of),
        "back_url": _address(of),
        "may_add": can(me(request), "supplier.add"),
    }
    return page(request, "complaints/accountability_form.html", context, status=status)


def _address(of: Complaint | WorkOrder) -> str:
    if isinstance(of, Complaint):
        return reverse("complaint", args=(of.number,))
    return reverse("work-order", args=(of.pk,))
