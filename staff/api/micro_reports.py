"""Micro-reports: read, written, reviewed; the rotation and its swaps."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import Refused
from organisation.access import can, require, visible, visible_or_404
from organisation.api.doors import Door
from staff import report_reading as reading
from staff.actions import micro_reports as actions
from staff.actions import turns
from staff.actions.micro_reports import Question, Story
from staff.forms.micro_reports import about
from staff.models import MicroReport, Swap, Turn
from staff.serializers import micro_reports as bodies


class ReportDoor(Door):
    """What the calls on one report share."""

    def report_of(self, pk: int) -> MicroReport:
        return get_object_or_404(reading.readable(self.me), pk=pk)

    def data_of(self, pk: int) -> dict[str, Any]:
        return shown(bodies.MicroReportSerializer, self.report_of(pk))

    def act(self, pk: int, verb: str, body: type[Any], do: Callable[..., None]) -> Response:
        """One act on a report: the right, the body, the act, the report as it is then."""
        found = self.report_of(pk)
        require(self.me, verb, found)
        given = body(data=self.request.data)
        given.is_valid(raise_exception=True)
        do(report=found, by=self.me, now=self.now, **given.validated_data)
        return Response(self.data_of(pk))


class MicroReports(Door):
    @extend_schema(
        operation_id="micro_reports_list",
        parameters=[OpenApiParameter("search", description="Words, all of them."), *PAGES],
        responses=page_of(bodies.MicroReportSerializer),
    )
    def get(self, request: Request) -> Response:
        """What is published, newest first: for all staff."""
        require(self.me, reading.SEE)
        search = request.query_params.get("search", "").replace("\0", "")[:100]
        page = keyset.page(
            reading.published(self.me, search),
            order=("-published_at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.MicroReportSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class OneMicroReport(ReportDoor):
    @extend_schema(operation_id="micro_reports_retrieve", responses=bodies.MicroReportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One report, names masked."""
        return Response(self.data_of(pk))


class SubmitMicroReport(ReportDoor):
    """Hand it in to the quality manager."""

    given: ClassVar = VersionedSerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self.act(pk, actions.WRITE, VersionedSerializer, actions.submit))


class ApproveMicroReport(ReportDoor):
    """Number it; it comes out in its week."""

    given: ClassVar = VersionedSerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self.act(pk, actions.REVIEW, VersionedSerializer, actions.approve))


class ReturnMicroReport(ReportDoor):
    """Send it back to its branch, with the reason."""

    given: ClassVar = bodies.ReturnStorySerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(
            lambda: self.act(pk, actions.REVIEW, bodies.ReturnStorySerializer, actions.send_back)
        )


class WithdrawMicroReport(ReportDoor):
    """Take it back, with the reason; only reviewers still read it."""

    given: ClassVar = bodies.ReturnStorySerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(
            lambda: self.act(pk, actions.REVIEW, bodies.ReturnStorySerializer, actions.withdraw)
        )


class Turns(Door):
    @extend_schema(
        operation_id="micro_report_turns_list", responses=bodies.TurnSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The weeks to come: a quarter ahead at most two."""
        require(self.me, reading.SEE)
        rows = reading.rotation(self.now)
        return Response([shown(bodies.TurnSerializer, row) for row in rows])


class TurnStory(ReportDoor):
    """Write the story of a turn, or change it while it is not handed in."""

    given: ClassVar = bodies.StorySerializer
    shown: ClassVar = bodies.MicroReportSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._write(pk))

    def _write(self, pk: int) -> Response:
        require(self.me, actions.WRITE)
        turn = visible_or_404(Turn, self.me, pk=pk)
        require(self.me, actions.WRITE, turn)
        body = bodies.StorySerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        report = actions.write(
            turn=turn,
            story=self._story(given),
            by=self.me,
            now=self.now,
            version=given.get("version"),
        )
        return Response(self.data_of(report.pk))

    def _story(self, given: dict[str, Any]) -> Story:
        number = given["about"].strip()
        linked = about(number, self.me) if number else None
        if number and linked is None:
            words = _("You see no complaint and no work order with this number.")
            raise Refused.at("about", words)
        return Story(
            title=given["title"],
            text=given["story"],
            tone=given["tone"],
            layer=given["layer"],
            realm=given["realm"],
            about=linked,
            hidden_names=given["hidden_names"],
            names_colleagues=given["names_colleagues"],
            questions=[Question(**row) for row in given["questions"]],
        )


class SwapTurn(Door):
    """Ask another branch to change weeks; the quality manager of both changes them at once."""

    given: ClassVar = bodies.AskSwapSerializer
    shown: ClassVar = bodies.TurnSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._swap(pk))

    def _swap(self, pk: int) -> Response:
        if not can(self.me, turns.ARRANGE):
            require(self.me, turns.REVIEW)
        turn = visible_or_404(Turn, self.me, pk=pk)
        at_once = can(self.me, turns.REVIEW, turn)
        require(self.me, turns.REVIEW if at_once else turns.ARRANGE, turn)
        body = bodies.AskSwapSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        week, reason = body.validated_data["week"], body.validated_data["reason"]
        if at_once:
            turns.swap(turn=turn, week=week, by=self.me, now=self.now)
        else:
            turns.ask_swap(turn=turn, week=week, reason=reason, by=self.me, now=self.now)
        turn = Turn.objects.select_related("branch", "report").get(pk=pk)
        return Response(shown(bodies.TurnSerializer, turn), status=status.HTTP_200_OK)


class AnswerSwap(Door):
    """Agree, and the weeks change; or not."""

    given: ClassVar = bodies.AnswerSwapSerializer
    shown: ClassVar = bodies.WeekSwapSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._answer(pk))

    def _answer(self, pk: int) -> Response:
        require(self.me, turns.ARRANGE)
        rows = visible(Swap, self.me).select_related("other_branch")
        found = get_object_or_404(rows, pk=pk)
        require(self.me, turns.ARRANGE, found.other_branch)
        body = bodies.AnswerSwapSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        turns.answer_swap(swap=found, by=self.me, now=self.now, **body.validated_data)
        return Response(shown(bodies.WeekSwapSerializer, Swap.objects.get(pk=pk)))


class HandOnTurn(Door):
    """Give the week to another branch."""

    given: ClassVar = bodies.HandOnSerializer
    shown: ClassVar = bodies.TurnSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._hand_on(pk))

    def _hand_on(self, pk: int) -> Response:
        require(self.me, turns.REVIEW)
        turn = visible_or_404(Turn, self.me, pk=pk)
        require(self.me, turns.REVIEW, turn)
        body = bodies.HandOnSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        turns.hand_on(turn=turn, by=self.me, now=self.now, **body.validated_data)
        turn = Turn.objects.select_related("branch").get(pk=pk)
        return Response(shown(bodies.TurnSerializer, turn))
