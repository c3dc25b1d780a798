"""What is done for a person in the background: how far it is, and the files it has made."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.errors import Forbidden
from csm.kit.htmx import go, page
from organisation.access import print_of_rights, visible
from organisation.actions import access_records
from organisation.actions import jobs as actions
from organisation.doors import me
from organisation.models import Job
from organisation.views.files import deliver

SHOWN = 50


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own, the newest first."""
    rows = _mine(request).prefetch_related("files__file").order_by("-pk")[:SHOWN]
    return page(request, "organisation/jobs.html", {"rows": rows})


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; HTMX asks for its state again and again until it has ended."""
    found = get_object_or_404(_mine(request).prefetch_related("files__file"), pk=pk)
    return page(request, "organisation/job.html", {"job": found}, part="state")


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_mine(request), pk=pk)
    actions.cancel(job=found, by=me(request), now=clock.now())
    messages.success(request, _("It is cancelled; nothing is kept of it."))
    return go(request, found.path or "jobs")


@require_safe
def job_file(request: HttpRequest, pk: int, file_id: UUID) -> FileResponse:
    """A file, while its person has the rights that they had when it was made."""
    found = get_object_or_404(_mine(request), pk=pk)
    link = get_object_or_404(found.files.select_related("file"), file=file_id)
    if found.rights != print_of_rights(me(request)):
        raise Forbidden(_("Your rights have changed since this was made. Have it made again."))
    access_records.write(by=me(request), what="file", reference=str(link.file_id), now=clock.now())
    return deliver(link.file)


def _mine(request: HttpRequest) -> QuerySet[Job]:
    return visible(Job, me(request))
