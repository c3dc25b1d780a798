"""Handing out private files. Who may have one is decided by the record it belongs to."""

from typing import IO, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404

from csm.kit import clock
from organisation.actions import access_records
from organisation.doors import me
from organisation.models import StoredFile


def hand_out(request: HttpRequest, links: QuerySet[Any], file_id: UUID) -> FileResponse:
    """One of the files that the links of a record lead to; each look is written down."""
    link = get_object_or_404(links.select_related("file"), file=file_id)
    access_records.write(by=me(request), what="file", reference=str(file_id), now=clock.now())
    return deliver(link.file)


def deliver(stored: StoredFile) -> FileResponse:
    """The file; its type was read from its content (B-07)."""
    return download(stored.content.open("rb"), stored.name, stored.content_type)


def download(content: IO[bytes], name: str, content_type: str) -> FileResponse:
    """A download that no browser runs and no cache keeps."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
