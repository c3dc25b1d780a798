"""Handing out private files. Who may have one is decided by the record it belongs to."""

from typing import IO

from django.http import FileResponse

from organisation.models import StoredFile


def deliver(stored: StoredFile) -> FileResponse:
    """The file; its type was read from its content (B-07)."""
    return download(stored.content.open("rb"), stored.name, stored.content_type)


def download(content: IO[bytes], name: str, content_type: str) -> FileResponse:
    """A download that no browser runs and no cache keeps."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
