"""Morning meetings, spot-checks and how well branches know the stories."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.showing import shown
from organisation.access import require, visible
from organisation.api.doors import Door
from staff import report_reading as reading
from staff.actions import awareness as actions
from staff.api.micro_reports import ReportDoor
from staff.models import AskedPerson, MicroReport, ReportStatus
from staff.serializers import micro_reports as bodies


def _known(total: reading.Share, lines: list[reading.Known]) -> Response:
    return Response(
        {
            "total": shown(bodies.AwareShareSerializer, total),
            "branches": [shown(bodies.KnownSerializer, line) for line in lines],
        }
    )


class AwarenessDoor(ReportDoor):
    """Only what is published is read in meetings and asked about."""

    def published_of(self, pk: int) -> MicroReport:
        rows = reading.readable(self.me).filter(status=ReportStatus.PUBLISHED)
        return get_object_or_404(rows, pk=pk)


class Meeting(AwarenessDoor):
    """Who heard the report in the morning meeting of a branch; again corrects it."""

    given: ClassVar = bodies.MorningMeetingSerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._record(pk))

    def _record(self, pk: int) -> Response:
        require(self.me, actions.ARRANGE)
        found = self.published_of(pk)
        body = bodies.MorningMeetingSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        actions.record_meeting(report=found, by=self.me, now=self.now, **body.validated_data)
        return Response(self.data_of(pk))


class Draw(AwarenessDoor):
    """Draw who is asked, once."""

    given: ClassVar = bodies.DrawPeopleSerializer
    shown: ClassVar = bodies.AwarenessSerializer

    @extend_schema(operation_id="micro_report_awareness", responses=bodies.AwarenessSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How many know the story, by branch."""
        require(self.me, reading.SEE)
        return _known(*reading.awareness(reading.asked_about(self.published_of(pk))))

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._draw(pk))

    def _draw(self, pk: int) -> Response:
        require(self.me, actions.REVIEW)
        found = self.published_of(pk)
        require(self.me, actions.REVIEW, found)
        body = bodies.DrawPeopleSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        actions.draw(report=found, by=self.me, now=self.now, **body.validated_data)
        return _known(*reading.awareness(reading.asked_about(found)))


class AskedAnswers(Door):
    """The answers of somebody who was drawn: their own, or as they were told on the phone."""

    given: ClassVar = bodies.AwarenessAnswersSerializer
    shown: ClassVar = bodies.AwareSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._answer(pk))

    def _answer(self, pk: int) -> Response:
        rows = visible(AskedPerson, self.me).select_related("spot_check__report", "branch")
        asked = get_object_or_404(rows, pk=pk)
        is_own = asked.person_id == self.me.pk
        if not is_own:
            require(self.me, actions.REVIEW, asked)
        body = bodies.AwarenessAnswersSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = body.validated_data
        if is_own:
            chosen = given.get("answers", [])
            is_aware = actions.answer(asked=asked, chosen=chosen, by=self.me, now=self.now)
        else:
            marks = given.get("marks", [])
            is_aware = actions.type_in(asked=asked, marks=marks, by=self.me, now=self.now)
        return Response({"is_aware": is_aware})


class Awareness(Door):
    @extend_schema(
        operation_id="awareness_retrieve",
        parameters=[OpenApiParameter("quarter", description="As 2026-Q4; else the running one.")],
        responses=bodies.AwarenessSerializer,
    )
    def get(self, request: Request) -> Response:
        """How well each branch knew the stories of a quarter, best first (F-13)."""
        require(self.me, reading.SEE)
        try:
            quarter = reading.quarter(request.query_params.get("quarter", ""), self.now)
        except ValueError as error:
            raise ValidationError({"quarter": [_("Enter a quarter as 2026-Q4.")]}) from error
        return _known(*reading.awareness(reading.asked_in(quarter)))
