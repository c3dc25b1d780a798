"""Private delivery of files: to those who see what they belong to; each look is written down."""

from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from complaints.models import Complaint, WorkOrder
from organisation.access import visible_or_404
from organisation.actions import access_records
from organisation.api.doors import Door
from organisation.models import StoredFile
from organisation.views.files import deliver

DOWNLOAD = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class FileDoor(Door):
    def handed_out(self, stored: StoredFile) -> HttpResponseBase:
        access_records.write(by=self.me, what="file", reference=str(stored.pk), now=self.now)
        return deliver(stored)


class OneAttachment(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, number: str, file_id: UUID) -> HttpResponseBase:
        """A file of a complaint, as a download."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        link = get_object_or_404(complaint.attachments.select_related("file"), file=file_id)
        return self.handed_out(link.file)


class OneEvidence(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """A file of evidence of an order, as a download."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        link = get_object_or_404(order.files.select_related("file"), file=file_id)
        return self.handed_out(link.file)
