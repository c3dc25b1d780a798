"""Rewards, redemptions and the award fund."""

from collections.abc import Callable
from secrets import randbits
from typing import Any, ClassVar

from django.db.models import QuerySet
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
from organisation.access import (
    require,
    require_everywhere,
    sees_everything,
    visible,
    visible_or_404,
)
from organisation.api.doors import Door
from staff import fund_reading, spans
from staff.actions import fund, redemptions
from staff.actions import rewards as actions
from staff.models import Redemption, RedemptionStatus, Reward
from staff.serializers import rewards as bodies

RELATED = ("person", "branch", "reward", "decided_by", "handed_over_by")


class Rewards(Door):
    @extend_schema(operation_id="rewards_list", responses=page_of(bodies.RewardSerializer))
    def get(self, request: Request) -> Response:
        """What is offered, all on one page; who keeps the catalogue sees all of it."""
        require(self.me, redemptions.ASK)
        rows = Reward.objects.all()
        if not sees_everything(self.me, actions.EDIT):
            rows = rows.filter(is_active=True)
        return listed(request, bodies.RewardSerializer, rows)

    @extend_schema(request=bodies.RewardBodySerializer, responses={201: bodies.RewardSerializer})
    def post(self, request: Request) -> Response:
        """Add a reward to the catalogue."""
        require_everywhere(self.me, actions.EDIT)
        return self.once(self._add)

    def _add(self) -> Response:
        given = bodies.RewardBodySerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        made = actions.create(by=self.me, **given.validated_data)
        return Response(shown(bodies.RewardSerializer, made), status=status.HTTP_201_CREATED)


class OneReward(Door):
    @extend_schema(request=bodies.RewardChangeSerializer, responses=bodies.RewardSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change a reward; what was asked for before keeps its price and cost."""
        require_everywhere(self.me, actions.EDIT)
        reward = get_object_or_404(Reward, pk=pk)
        given = bodies.RewardChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = actions.change(reward=reward, by=self.me, **given.validated_data)
        return Response(shown(bodies.RewardSerializer, changed))


class Redemptions(Door):
    @extend_schema(
        operation_id="redemptions_list",
        parameters=[OpenApiParameter("status", enum=RedemptionStatus.values), *PAGES],
        responses=page_of(bodies.RedemptionSerializer),
    )
    def get(self, request: Request) -> Response:
        """The caller's own, and those of the branches whose points they see; newest first."""
        require(self.me, redemptions.ASK)
        rows = _whole(visible(Redemption, self.me))
        if wanted := request.query_params.get("status"):
            if wanted not in RedemptionStatus.values:
                raise ValidationError({"status": [", ".join(RedemptionStatus.values)]})
            rows = rows.filter(status=wanted)
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.RedemptionSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(
        request=bodies.AskForRewardSerializer, responses={201: bodies.RedemptionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Ask for a reward; its points are taken at once."""
        require(self.me, redemptions.ASK)
        return self.once(self._ask)

    def _ask(self) -> Response:
        given = bodies.AskForRewardSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        made = redemptions.ask(nonce=randbits(62), by=self.me, now=self.now, **given.validated_data)
        return Response(_data(made.pk), status=status.HTTP_201_CREATED)


class OneRedemption(Door):
    @extend_schema(operation_id="redemptions_retrieve", responses=bodies.RedemptionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One redemption."""
        return Response(_data(visible_or_404(Redemption, self.me, pk=pk).pk))


class RedemptionAct(Door):
    """One act on a redemption; answers the redemption."""

    given: ClassVar[type[VersionedSerializer]] = VersionedSerializer
    shown: ClassVar = bodies.RedemptionSerializer
    right: ClassVar[str] = redemptions.DECIDE
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        found = visible_or_404(Redemption, self.me, pk=pk)
        return self.once(lambda: self._done(found))

    def _done(self, found: Redemption) -> Response:
        require(self.me, self.right, found)
        body = self.given(data=self.request.data)
        body.is_valid(raise_exception=True)
        whole = _whole(Redemption.objects.filter(pk=found.pk)).get()
        type(self).act(redemption=whole, by=self.me, now=self.now, **body.validated_data)
        return Response(_data(found.pk))


class Approve(RedemptionAct):
    """Agree to it; its cost is charged to the award fund."""

    act = staticmethod(redemptions.approve)


class Refuse(RedemptionAct):
    """Not this, with the reason: points and piece are given back."""

    given = bodies.RefuseRedemptionSerializer
    act = staticmethod(redemptions.refuse)


class Withdraw(RedemptionAct):
    """By who asked, as long as nobody has decided."""

    right = redemptions.ASK
    act = staticmethod(redemptions.withdraw)


class HandOver(RedemptionAct):
    """The person has it now."""

    right = redemptions.HAND_OVER
    act = staticmethod(redemptions.hand_over)


class Fund(Door):
    @extend_schema(
        parameters=[OpenApiParameter("period", description="2026-Q4; else the running quarter.")],
        responses=bodies.FundSerializer,
    )
    def get(self, request: Request) -> Response:
        """Budget, what was spent and what is left of a quarter."""
        require(self.me, fund_reading.SEE)
        period = spans.asked(request.query_params, self.now, spans.QUARTERS)
        return Response(_fund(period.key))

    @extend_schema(request=bodies.FundBudgetSerializer, responses=bodies.FundSerializer)
    def put(self, request: Request) -> Response:
        """Set the budget of a quarter, never below what is spent."""
        require_everywhere(self.me, fund.EDIT)
        given = bodies.FundBudgetSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        period, amount = given.validated_data["period"], given.validated_data["budget"]
        fund.set_budget(period=period, amount=amount, by=self.me, now=self.now)
        return Response(_fund(period))


def _fund(period: str) -> dict[str, Any]:
    state = fund_reading.state(period)
    said = {
        "period": period,
        "budget": state.budget,
        "spent": dict(state.by_kind),
        "remaining": state.remaining,
    }
    return shown(bodies.FundSerializer, said)


def _whole(rows: QuerySet[Redemption]) -> QuerySet[Redemption]:
    return rows.select_related(*RELATED)


def _data(pk: int) -> dict[str, Any]:
    return shown(bodies.RedemptionSerializer, _whole(Redemption.objects.filter(pk=pk)).get())
