"""The diagnoses of a survey: drafted from its figures, corrected, finished, handed out."""

from io import BytesIO
from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from organisation.views.files import download
from surveys.actions import diagnoses as actions
from surveys.actions.diagnoses import Entry
from surveys.models import Diagnosis, Survey
from surveys.results import paper, spans
from surveys.results.reading import Asked
from surveys.serializers import said as bodies


class DiagnosisDoor(Door):
    """What the calls on diagnoses share."""

    def data_of(self, pk: int) -> dict[str, Any]:
        rows = visible(Diagnosis, self.me).prefetch_related("parts", "problems")
        return shown(bodies.DiagnosisSerializer, rows.get(pk=pk))


class Diagnoses(DiagnosisDoor):
    @extend_schema(
        operation_id="survey_diagnoses_list",
        parameters=PAGES,
        responses=page_of(bodies.DiagnosisSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Those of a survey that the caller sees, newest first."""
        survey = visible_or_404(Survey, self.me, pk=pk)
        rows = visible(Diagnosis, self.me).filter(survey=survey)
        page = keyset.page(
            rows.prefetch_related("parts", "problems"),
            order=("-pk",),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.DiagnosisSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(
        request=bodies.DraftDiagnosisSerializer, responses={201: bodies.DiagnosisSerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Draft one from the figures that you see; where there is a draft, it is that."""
        return self.once(lambda: self._draft(pk))

    def _draft(self, pk: int) -> Response:
        survey = visible_or_404(Survey, self.me, pk=pk)
        require(self.me, actions.EDIT, survey)
        body = bodies.DraftDiagnosisSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        key = body.validated_data.get("period", "")
        asked = Asked(survey, self.me, spans.of_key(key) if key else None)
        made = actions.draft(asked=asked, by=self.me, now=self.now)
        return Response(self.data_of(made.pk), status=status.HTTP_201_CREATED)


class OneDiagnosis(DiagnosisDoor):
    @extend_schema(operation_id="diagnoses_retrieve", responses=bodies.DiagnosisSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One diagnosis, as people have corrected it."""
        visible_or_404(Diagnosis, self.me, pk=pk)
        return Response(self.data_of(pk))

    @extend_schema(request=bodies.ChangeDiagnosisSerializer, responses=bodies.DiagnosisSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct a draft."""
        found = visible_or_404(Diagnosis, self.me, pk=pk)
        require(self.me, actions.EDIT, found)
        body = bodies.ChangeDiagnosisSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        known = {part.chapter: part.text for part in found.parts.all()}
        problems = [Entry(**row) for row in given["problems"]] if "problems" in given else None
        actions.save(
            diagnosis=found,
            texts=known | given.get("texts", {}),
            problems=_entries(found) if problems is None else problems,
            version=given.get("version"),
            by=self.me,
            now=self.now,
        )
        return Response(self.data_of(pk))


def _entries(found: Diagnosis) -> list[Entry]:
    return [Entry(row.text, row.breadth, row.reach) for row in found.problems.all()]


class FinishDiagnosis(DiagnosisDoor):
    """It stays as it is from now on."""

    given: ClassVar = VersionedSerializer
    shown: ClassVar = bodies.DiagnosisSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._finish(pk))

    def _finish(self, pk: int) -> Response:
        found = visible_or_404(Diagnosis, self.me, pk=pk)
        require(self.me, actions.EDIT, found)
        body = VersionedSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        actions.finish(diagnosis=found, by=self.me, now=self.now, **body.validated_data)
        return Response(self.data_of(pk))


class DiagnosisDocument(Door):
    @extend_schema(responses={(200, paper.WORD): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The diagnosis as a Word file, with the figures that you see today."""
        found = visible_or_404(Diagnosis, self.me, pk=pk)
        content = paper.document(found, paper.about(found, self.me), by=self.me, now=self.now)
        return download(BytesIO(content), paper.file_name(found), paper.WORD)
