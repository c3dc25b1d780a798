"""Scorecards: the running quarter, closed ones, what counts, appeals (O-21)."""

from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, require_everywhere, visible_or_404
from organisation.api.doors import Door
from organisation.models import Branch
from staff import scorecards as reading
from staff import scoring
from staff.actions import card_schemes
from staff.actions import scorecards as actions
from staff.models import POSTS, CardAppeal, CardKind, CardScheme, Scorecard
from staff.serializers import scorecards as bodies


class CardDoor(Door):
    def card(self, pk: int) -> Scorecard:
        return visible_or_404(Scorecard, self.me, pk=pk)

    def data_of(self, pk: int) -> dict[str, Any]:
        row = get_object_or_404(reading.closed(self.me), pk=pk)
        row.shown_lines = scoring.lines_of(row)  # type: ignore[attr-defined]
        appeal = CardAppeal.objects.select_related("answered_by").filter(card=row).first()
        row.shown_appeal = appeal  # type: ignore[attr-defined]
        return shown(bodies.ScorecardSerializer, row)

    def sent(self, kind: type[Any]) -> Any:
        """The whole reading of a body, which says more than its fields."""
        body = kind(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body


class Scorecards(CardDoor):
    @extend_schema(
        operation_id="scorecards_list",
        parameters=[
            OpenApiParameter("quarter"),
            OpenApiParameter("kind", enum=CardKind.values),
            *PAGES,
        ],
        responses=page_of(bodies.ScorecardRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """Closed cards that the caller sees: the own one, and those of people below."""
        require(self.me, reading.SEE)
        kind = request.query_params.get("kind", "")
        if kind and kind not in CardKind.values:
            raise ValidationError({"kind": [", ".join(CardKind.values)]})
        quarter = request.query_params.get("quarter", "")
        if quarter:
            quarter = reading.quarter(quarter).key
        rows = reading.closed(self.me, quarter=quarter, kind=kind)
        page = keyset.page(rows, order=("pk",), params=request.query_params, size=size_of(request))
        kind_of = bodies.ScorecardRowSerializer
        return listed(request, kind_of, page.rows, previous=page.previous, next_=page.next)


class OneScorecard(CardDoor):
    @extend_schema(operation_id="scorecards_retrieve", responses=bodies.ScorecardSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A closed card, line by line."""
        return Response(self.data_of(pk))


class RunningCard(Door):
    @extend_schema(
        parameters=[OpenApiParameter("quarter"), OpenApiParameter("branch")],
        responses=bodies.RunningCardSerializer,
    )
    def get(self, request: Request) -> Response:
        """What the own card, or that of a branch the caller sees, would be now.

        Whose work no customer sees has a card without lines.
        """
        require(self.me, reading.SEE)
        key, code = (request.query_params.get(name, "") for name in ("quarter", "branch"))
        period = reading.quarter(key) if key else reading.current(self.now)
        if code:
            branch = visible_or_404(Branch, self.me, code=code, parent__isnull=False)
            subject: reading.Subject | None = reading.of_branch(branch)
        else:
            subject = reading.of_person(self.me)
        subjects = [subject] if subject else []
        found = reading.standings(subjects, period=period, now=self.now)
        card = found[0].card if found else scoring.NO_CARD
        return Response(shown(bodies.RunningCardSerializer, {"quarter": period.key, **vars(card)}))


class CloseCards(Door):
    given: ClassVar = bodies.CloseCardsSerializer

    @extend_schema(responses={200: bodies.CloseCardsSerializer})
    def post(self, request: Request) -> Response:
        """Close all cards of a quarter that is over, once."""
        require_everywhere(self.me, actions.CLOSE)
        return self.once(self._close)

    def _close(self) -> Response:
        body = bodies.CloseCardsSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        period = reading.quarter(body.validated_data["quarter"])
        actions.close(period=period, by=self.me, now=self.now)
        return Response({"quarter": period.key})


class AppealCard(CardDoor):
    """Appeal against the own card, once."""

    given: ClassVar = bodies.CardAppealSerializer
    shown: ClassVar = bodies.ScorecardSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._appeal(pk))

    def _appeal(self, pk: int) -> Response:
        card = self.card(pk)
        actions.require_own(card, self.me)
        text = self.body(bodies.CardAppealSerializer)["text"]
        actions.appeal(card=card, text=text, by=self.me, now=self.now)
        return Response(self.data_of(pk))


class AnswerCardAppeal(CardDoor):
    """Answer an appeal that somebody else decided on."""

    given: ClassVar = bodies.AnswerAppealSerializer
    shown: ClassVar = bodies.ScorecardSerializer

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._answer(pk))

    def _answer(self, pk: int) -> Response:
        require(self.me, actions.ANSWER)
        appeal = get_object_or_404(
            CardAppeal.objects.select_related("card__branch", "by"), card=self.card(pk)
        )
        given = self.sent(bodies.AnswerAppealSerializer).said()
        actions.answer(of=appeal, by=self.me, now=self.now, **given)
        return Response(self.data_of(pk))


class CardSchemes(Door):
    @extend_schema(operation_id="card_schemes_list", responses=bodies.SchemeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What counts for each post, as it is now."""
        require(self.me, reading.SEE)
        rows = CardScheme.objects.order_by("post", "-number").distinct("post")
        found = rows.prefetch_related("lines")
        return Response([shown(bodies.SchemeSerializer, row) for row in found])


class OneCardScheme(CardDoor):
    given: ClassVar = bodies.ReviseSchemeSerializer

    @extend_schema(responses={201: bodies.SchemeSerializer})
    def post(self, request: Request, post: str) -> Response:
        """Make the next version of what counts for a post; closed cards stay."""
        require_everywhere(self.me, card_schemes.EDIT)
        if post not in dict(POSTS):
            raise Http404
        return self.once(lambda: self._revise(post))

    def _revise(self, post: str) -> Response:
        said = self.sent(bodies.ReviseSchemeSerializer).said()
        made = card_schemes.revise(post=post, by=self.me, now=self.now, **said)
        return Response(shown(bodies.SchemeSerializer, made), status=status.HTTP_201_CREATED)
