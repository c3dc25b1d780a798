"""Delay cost for programs: by branch, by complaint, and its price."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import delay_costs
from complaints.actions import delay_prices
from complaints.api.months import MONTH, branch_of, month_of
from complaints.serializers import care as bodies
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.kit import keyset
from organisation.access import require, require_everywhere
from organisation.api.doors import Door

VERB = "complaint.see"


class DelayCosts(Door):
    @extend_schema(
        operation_id="delay_cost_list",
        parameters=[MONTH],
        responses=page_of(bodies.DelayCostSerializer),
    )
    def get(self, request: Request) -> Response:
        """The delay cost of a month, by branch, the dearest first; all on one page.

        1 unit for a result within 24 hours, 10 within 72, 100 later; without a result, until now.
        """
        require(self.me, VERB)
        lines = delay_costs.lines(self.me, month_of(request, self.now), now=self.now)
        return listed(request, bodies.DelayCostSerializer, lines)


class Delayed(Door):
    @extend_schema(
        operation_id="delay_cost_complaints_list",
        parameters=[
            MONTH,
            OpenApiParameter("branch", description="Code; that branch alone."),
            *PAGES,
        ],
        responses=page_of(bodies.DelayedSerializer),
    )
    def get(self, request: Request) -> Response:
        """The complaints behind the sums, newest first."""
        require(self.me, VERB)
        rows: QuerySet[Any] = delay_costs.complaints(
            self.me, month_of(request, self.now), now=self.now
        )
        if branch := branch_of(request, self.me, VERB):
            rows = rows.filter(branch=branch)
        page = keyset.page(
            rows.select_related("branch"),
            order=("-received_at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        shown = bodies.DelayedSerializer
        return listed(request, shown, page.rows, previous=page.previous, next_=page.next)


class Price(Door):
    @extend_schema(responses=bodies.PriceSerializer)
    def get(self, request: Request) -> Response:
        """What one unit costs."""
        require(self.me, VERB)
        return Response(bodies.PriceSerializer({"amount": delay_prices.current()}).data)

    @extend_schema(request=bodies.PriceSerializer, responses=bodies.PriceSerializer)
    def put(self, request: Request) -> Response:
        """Set the price, for figures of every month."""
        require_everywhere(self.me, delay_prices.VERB)
        given = bodies.PriceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        delay_prices.set_price(by=self.me, now=self.now, **given.validated_data)
        return self.get(request)
