"""Work orders, notices and complaints as Word files; each is written down as a look."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from complaints.actions import papers
from complaints.actions.papers import Record
from complaints.models import Complaint, Notice, PaperKind, WorkOrder
from organisation.access import visible_or_404
from organisation.api.doors import Door
from organisation.views.files import download

DOWNLOAD = {(200, papers.DOCX): OpenApiTypes.BINARY}


class PaperDoor(Door):
    def handed_out(self, kind: PaperKind, record: Record) -> HttpResponseBase:
        content, name = papers.document(kind=kind, record=record, by=self.me, now=self.now)
        return download(content, name, papers.DOCX)


class OrderDocument(PaperDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The order as a Word file."""
        return self.handed_out(PaperKind.WORK_ORDER, visible_or_404(WorkOrder, self.me, pk=pk))


class NoticeDocument(PaperDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The notice as a Word file."""
        return self.handed_out(PaperKind.NOTICE, visible_or_404(Notice, self.me, pk=pk))


class ComplaintDocument(PaperDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, number: str) -> HttpResponseBase:
        """The corrective and preventive sheet of a complaint as a Word file."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.handed_out(PaperKind.COMPLAINT, complaint)
