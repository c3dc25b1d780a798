"""Work orders, notices and complaints on paper: the page to print, and the Word file."""

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST, require_safe

from complaints import order_documents
from complaints.actions import papers
from complaints.actions.papers import Record
from complaints.documents import qr
from complaints.models import PaperKind
from complaints.views.found import complaint_or_404
from complaints.views.notice_page import notice_or_404
from complaints.views.work_order_page import order_or_404
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.doors import me
from organisation.views.files import download


@require_safe
def order_print(request: HttpRequest, pk: int) -> HttpResponse:
    return printed(request, PaperKind.WORK_ORDER, order_or_404(request, pk))


@require_safe
def order_document(request: HttpRequest, pk: int) -> FileResponse:
    return as_word(request, PaperKind.WORK_ORDER, order_or_404(request, pk))


@require_safe
def notice_print(request: HttpRequest, pk: int) -> HttpResponse:
    return printed(request, PaperKind.NOTICE, notice_or_404(request, pk))


@require_safe
def notice_document(request: HttpRequest, pk: int) -> FileResponse:
    return as_word(request, PaperKind.NOTICE, notice_or_404(request, pk))


@require_safe
def complaint_print(request: HttpRequest, number: str) -> HttpResponse:
    return printed(request, PaperKind.COMPLAINT, complaint_or_404(request, number))


@require_safe
def complaint_document(request: HttpRequest, number: str) -> FileResponse:
    return as_word(request, PaperKind.COMPLAINT, complaint_or_404(request, number))


@require_POST
def all_orders(request: HttpRequest) -> HttpResponse:
    """All that match, as a job."""
    query = QueryDict(request.POST.get("query", ""))
    job = order_documents.put(query=query, by=me(request), now=clock.now())
    return go(request, "job", job.pk)


def printed(request: HttpRequest, kind: PaperKind, record: Record) -> HttpResponse:
    """The page; nothing of it comes from elsewhere, and no cache keeps it."""
    values = papers.shown(kind=kind, record=record, by=me(request), now=clock.now())
    context = {
        "paper": values,
        "record": record,
        "qr": qr.drawn(str(values["address"])),
    }
    response = page(request, f"complaints/papers/{kind}.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def as_word(request: HttpRequest, kind: PaperKind, record: Record) -> FileResponse:
    content, name = papers.document(kind=kind, record=record, by=me(request), now=clock.now())
    return download(content, name, papers.DOCX)
