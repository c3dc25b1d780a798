"""Contests, their results and awards, timeliness and good practice."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.files import DOWNLOAD, FileDoor
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, require_everywhere
from organisation.api.doors import Door
from organisation.models import StoredFile
from staff import contests as reading
from staff.actions import contest_awards, contest_days, contests
from staff.models import Ceremony, Contest, InnovationAward, Practice
from staff.serializers import contest as bodies


def _contests() -> QuerySet[Contest]:
    return Contest.objects.prefetch_related("criteria")


class Contests(Door):
    @extend_schema(
        operation_id="contests_list",
        parameters=PAGES,
        responses=page_of(bodies.ContestSerializer),
    )
    def get(self, request: Request) -> Response:
        """The newest first."""
        require(self.me, reading.SEE)
        page = keyset.page(
            _contests(), order=("-pk",), params=request.query_params, size=size_of(request)
        )
        kind = bodies.ContestSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.OpenContestSerializer, responses={201: bodies.ContestSerializer})
    def post(self, request: Request) -> Response:
        """Open the one of a quarter."""
        require_everywhere(self.me, reading.RUN)
        return self.once(self._open)

    def _open(self) -> Response:
        body = bodies.OpenContestSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made = contests.open_contest(by=self.me, now=self.now, **body.validated_data)
        data = shown(bodies.ContestSerializer, _contests().get(pk=made.pk))
        return Response(data, status=status.HTTP_201_CREATED)


class OneContest(Door):
    @extend_schema(operation_id="contests_retrieve", responses=bodies.ContestSerializer)
    def get(self, request: Request, pk: int) -> Response:
        require(self.me, reading.SEE)
        return Response(shown(bodies.ContestSerializer, get_object_or_404(_contests(), pk=pk)))


class ContestDays(Door):
    given: ClassVar = bodies.ContestDaysSerializer
    shown: ClassVar = bodies.ContestSerializer

    def post(self, request: Request, pk: int) -> Response:
        """Put the days right, with the reason, until the winners are announced."""
        require_everywhere(self.me, reading.RUN)
        return self.once(lambda: self._correct(pk))

    def _correct(self, pk: int) -> Response:
        row = get_object_or_404(Contest, pk=pk)
        body = bodies.ContestDaysSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        contest_days.correct(contest=row, by=self.me, now=self.now, **body.validated_data)
        return Response(shown(bodies.ContestSerializer, _contests().get(pk=pk)))


class Marks(Door):
    @extend_schema(operation_id="contest_marks_list", responses=bodies.MarkSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The marks of each plan that was carried out, for who runs the contest."""
        require_everywhere(self.me, reading.RUN)
        rows = reading.results(get_object_or_404(Contest, pk=pk))
        return Response([shown(bodies.MarkSerializer, row) for row in rows])


class Announce(Door):
    given: ClassVar = bodies.AnnounceSerializer
    shown: ClassVar = bodies.ContestSerializer

    def post(self, request: Request, pk: int) -> Response:
        """The best marks win; `personal` are named with a reason."""
        require_everywhere(self.me, reading.RUN)
        return self.once(lambda: self._announce(pk))

    def _announce(self, pk: int) -> Response:
        row = get_object_or_404(Contest, pk=pk)
        body = bodies.AnnounceSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        contests.announce(contest=row, by=self.me, now=self.now, **body.validated_data)
        return Response(shown(bodies.ContestSerializer, _contests().get(pk=pk)))


class AwardDoor(Door):
    parser_classes = (JSONParser, MultiPartParser)

    def rows(self) -> QuerySet[InnovationAward]:
        related = ("contest", "plan__branch", "handed_to", "handed_by", "ceremony")
        rows = InnovationAward.objects.select_related(*related)
        return rows.prefetch_related("shares__person", "plan__texts")

    def award(self, pk: int) -> InnovationAward:
        return get_object_or_404(self.rows(), pk=pk)

    def one(self, pk: int) -> Response:
        return Response(shown(bodies.AwardSerializer, self.rows().get(pk=pk)))

    def read(self, kind: type[Any]) -> dict[str, Any]:
        body = kind(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)


class Awards(AwardDoor):
    @extend_schema(
        operation_id="contest_awards_list",
        parameters=PAGES,
        responses=page_of(bodies.AwardSerializer),
    )
    def get(self, request: Request) -> Response:
        """What was won, everybody's to see; the newest first."""
        require(self.me, reading.SEE)
        page = keyset.page(
            self.rows(), order=("-pk",), params=request.query_params, size=size_of(request)
        )
        kind = bodies.AwardSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class OneAward(AwardDoor):
    @extend_schema(operation_id="contest_awards_retrieve", responses=bodies.AwardSerializer)
    def get(self, request: Request, pk: int) -> Response:
        require(self.me, reading.SEE)
        return self.one(self.award(pk).pk)


@extend_schema(request=bodies.PrizeHandOverSerializer, responses=bodies.AwardSerializer)
class HandOver(AwardDoor):
    def post(self, request: Request, pk: int) -> Response:
        """The caller has handed the prize to one of the winners."""
        row = self.award(pk)
        require_everywhere(self.me, reading.RUN)
        return self.once(lambda: self._done(row))

    def _done(self, row: InnovationAward) -> Response:
        given = self.read(bodies.PrizeHandOverSerializer)
        contest_awards.hand_over(award=row, by=self.me, now=self.now, **given)
        return self.one(row.pk)


@extend_schema(request=bodies.CeremonySerializer, responses=bodies.AwardSerializer)
class HoldCeremony(AwardDoor):
    def post(self, request: Request, pk: int) -> Response:
        """The branch honoured its winners; one photo is possible."""
        row = self.award(pk)
        require(self.me, reading.WRITE, row.plan)
        return self.once(lambda: self._done(row))

    def _done(self, row: InnovationAward) -> Response:
        given = self.read(bodies.CeremonySerializer)
        contest_awards.hold_ceremony(award=row, by=self.me, now=self.now, **given)
        return self.one(row.pk)


class Photo(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """The photo of a ceremony, as a download."""
        require(self.me, reading.SEE)
        kept = Ceremony.objects.filter(award=pk).values("photo")
        return self.handed_out(get_object_or_404(StoredFile, pk=file_id, pk__in=kept))


class TimelyPlans(Door):
    @extend_schema(
        operation_id="contests_timeliness", responses=bodies.TimelinessSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Of each branch that the caller sees, over all contests whose day has passed."""
        require(self.me, reading.SEE)
        rows = reading.timeliness(self.me, now=self.now)
        return Response([shown(bodies.TimelinessSerializer, row) for row in rows])


class Practices(Door):
    @extend_schema(
        operation_id="good_practices_list",
        parameters=PAGES,
        responses=page_of(bodies.PracticeSerializer),
    )
    def get(self, request: Request) -> Response:
        """Good proposals, promoted to the whole company; the newest first."""
        require(self.me, reading.SEE)
        rows = Practice.objects.select_related("plan__branch", "plan__contest")
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.PracticeSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)
