"""Tables that are imported: the list, an upload, and one import with what stayed behind."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset, tables
from csm.kit.htmx import go, page
from csm.kit.tables import CONTENT_TYPES, Column
from customers.actions import table_imports as actions
from customers.actions.table_jobs import KINDS
from customers.duplicates import REASONS
from customers.forms.table_imports import TableForm
from customers.models import TableImport
from organisation.access import require_everywhere
from organisation.doors import attempt, me
from organisation.models import JobFile
from organisation.views.files import download, hand_out

SIZE = 30
ALIKE: dict[str, Promise] = {**REASONS, "code": gettext_lazy("Same customer number in this file")}


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    require_everywhere(me(request), actions.VERB)
    found = keyset.page(_tables(), order=("-id",), params=request.GET, size=SIZE)
    return page(request, "customers/import_list.html", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require_everywhere(person, actions.VERB)
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(
            form,
            lambda: actions.upload(kind=given["kind"], upload=given["file"], by=person, now=now),
        )
        if made is not None:
            return go(request, "customer-import", made.pk)
    context = {"form": form, "kinds": TableImport.Kind.choices}
    status = 422 if form.errors else 200
    return page(request, "customers/import_new.html", context, status=status)


@require_safe
def template(request: HttpRequest, kind: str) -> FileResponse:
    """A workbook with the columns and one example."""
    require_everywhere(me(request), actions.VERB)
    if kind not in TableImport.Kind.values:
        raise Http404
    fields = KINDS[TableImport.Kind(kind)].fields
    columns = [Column(str(field.title), field.width, is_text=True) for field in fields]
    content = BytesIO()
    title = TableImport.Kind(kind).label
    with tables.writing(content, "xlsx", columns, title=str(title)) as table:
        table.add([field.example for field in fields])
    content.seek(0)
    name = _("Template") + f" {title}.xlsx"
    return download(content, name, CONTENT_TYPES["xlsx"])


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; HTMX asks for its state again and again while a job works."""
    table = _table_or_404(request, pk)
    context: dict[str, Any] = {
        "table": table,
        "state": table.state,
        "job": table.job,
        "counts": table.counts,
        "alike": [(ALIKE[reason], n) for reason, n in table.counts.get("alike", {}).items()],
        "errors": _errors(table),
        "is_startable": table.state in actions.STARTABLE and table.file is not None,
    }
    return page(request, "customers/import.html", context, part="state")


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    table = _table_or_404(request, pk)
    actions.start(table=table, by=me(request), now=clock.now())
    return go(request, "customer-import", pk)


@require_safe
def errors(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    """The rows that stayed behind; whoever may import may have them."""
    table = _table_or_404(request, pk)
    jobs = [table.check_job_id, table.import_job_id]
    return hand_out(request, JobFile.objects.filter(job__in=jobs), file_id)


def _tables() -> QuerySet[TableImport]:
    """Those of the whole company: who may import, may so everywhere."""
    return TableImport.objects.select_related("by", "file", "check_job__by", "import_job__by")


def _table_or_404(request: HttpRequest, pk: int) -> TableImport:
    """The right is asked first."""
    require_everywhere(me(request), actions.VERB)
    return get_object_or_404(_tables(), pk=pk)


def _errors(table: TableImport) -> JobFile | None:
    """The list of what stayed behind, of the latest job that made one."""
    jobs = [pk for pk in (table.check_job_id, table.import_job_id) if pk]
    links = JobFile.objects.filter(job__in=jobs).select_related("file")
    return links.order_by("-pk").first()
