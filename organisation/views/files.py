"""Handing out private files. Who may have one is decided by the record it belongs to."""

from django.http import FileResponse

from organisation.models import StoredFile


def deliver(stored: StoredFile) -> FileResponse:
    """The file as a download that no browser runs: its type was read from its content (B-07)."""
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
