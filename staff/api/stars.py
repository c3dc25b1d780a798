"""Elections of the service star: preparing, candidates, the vote, the decision (T-11)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import Refused
from organisation.access import require, visible
from organisation.api.doors import Door
from staff import star_reading as reading
from staff.actions import star_candidates, star_elections
from staff.actions.star_news import DECIDE
from staff.models import StarCandidate, StarElection, StarStatus
from staff.serializers import stars as bodies


class ElectionDoor(Door):
    """What the calls on elections share."""

    def election(self, pk: int) -> StarElection:
        require(self.me, reading.SEE)
        return get_object_or_404(StarElection.objects.select_related("branch"), pk=pk)

    def data_of(self, pk: int) -> dict[str, Any]:
        return shown(bodies.ElectionSerializer, reading.sight_of(self.election(pk), self.me))


class Elections(ElectionDoor):
    @extend_schema(
        operation_id="stars_list",
        parameters=PAGES,
        responses=page_of(bodies.ElectionRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """Every election, the newest quarter first."""
        require(self.me, reading.SEE)
        page = keyset.page(
            reading.listed(),
            order=("-quarter", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.ElectionRowSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(
        request=bodies.PrepareElectionSerializer, responses={201: bodies.ElectionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Prepare one; nobody is asked before the vote begins."""
        require(self.me, star_elections.EDIT)
        return self.once(self._prepare)

    def _prepare(self) -> Response:
        given = self.body(bodies.PrepareElectionSerializer)
        made = star_elections.prepare(by=self.me, now=self.now, **given)
        return Response(self.data_of(made.pk), status=status.HTTP_201_CREATED)


class OneElection(ElectionDoor):
    @extend_schema(operation_id="stars_retrieve", responses=bodies.ElectionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One election; figures of the candidates once the result is published."""
        return Response(self.data_of(pk))

    @extend_schema(request=bodies.ChangeElectionSerializer, responses=bodies.ElectionSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Another last day and prize, before the vote."""
        election = self.election(pk)
        require(self.me, star_elections.EDIT, election)
        given = self.body(bodies.ChangeElectionSerializer)
        star_elections.change(election=election, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Throw one away that nobody was asked in."""
        star_elections.delete(election=self.election(pk), by=self.me, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ElectionAct(ElectionDoor):
    """One act on an election; answers the election."""

    given: ClassVar[type[Any]] = VersionedSerializer
    shown: ClassVar = bodies.ElectionSerializer
    verb: ClassVar = star_elections.EDIT
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        election = self.election(pk)
        require(self.me, self.verb, election)
        given = self.said(election, self.body(self.given))
        type(self).act(election=election, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))

    def said(self, election: StarElection, given: dict[str, Any]) -> dict[str, Any]:
        """What the act takes of the body."""
        return given


class OpenVote(ElectionAct):
    """Begin the vote: everybody who was served in the quarter gets a link by e-mail."""

    act = staticmethod(star_elections.open_)


class Decide(ElectionAct):
    """Elect who leads, or nobody; not by who began the vote."""

    given = bodies.DecideElectionSerializer
    verb = DECIDE
    act = staticmethod(star_elections.decide)

    def said(self, election: StarElection, given: dict[str, Any]) -> dict[str, Any]:
        pk = given.pop("candidate")
        star = None
        if pk is not None:
            star = election.candidates.filter(pk=pk).select_related("person", "branch").first()
            if star is None:
                raise Refused(fields={"candidate": star_elections.not_a_candidate()})
        return given | {"star": star}


class HandOver(ElectionAct):
    """The prize was handed over."""

    given = bodies.PrizeSerializer
    act = staticmethod(star_elections.note_prize)


class Candidates(ElectionDoor):
    @extend_schema(
        operation_id="star_candidates_create",
        request=bodies.NominateSerializer,
        responses={201: bodies.ElectionSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put somebody up; answers the election."""
        require(self.me, star_candidates.NOMINATE)
        return self.once(lambda: self._nominate(pk))

    def _nominate(self, pk: int) -> Response:
        election = self.election(pk)
        given = self.body(bodies.NominateSerializer)
        star_candidates.nominate(election=election, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk), status=status.HTTP_201_CREATED)


class OneCandidate(ElectionDoor):
    @extend_schema(request=bodies.StarStorySerializer, responses=bodies.ElectionSerializer)
    def put(self, request: Request, pk: int, candidate_pk: int) -> Response:
        """Tell the story anew, before the vote; answers the election."""
        require(self.me, star_candidates.NOMINATE)
        rows = visible(StarCandidate, self.me).filter(election=self.election(pk))
        related = rows.select_related("election", "person", "branch")
        candidate = get_object_or_404(related, pk=candidate_pk)
        given = self.body(bodies.StarStorySerializer)
        star_candidates.retell(candidate=candidate, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))


class WithdrawCandidate(ElectionDoor):
    """Take somebody out; answers the election."""

    given: ClassVar = bodies.WithdrawSerializer
    shown: ClassVar = bodies.ElectionSerializer

    def post(self, request: Request, pk: int, candidate_pk: int) -> Response:
        return self.once(lambda: self._withdraw(pk, candidate_pk))

    def _withdraw(self, pk: int, candidate_pk: int) -> Response:
        election = self.election(pk)
        verb = DECIDE if election.is_counted else star_candidates.NOMINATE
        require(self.me, verb)
        is_draft = election.status == StarStatus.DRAFT
        rows = visible(StarCandidate, self.me) if is_draft else StarCandidate.objects.all()
        candidate = get_object_or_404(
            rows.filter(election=election).select_related("branch"), pk=candidate_pk
        )
        require(self.me, verb, candidate)
        given = self.body(bodies.WithdrawSerializer)
        star_candidates.withdraw(candidate=candidate, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))
