"""The calls on account managers (T-20)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from organisation.models import Branch
from staff import accounts as reading
from staff.actions import accounts as actions
from staff.models import AccountReview
from staff.models.accounts import DECIDE, SEE
from staff.serializers import accounts as bodies

QUARTER = OpenApiParameter(
    "period", description="A quarter, as 2026-Q3; without it the last that has ended."
)


class Managers(Door):
    @extend_schema(
        operation_id="account_managers_list",
        parameters=[QUARTER],
        responses=page_of(bodies.AccountManagerSerializer),
    )
    def get(self, request: Request) -> Response:
        """The figures of a quarter, of the branches one manages; all on one page."""
        require(self.me, SEE)
        period = reading.asked(request.query_params, self.now)
        rows = reading.lines(self.me, period)
        return listed(request, bodies.AccountManagerSerializer, rows)


class Reviews(Door):
    @extend_schema(
        operation_id="account_reviews_list",
        parameters=PAGES,
        responses=page_of(bodies.AccountReviewSerializer),
    )
    def get(self, request: Request) -> Response:
        """What was decided of oneself, and of those of one's branches; newest first."""
        rows = visible(AccountReview, self.me).select_related("person", "branch", "decided_by")
        found = keyset.page(
            rows, order=("-pk",), params=request.query_params, size=size_of(request)
        )
        kind = bodies.AccountReviewSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)

    @extend_schema(
        request=bodies.DecideReviewSerializer, responses={201: bodies.AccountReviewSerializer}
    )
    def post(self, request: Request) -> Response:
        """Decide on an account manager for a quarter; final."""
        require(self.me, DECIDE)
        return self.once(self._decide)

    def _decide(self) -> Response:
        body = bodies.DecideReviewSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        given = body.validated_data
        period = reading.of_key(given.pop("period"))
        line = reading.line_of(self.me, period, given["person"])
        made = actions.decide(
            branch=Branch.objects.get(pk=line.branch_id),
            period=period,
            figures=line.figures.data(),
            by=self.me,
            now=self.now,
            **given,
        )
        answer = shown(bodies.AccountReviewSerializer, made)
        return Response(answer, status=status.HTTP_201_CREATED)


class OneReview(Door):
    @extend_schema(
        operation_id="account_reviews_retrieve", responses=bodies.AccountReviewSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        """A decision with its grounds."""
        row = visible_or_404(AccountReview, self.me, pk=pk)
        return Response(shown(bodies.AccountReviewSerializer, row))
