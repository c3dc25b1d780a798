"""Private delivery of a complaint's files."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from complaints.views.found import complaint_or_404
from organisation.views.files import hand_out


@require_safe
def file(request: HttpRequest, number: str, file_id: UUID) -> FileResponse:
    """A file of a complaint, to those who see the complaint; each look is written down."""
    complaint = complaint_or_404(request, number)
    return hand_out(request, complaint.attachments.all(), file_id)
