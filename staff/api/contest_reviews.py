"""The review group: plans without branch and names, marked once (T-08)."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.api.doors import Door
from staff import contests as reading
from staff.actions import contest_judging
from staff.blind import blind, blind_all
from staff.models import Plan
from staff.serializers import contest_plans as bodies


class Reviews(Door):
    @extend_schema(
        operation_id="contest_reviews_list",
        parameters=PAGES,
        responses=page_of(bodies.BlindPlanSerializer),
    )
    def get(self, request: Request) -> Response:
        """The plans in the review that the caller may judge."""
        reading.require_panel(self.me)
        rows = reading.with_reports(reading.judgeable(self.me))
        page = keyset.page(rows, order=("pk",), params=request.query_params, size=size_of(request))
        kind = bodies.BlindPlanSerializer
        found = blind_all(page.rows)
        return listed(request, kind, found, previous=page.previous, next_=page.next)


class OneReview(Door):
    @extend_schema(operation_id="contest_reviews_retrieve", responses=bodies.BlindPlanSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A plan, blind."""
        return Response(shown(bodies.BlindPlanSerializer, blind(reading.in_review(self.me, pk))))


class ReviewAct(Door):
    """One act of a reviewer; answers 204: the marks of others are not shown here."""

    given: ClassVar[type[Any]]

    def post(self, request: Request, pk: int) -> Response:
        plan = reading.in_review(self.me, pk)
        return self.once(lambda: self._done(plan))

    def _done(self, plan: Plan) -> Response:
        body = self.given(data=self.request.data)
        body.is_valid(raise_exception=True)
        self.do(plan, body.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def do(self, plan: Plan, given: dict[str, Any]) -> None:
        raise NotImplementedError


@extend_schema(request=bodies.JudgeSerializer, responses={204: None})
class Judge(ReviewAct):
    """A mark of 1 to 10 for each criterion of the contest, once."""

    given = bodies.JudgeSerializer

    def do(self, plan: Plan, given: dict[str, Any]) -> None:
        contest_judging.judge(plan=plan, by=self.me, now=self.now, **given)


@extend_schema(request=bodies.ConflictSerializer, responses={204: None})
class DeclareConflict(ReviewAct):
    """The plan is for the others."""

    given = bodies.ConflictSerializer

    def do(self, plan: Plan, given: dict[str, Any]) -> None:
        contest_judging.declare_conflict(plan=plan, by=self.me, now=self.now, **given)
