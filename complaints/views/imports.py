"""Imports in the browser: the list, an upload, and one import from its check to its undoing."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import import_undoing as undoing
from complaints.actions import imports as actions
from complaints.forms.imports import ProfileForm, UndoForm, UploadForm
from complaints.importing import template_book
from complaints.models import ImportProfile, ImportRun, ImportState
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from csm.kit.tables import CONTENT_TYPES
from organisation.access import require_everywhere
from organisation.doors import attempt, me
from organisation.models import JobFile
from organisation.views.files import download, hand_out

SIZE = 30


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    require_everywhere(me(request), actions.VERB)
    found = keyset.page(runs(), order=("-id",), params=request.GET, size=SIZE)
    return page(request, "complaints/import_list.html", {"rows": found.rows, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
    if form.is_bound and form.is_valid():
        upload, by, now = form.cleaned_data["file"], me(request), clock.now()
        made = attempt(form, lambda: actions.upload(upload=upload, by=by, now=now))
        if made is not None:
            return go(request, "import" if made.table else "import-columns", made.pk)
    context = {"form": form, "profiles": ImportProfile.objects.select_related("saved_by")}
    return _answer(request, "complaints/import_new.html", context)


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """Our own lay-out, to be filled in."""
    require_everywhere(me(request), actions.VERB)
    content = BytesIO()
    template_book.write(content)
    content.seek(0)
    name = _("Template for complaints") + ".xlsx"
    return download(content, name, CONTENT_TYPES["xlsx"])


@require_POST
def delete_profile(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    profile = get_object_or_404(ImportProfile, pk=pk)
    actions.delete_profile(profile=profile, by=me(request))
    messages.success(request, _("The mapping “%(name)s” is deleted.") % {"name": profile})
    return go(request, "import-new")


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; HTMX asks for its state again and again while a job works."""
    return _show(request, run_or_404(request, pk))


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    actions.start(run=run, by=me(request), now=clock.now())
    return go(request, "import", pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = run_or_404(request, pk)
    form = UndoForm(request.POST)
    if form.is_valid():
        by, now, data = me(request), clock.now(), form.cleaned_data
        if attempt(form, lambda: actions.undo(run=run, by=by, now=now, **data)):
            return go(request, "import", pk)
    return _show(request, run, form=form)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep how this file is read, for the next one."""
    run = run_or_404(request, pk)
    form = ProfileForm(request.POST)
    if form.is_valid():
        by, now, data = me(request), clock.now(), form.cleaned_data
        kept = attempt(form, lambda: actions.keep_profile(table=run.table, by=by, now=now, **data))
        if kept is not None:
            messages.success(request, _("The mapping is kept as “%(name)s”.") % {"name": kept})
            return go(request, "import", pk)
    return _show(request, run, profile_form=form)


@require_safe
def errors(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    """The rows that stayed behind; whoever may import may have them."""
    run = run_or_404(request, pk)
    jobs = [run.check_job_id, run.import_job_id]
    return hand_out(request, JobFile.objects.filter(job__in=jobs), file_id)


def runs() -> QuerySet[ImportRun]:
    """Those of the whole company: who may import, may so everywhere."""
    return ImportRun.objects.select_related(
        "by", "file", "check_job__by", "import_job__by", "undo_job__by", "undone_by"
    )


def run_or_404(request: HttpRequest, pk: int) -> ImportRun:
    """The right is asked first."""
    require_everywhere(me(request), actions.VERB)
    return get_object_or_404(runs(), pk=pk)


def _show(request: HttpRequest, run: ImportRun, **forms: Any) -> HttpResponse:
    state = run.state
    is_undoable = state in actions.UNDOABLE
    context = {
        "form": None,
        "run": run,
        "state": state,
        "job": run.job,
        "counts": run.counts,
        "errors": _errors(run),
        "is_startable": state in actions.STARTABLE and run.file is not None,
        "is_mappable": state in actions.MAPPABLE and run.file is not None,
        "is_undoable": is_undoable,
        "touched": undoing.touched(run) if is_undoable else 0,
        "is_stopped": state == ImportState.STOPPED,
        "profile_form": ProfileForm(),
        **forms,
    }
    return _answer(request, "complaints/import.html", context, part="state")


def _errors(run: ImportRun) -> JobFile | None:
    """The list of what stayed behind, of the latest job that made one."""
    jobs = [run.check_job_id, run.import_job_id]
    links = JobFile.objects.filter(job__in=[pk for pk in jobs if pk]).select_related("file")
    return links.order_by("-pk").first()


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], part: str = ""
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, template, context, part=part, status=status)
