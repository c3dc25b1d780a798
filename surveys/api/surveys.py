"""Surveys: preparing, drawing, beginning, closing; their counters."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require
from organisation.api.doors import Door
from surveys import reading
from surveys.actions import counters, drawing
from surveys.actions import surveys as actions
from surveys.models import Counter, Survey, SurveyStatus
from surveys.serializers import surveys as bodies


class SurveyDoor(Door):
    """What the calls on surveys share."""

    def survey(self, pk: int) -> Survey:
        found: Survey = get_object_or_404(reading.listed(self.me), pk=pk)
        return found

    def data_of(self, pk: int) -> dict[str, Any]:
        [row] = reading.rows_of([self.survey(pk)], self.me)
        return shown(bodies.SurveySerializer, row)


class Surveys(SurveyDoor):
    @extend_schema(
        operation_id="surveys_list",
        parameters=[OpenApiParameter("status", enum=SurveyStatus.values), *PAGES],
        responses=page_of(bodies.SurveySerializer),
    )
    def get(self, request: Request) -> Response:
        """The surveys that the caller sees, newest first."""
        require(self.me, reading.SEE)
        rows = reading.listed(self.me)
        if wanted := request.query_params.get("status"):
            if wanted not in SurveyStatus.values:
                raise ValidationError({"status": [", ".join(SurveyStatus.values)]})
            rows = rows.filter(status=wanted)
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        found = reading.rows_of(page.rows, self.me)
        kind = bodies.SurveySerializer
        return listed(request, kind, found, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.PrepareSurveySerializer, responses={201: bodies.SurveySerializer})
    def post(self, request: Request) -> Response:
        """Prepare one; nobody is asked before it is begun."""
        require(self.me, actions.EDIT)
        return self.once(self._prepare)

    def _prepare(self) -> Response:
        given = self.body(bodies.PrepareSurveySerializer)
        made = actions.create(by=self.me, now=self.now, **given)
        return Response(self.data_of(made.pk), status=status.HTTP_201_CREATED)


class OneSurvey(SurveyDoor):
    @extend_schema(operation_id="surveys_retrieve", responses=bodies.SurveySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One survey, with how far its invitations are."""
        return Response(self.data_of(pk))

    @extend_schema(request=bodies.ChangeSurveySerializer, responses=bodies.SurveySerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change one in preparation; once it is drawn, only what the draw did not rest on."""
        survey = self.survey(pk)
        require(self.me, actions.EDIT, survey)
        given = self.body(bodies.ChangeSurveySerializer)
        actions.save(survey=survey, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Throw a draft away, with its sample."""
        actions.delete(survey=self.survey(pk), by=self.me, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SurveyAct(SurveyDoor):
    """One act on a survey; answers the survey."""

    given: ClassVar[type[Any]] = VersionedSerializer
    shown: ClassVar = bodies.SurveySerializer
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        survey = self.survey(pk)
        require(self.me, actions.EDIT, survey)
        type(self).act(survey=survey, by=self.me, now=self.now, **self.body(self.given))
        return Response(self.data_of(pk))


class Draw(SurveyAct):
    """Draw the sample, once; a large one goes on behind, and `drawn_at` says when it is done."""

    given = bodies.DrawSerializer
    act = staticmethod(drawing.draw)


class Open(SurveyAct):
    """Begin to ask."""

    act = staticmethod(actions.open_)


class Close(SurveyAct):
    """Nobody is asked any more."""

    act = staticmethod(actions.close)


class Counters(SurveyDoor):
    @extend_schema(
        operation_id="survey_counters_list", responses=bodies.CounterSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """The QR codes of a survey."""
        sight = reading.sight_of(self.survey(pk), self.me)
        return Response([shown(bodies.CounterSerializer, row) for row in sight.counters])

    @extend_schema(request=bodies.HangCounterSerializer, responses={201: bodies.CounterSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make a code for a place; its page prints it."""
        return self.once(lambda: self._hang(pk))

    def _hang(self, pk: int) -> Response:
        survey = self.survey(pk)
        require(self.me, counters.EDIT, survey)
        given = self.body(bodies.HangCounterSerializer)
        made: Counter = counters.hang(survey=survey, by=self.me, now=self.now, **given)
        return Response(shown(bodies.CounterSerializer, made), status=status.HTTP_201_CREATED)
