"""Points: one's own, those of others, the leaderboard, the rules, giving and taking back."""

from secrets import randbits
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, visible_or_404
from organisation.api.doors import Door
from organisation.models import Person
from staff import reading
from staff.actions import points as actions
from staff.models import PointAccount, PointEntry, PointRuleRevision
from staff.serializers import points as bodies

SEE = "incentive.see"
ENTRIES = page_of(bodies.PointEntrySerializer)


class Balance(Door):
    @extend_schema(responses=bodies.PointBalanceSerializer)
    def get(self, request: Request) -> Response:
        """The caller's own balance."""
        require(self.me, SEE)
        return Response(shown(bodies.PointBalanceSerializer, self._account()))

    @extend_schema(request=bodies.ShownOnBoardsSerializer, responses=bodies.PointBalanceSerializer)
    def patch(self, request: Request) -> Response:
        """Whether the caller's name may stand on leaderboards."""
        require(self.me, SEE)
        given = bodies.ShownOnBoardsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actions.show_on_boards(by=self.me, **given.validated_data)
        return self.get(request)

    def _account(self) -> PointAccount:
        return PointAccount.objects.filter(person=self.me).first() or PointAccount(person=self.me)


class Statement(Door):
    """The entries of one person, newest first."""

    def page_of(self, request: Request, of: Person) -> Response:
        rows = reading.told(reading.statement(self.me, of=of))
        found = keyset.page(
            rows, order=("-pk",), params=request.query_params, size=size_of(request)
        )
        kind = bodies.PointEntrySerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class OwnStatement(Statement):
    @extend_schema(operation_id="points_list", parameters=PAGES, responses=ENTRIES)
    def get(self, request: Request) -> Response:
        """What the caller earned, and what was taken back."""
        require(self.me, SEE)
        return self.page_of(request, self.me)

    @extend_schema(
        request=bodies.GivePointsSerializer, responses={201: bodies.PointEntrySerializer}
    )
    def post(self, request: Request) -> Response:
        """Give points at once, by a rule that is open to managers."""
        require(self.me, actions.GIVE)
        return self.once(self._give)

    def _give(self) -> Response:
        body = bodies.GivePointsSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        code = given.pop("rule")
        rules = PointRuleRevision.objects.newest().filter(rule__code=code)
        revision = None if "\0" in code else rules.first()
        if revision is None:
            raise ValidationError({"rule": [_("“%(code)s” is not known here.") % {"code": code}]})
        made = actions.give(
            revision=revision, nonce=randbits(62), by=self.me, now=self.now, **given
        )
        return _written(made)


class StatementOfPerson(Statement):
    @extend_schema(
        operation_id="people_points_list",
        parameters=PAGES,
        responses=ENTRIES,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The statement of somebody, as far as the caller sees it."""
        require(self.me, actions.GIVE)
        return self.page_of(request, visible_or_404(Person, self.me, pk=pk))


class TakeBack(Door):
    @extend_schema(
        request=bodies.TakePointsBackSerializer, responses={201: bodies.PointEntrySerializer}
    )
    def post(self, request: Request, pk: int) -> Response:
        """The opposite entry, once, with its reason."""
        require(self.me, actions.TAKE_BACK)
        entry = visible_or_404(PointEntry, self.me, pk=pk)
        return self.once(lambda: self._done(entry))

    def _done(self, entry: PointEntry) -> Response:
        require(self.me, actions.TAKE_BACK, entry)
        body = bodies.TakePointsBackSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made = actions.reverse(entry=entry, by=self.me, now=self.now, **body.validated_data)
        return _written(made)


class Board(Door):
    @extend_schema(
        operation_id="points_board_list",
        parameters=[
            OpenApiParameter("period", description="2026-11, 2026-Q4 or 2026; else this month."),
            OpenApiParameter("branch", description="Code; with all that lies below."),
        ],
        responses=page_of(bodies.BoardPlaceSerializer),
    )
    def get(self, request: Request) -> Response:
        """The leaderboard, all on one page, without those who prefer not to be named."""
        require(self.me, SEE)
        found = reading.asked(self.me, request.query_params, self.now)
        return listed(request, bodies.BoardPlaceSerializer, found.lines())


class Rules(Door):
    @extend_schema(operation_id="point_rules_list", responses=page_of(bodies.PointRuleSerializer))
    def get(self, request: Request) -> Response:
        """What earns points now, all on one page."""
        require(self.me, SEE)
        rows = PointRuleRevision.objects.newest().select_related("rule")
        return listed(request, bodies.PointRuleSerializer, rows)


def _written(made: PointEntry) -> Response:
    row = reading.told(PointEntry.objects.filter(pk=made.pk)).get()
    return Response(shown(bodies.PointEntrySerializer, row), status=status.HTTP_201_CREATED)
