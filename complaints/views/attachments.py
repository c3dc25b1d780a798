"""Private delivery of a complaint's files."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from complaints.views.found import complaint_or_404
from csm.kit import clock
from organisation.actions import access_records
from organisation.doors import me
from organisation.views.files import deliver


@require_safe
def file(request: HttpRequest, number: str, file_id: UUID) -> FileResponse:
    """A file of a complaint, to those who see the complaint; each look is written down."""
    complaint = complaint_or_404(request, number)
    link = get_object_or_404(complaint.attachments.select_related("file"), file=file_id)
    access_records.write(by=me(request), what="file", reference=str(link.file_id), now=clock.now())
    return deliver(link.file)
