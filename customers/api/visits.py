"""The calls on visits to come (K-14, K-15)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from customers import care_serializers as bodies
from customers import visits as reading
from customers.actions import visit_follow_ups as follow_ups
from customers.actions import visits as actions
from customers.models import Customer, Visit, VisitStatus
from organisation.access import require, visible
from organisation.api.doors import Door

MOST = 200


class VisitDoor(Door):
    """What these calls share."""

    def visit(self, pk: int) -> Visit:
        rows = visible(Visit, self.me).select_related("customer__home_branch", "owner")
        return get_object_or_404(rows.prefetch_related("findings__by", "tasks__owner"), pk=pk)


class Visits(VisitDoor):
    @extend_schema(
        operation_id="visits_list",
        parameters=[OpenApiParameter("status", enum=VisitStatus.values), *PAGES],
        responses=page_of(bodies.PlannedVisitSerializer),
    )
    def get(self, request: Request) -> Response:
        """Visits and receptions that the caller sees, the latest day first."""
        require(self.me, "customer.see")
        rows = visible(Visit, self.me).select_related("customer", "owner")
        if (wanted := request.query_params.get("status", "")) in VisitStatus.values:
            rows = rows.filter(status=wanted)
        params, size = request.query_params, size_of(request)
        found = keyset.page(rows, order=("-on", "-pk"), params=params, size=size)
        kind = bodies.PlannedVisitSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class Due(VisitDoor):
    @extend_schema(
        operation_id="visits_due_list", responses=bodies.DueCustomerSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Customers whose visit is due within two weeks, the latest first; 200 at most."""
        require(self.me, "customer.see")
        rows = reading.due(self.me, today=timezone.localdate(self.now))
        return Response(bodies.DueCustomerSerializer(rows[:MOST], many=True).data)


class Plan(VisitDoor):
    @extend_schema(request=bodies.PlanVisitSerializer, responses={201: bodies.WholeVisitSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Plan a visit or a reception."""
        rows = visible(Customer, self.me).select_related("home_branch")
        customer = get_object_or_404(rows, pk=pk)
        require(self.me, actions.EDIT, customer)
        return self.once(lambda: self._plan(customer))

    def _plan(self, customer: Customer) -> Response:
        given = self.body(bodies.PlanVisitSerializer)
        made = actions.plan(customer=customer, by=self.me, now=self.now, **given)
        body = shown(bodies.WholeVisitSerializer, self.visit(made.pk))
        return Response(body, status=status.HTTP_201_CREATED)


class OneVisit(VisitDoor):
    @extend_schema(operation_id="visits_retrieve", responses=bodies.WholeVisitSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A visit with what was learnt and what follows."""
        return Response(shown(bodies.WholeVisitSerializer, self.visit(pk)))


class VisitAct(VisitDoor):
    """One act on a visit; answers the visit."""

    given: ClassVar[type[Any]]
    shown: ClassVar = bodies.WholeVisitSerializer
    act: ClassVar[Callable[..., object]]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        found = self.visit(pk)
        actions.check_may(found, by=self.me)
        type(self).act(visit=found, by=self.me, now=self.now, **self.body(self.given))
        return Response(shown(bodies.WholeVisitSerializer, self.visit(pk)))


class WriteDown(VisitAct):
    """It was made: what was said."""

    given = bodies.WriteVisitDownSerializer
    act = staticmethod(actions.write_down)


class Cancel(VisitAct):
    """It does not take place."""

    given = bodies.CancelVisitSerializer
    act = staticmethod(actions.cancel)


class Find(VisitAct):
    """Something that was learnt."""

    given = bodies.FindAtVisitSerializer
    act = staticmethod(follow_ups.find)


class FollowUp(VisitAct):
    """What somebody is to do by a day."""

    given = bodies.FollowVisitSerializer
    act = staticmethod(follow_ups.follow_up)
