"""The survey of staff: rounds, answering, results (S-20)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed
from csm.api.schema import page_of
from csm.api.showing import shown
from organisation.access import require, require_everywhere
from organisation.api.doors import Door
from staff import satisfaction as reading
from staff.actions import satisfaction as actions
from staff.models import StaffRound
from staff.serializers import satisfaction as bodies


class RoundDoor(Door):
    def data_of(self, quarter: str) -> dict[str, Any]:
        found = reading.results(self.round(quarter), self.me, now=self.now)
        return shown(bodies.StaffResultsSerializer, found, me=self.me)

    def round(self, quarter: str) -> StaffRound:
        require(self.me, reading.SEE)
        return get_object_or_404(StaffRound, quarter=quarter)


class Rounds(RoundDoor):
    @extend_schema(operation_id="satisfaction_list", responses=page_of(bodies.RoundSerializer))
    def get(self, request: Request) -> Response:
        """Every round, the newest first, all on one page."""
        require(self.me, reading.SEE)
        return listed(request, bodies.RoundSerializer, StaffRound.objects.all())

    @extend_schema(
        request=bodies.BeginRoundSerializer, responses={201: bodies.StaffResultsSerializer}
    )
    def post(self, request: Request) -> Response:
        """Set a round; its days cannot be changed afterwards."""
        require_everywhere(self.me, actions.EDIT)
        return self.once(self._begin)

    def _begin(self) -> Response:
        given = bodies.given(bodies.BeginRoundSerializer, self.request.data)
        made = actions.begin(by=self.me, now=self.now, **given)
        return Response(self.data_of(made.quarter), status=status.HTTP_201_CREATED)


class OneRound(RoundDoor):
    @extend_schema(operation_id="satisfaction_retrieve", responses=bodies.StaffResultsSerializer)
    def get(self, request: Request, quarter: str) -> Response:
        """A round with its results, once it is over."""
        return Response(self.data_of(quarter))


class StaffAnswers(RoundDoor):
    # A kept answer names the caller, and its hash could be tried out.
    keeps_answers = False

    @extend_schema(request=bodies.StaffAnswerSerializer, responses={204: None})
    def post(self, request: Request, quarter: str) -> Response:
        """Answer once; takes no `Idempotency-Key`, so that nothing is kept of who said what."""
        of = self.round(quarter)
        given = bodies.given(bodies.StaffAnswerSerializer, request.data, me=self.me)
        actions.answer(of=of, by=self.me, now=self.now, **given)
        return Response(status=status.HTTP_204_NO_CONTENT)
