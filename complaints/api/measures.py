"""Long-term measures: the list, one of them, and the acts on it (W-07)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.actions import measure_proof
from complaints.api.files import DOWNLOAD, FileDoor
from complaints.api.reading import with_proof
from complaints.models import Measure, MeasureStatus
from complaints.serializers import ReasonSerializer, measure
from csm.api.schema import PAGES, page_of
from organisation.access import visible, visible_or_404
from organisation.api.records import RecordAct, RecordDoor, status_parameter


class MeasureDoor(RecordDoor):
    model = Measure
    shows = measure.MeasureRowSerializer
    statuses = MeasureStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(
            with_proof(rows).select_related("order__branch", "owner", "done_by", "dropped_by")
        )


class Measures(MeasureDoor):
    @extend_schema(
        operation_id="measures_list",
        parameters=[status_parameter(MeasureStatus.choices), *PAGES],
        responses=page_of(measure.MeasureRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """The measures that the caller sees, newest first."""
        return self.page(request, visible(Measure, self.me))


class OneMeasure(MeasureDoor):
    @extend_schema(operation_id="measures_retrieve", responses=measure.MeasureRowSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A measure with its proof."""
        return self.one(visible_or_404(Measure, self.me, pk=pk).pk)


@extend_schema(request=measure.MeasureProofSerializer, responses=measure.MeasureRowSerializer)
class FinishMeasure(MeasureDoor, RecordAct):
    """Done, with proof: by its owner or who may write its order. Meets its deadline."""

    given = measure.MeasureProofSerializer
    name = "measure"
    act = staticmethod(measure_proof.finish)

    def may(self, row: Any) -> None:
        measure_proof.require_hand(row, by=self.me)


@extend_schema(request=ReasonSerializer, responses=measure.MeasureRowSerializer)
class DropMeasure(MeasureDoor, RecordAct):
    """Do without it: by the issuing unit, not by whoever submitted the order."""

    given = ReasonSerializer
    name = "measure"
    act = staticmethod(measure_proof.drop)

    def may(self, row: Any) -> None:
        measure_proof.require_judge(row, by=self.me)


class MeasureFileDoor(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """A file that proves a measure, as a download."""
        row = visible_or_404(Measure, self.me, pk=pk)
        link = get_object_or_404(row.files.select_related("file"), file=file_id)
        return self.handed_out(link.file)
