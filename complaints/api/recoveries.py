"""Service recovery for programs: the catalogue, the limits, giving and deciding, the totals."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import recovery_totals
from complaints.actions import recoveries, recovery_rules
from complaints.api.months import MONTH, branch_of, month_of
from complaints.models import Complaint, Recovery, RecoveryKind, RecoveryLimit, RecoveryOffer
from complaints.serializers import care as bodies
from complaints.serializers.fields import ReasonSerializer, VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, require_everywhere, visible_or_404
from organisation.api.doors import Door


class Offers(Door):
    @extend_schema(
        operation_id="recovery_offers_list",
        parameters=[OpenApiParameter("complaint", description="Only what fits this complaint.")],
        responses=page_of(bodies.OfferSerializer),
    )
    def get(self, request: Request) -> Response:
        """What may be offered, all on one page; inactive offers only without `complaint`."""
        number = request.query_params.get("complaint")
        rows = RecoveryOffer.objects.all()
        if number is not None:
            rows = recoveries.offers_for(visible_or_404(Complaint, self.me, number=number))
        return listed(request, bodies.OfferSerializer, rows.select_related("category"))

    @extend_schema(request=bodies.OfferBodySerializer, responses={201: bodies.OfferSerializer})
    def post(self, request: Request) -> Response:
        """Add an offer to the catalogue."""
        return self.once(self._add)

    def _add(self) -> Response:
        require_everywhere(self.me, recovery_rules.VERB)
        given = bodies.OfferBodySerializer(data=self.request.data, context={"me": self.me})
        given.is_valid(raise_exception=True)
        made = recovery_rules.create_offer(by=self.me, **given.validated_data)
        return Response(shown(bodies.OfferSerializer, made), status=status.HTTP_201_CREATED)


class OneOffer(Door):
    @extend_schema(request=bodies.OfferChangeSerializer, responses=bodies.OfferSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change an offer; what was given before keeps its amount."""
        require_everywhere(self.me, recovery_rules.VERB)
        offer = get_object_or_404(RecoveryOffer, pk=pk)
        given = bodies.OfferChangeSerializer(data=request.data, context={"me": self.me})
        given.is_valid(raise_exception=True)
        if given.validated_data:
            recovery_rules.change_offer(offer=offer, by=self.me, **given.validated_data)
        return Response(shown(bodies.OfferSerializer, offer))


class Limits(Door):
    @extend_schema(responses=bodies.LimitsSerializer)
    def get(self, request: Request) -> Response:
        """Up to which amount each role gives for one complaint without asking."""
        rows = RecoveryLimit.objects.values("role", "amount")
        return Response({"limits": [shown(bodies.LimitSerializer, row) for row in rows]})

    @extend_schema(request=bodies.LimitsSerializer, responses=bodies.LimitsSerializer)
    def put(self, request: Request) -> Response:
        """Set the whole table."""
        require_everywhere(self.me, recovery_rules.VERB)
        given = bodies.LimitsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        limits = {row["role"]: row["amount"] for row in given.validated_data["limits"]}
        recovery_rules.set_limits(limits=limits, by=self.me)
        return self.get(request)


class OfComplaint(Door):
    @extend_schema(
        operation_id="complaints_recoveries_list",
        responses=page_of(bodies.RecoverySerializer),
    )
    def get(self, request: Request, number: str) -> Response:
        """What the customer of a complaint was given, or is to be, all on one page."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return listed(request, bodies.RecoverySerializer, _whole(complaint.recoveries.all()))

    @extend_schema(request=bodies.GiveSerializer, responses={201: bodies.RecoverySerializer})
    def post(self, request: Request, number: str) -> Response:
        """Give at once up to the caller's limit (`given`); above it ask for approval (`asked`)."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._give(complaint))

    def _give(self, complaint: Complaint) -> Response:
        require(self.me, recoveries.GIVE, complaint)
        given = bodies.GiveSerializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        made = recoveries.give(
            complaint=complaint, by=self.me, now=self.now, **given.validated_data
        )
        return Response(_data(made.pk), status=status.HTTP_201_CREATED)


class RecoveryAct(Door):
    """One act on a recovery; answers the recovery."""

    given: ClassVar[type[VersionedSerializer]] = VersionedSerializer
    shown: ClassVar = bodies.RecoverySerializer
    act: Callable[..., Any]

    def post(self, request: Request, number: str, pk: int) -> Response:
        complaint = visible_or_404(Complaint, self.me, number=number)
        recovery = get_object_or_404(_whole(complaint.recoveries.all()), pk=pk)
        return self.once(lambda: self._done(recovery))

    def check(self, recovery: Recovery) -> None:
        require(self.me, recoveries.DECIDE, recovery.complaint)

    def _done(self, recovery: Recovery) -> Response:
        self.check(recovery)
        body = self.given(data=self.request.data)
        body.is_valid(raise_exception=True)
        type(self).act(recovery=recovery, by=self.me, now=self.now, **body.validated_data)
        return Response(_data(recovery.pk))


class Approve(RecoveryAct):
    """Agree to what somebody asked for; the caller's own limit has to reach."""

    act = staticmethod(recoveries.approve)


class Decline(RecoveryAct):
    """Not this, with the reason."""

    given = ReasonSerializer
    act = staticmethod(recoveries.decline)


class Cancel(RecoveryAct):
    """It was not handed over after all: by who gave it, or by who decides."""

    given = ReasonSerializer
    act = staticmethod(recoveries.cancel)

    def check(self, recovery: Recovery) -> None:
        recoveries.check_cancel(recovery, by=self.me)


class Totals(Door):
    @extend_schema(
        operation_id="recoveries_list",
        parameters=[MONTH],
        responses=page_of(bodies.RecoveryTotalSerializer),
    )
    def get(self, request: Request) -> Response:
        """What was given in a month, by branch, the most first; all on one page."""
        require(self.me, "complaint.see")
        lines = recovery_totals.lines(self.me, month_of(request, self.now))
        return listed(request, bodies.RecoveryTotalSerializer, lines)


class Given(Door):
    @extend_schema(
        operation_id="recoveries_given_list",
        parameters=[
            MONTH,
            OpenApiParameter("branch", description="Code; that branch alone."),
            OpenApiParameter("kind", enum=RecoveryKind.values, description="That kind alone."),
            *PAGES,
        ],
        responses=page_of(bodies.GivenSerializer),
    )
    def get(self, request: Request) -> Response:
        """The recoveries behind the sums of a month, newest first."""
        require(self.me, "complaint.see")
        rows = recovery_totals.behind(
            self.me,
            month_of(request, self.now),
            branch=branch_of(request, self.me, "complaint.see"),
            kind=self._kind(request),
        )
        page = keyset.page(
            _whole(rows),
            order=("-granted_at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.GivenSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    def _kind(self, request: Request) -> str:
        kind = request.query_params.get("kind", "")
        if kind and kind not in RecoveryKind.values:
            raise ValidationError({"kind": [_("Choose one of the kinds.")]})
        return kind


def _whole(rows: QuerySet[Recovery]) -> QuerySet[Recovery]:
    return rows.select_related(
        *("complaint__branch", "complaint__intake_branch", "offer__category"),
        *("branch", "by", "decided_by", "cancelled_by"),
    )


def _data(pk: int) -> dict[str, Any]:
    return shown(bodies.RecoverySerializer, _whole(Recovery.objects.filter(pk=pk)).get())
