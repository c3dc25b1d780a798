"""The calls on customers at risk, their cases, and passing customers on (K-10, K-12, K-20)."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from customers import retention as reading
from customers import risk_serializers as bodies
from customers.actions import handovers
from customers.actions import retention as actions
from customers.models import Customer, Level, RetentionCase, RetentionStep
from organisation.access import require, visible
from organisation.api.doors import Door
from organisation.api.records import RecordAct


def whole(rows: QuerySet[RetentionCase]) -> QuerySet[RetentionCase]:
    """With all that is shown of a case."""
    return rows.select_related("customer__home_branch", "owner").prefetch_related("steps__by")


class RiskDoor(Door):
    """What these calls share."""

    def case(self, pk: int) -> RetentionCase:
        return get_object_or_404(whole(visible(RetentionCase, self.me)), pk=pk)


class Risks(RiskDoor):
    @extend_schema(
        operation_id="customer_risks_list",
        parameters=[OpenApiParameter("level", enum=Level.values), *PAGES],
        responses=page_of(bodies.ChurnRiskSerializer),
    )
    def get(self, request: Request) -> Response:
        """Customers with a warning whom the caller sees, the worst first."""
        require(self.me, "customer.see")
        rows, level = reading.warned(self.me), request.query_params.get("level", "")
        if level in Level.values:
            rows = rows.filter(level=level)
        order = ("-points", "customer_id")
        found = keyset.page(rows, order=order, params=request.query_params, size=size_of(request))
        kind = bodies.ChurnRiskSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class OpenCase(RiskDoor):
    @extend_schema(request=None, responses={201: bodies.RetentionCaseSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Take a customer in hand; the open case, if there is one."""
        rows = visible(Customer, self.me).select_related("home_branch", "risk")
        customer = get_object_or_404(rows, pk=pk)
        require(self.me, actions.EDIT, customer)
        return self.once(lambda: self._open(customer))

    def _open(self, customer: Customer) -> Response:
        made = actions.open_case(customer=customer, by=self.me, now=self.now)
        body = shown(bodies.RetentionCaseSerializer, self.case(made.pk))
        return Response(body, status=status.HTTP_201_CREATED)


class OneCase(RiskDoor):
    @extend_schema(
        operation_id="retention_cases_retrieve", responses=bodies.RetentionCaseSerializer
    )
    def get(self, request: Request, pk: int) -> Response:
        """A case with what is done."""
        return Response(shown(bodies.RetentionCaseSerializer, self.case(pk)))


class CaseAct(RecordAct):
    """One act on a case; answers the case."""

    model = RetentionCase
    shows = bodies.RetentionCaseSerializer
    name = "case"
    shown: ClassVar = bodies.RetentionCaseSerializer

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(whole(rows))

    def may(self, row: Any) -> None:
        actions.require_hand(row, by=self.me)


class Give(CaseAct):
    """Let somebody else look after it."""

    given = bodies.GiveCaseSerializer
    act = staticmethod(actions.give)


class Note(CaseAct):
    """What was done, or is to be done by a day."""

    given = bodies.NoteStepSerializer
    act = staticmethod(actions.note)


class Close(CaseAct):
    """With what came of it."""

    given = bodies.CloseCaseSerializer
    act = staticmethod(actions.close)


class Finish(RiskDoor):
    @extend_schema(request=None, responses=bodies.RetentionCaseSerializer)
    def post(self, request: Request, pk: int, step_pk: int) -> Response:
        """What was to be done is done."""
        return self.once(lambda: self._done(pk, step_pk))

    def _done(self, pk: int, step_pk: int) -> Response:
        steps = RetentionStep.objects.select_related("case__customer")
        step = get_object_or_404(steps, pk=step_pk, case=self.case(pk))
        actions.finish(step=step, by=self.me, now=self.now)
        return Response(shown(bodies.RetentionCaseSerializer, self.case(pk)))


class HandOver(RiskDoor):
    @extend_schema(
        request=bodies.HandCustomersOverSerializer, responses=bodies.HandedOverSerializer
    )
    def post(self, request: Request) -> Response:
        """Pass customers of one account manager to another; those the caller may."""
        require(self.me, reading.HAND_OVER)
        return self.once(self._hand_over)

    def _hand_over(self) -> Response:
        number = handovers.hand_over(
            by=self.me, now=self.now, **self.body(bodies.HandCustomersOverSerializer)
        )
        return Response({"customers": number})
