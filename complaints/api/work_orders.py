"""The rectification work orders: drafting, the list, one order, and its three acts."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as bodies
from complaints.actions import annulling, effects, judging, offers, order_opening, work_orders
from complaints.api.parameters import ORDERS
from complaints.api.reading import allowed, order_data, with_complaints
from complaints.models import Complaint, OrderSource, WorkOrder
from complaints.order_filters import WorkOrderFilter
from complaints.serializers.learning import EffectSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import NotOpen
from organisation.access import require, visible_or_404
from organisation.api.doors import Door


class Draft(Door):
    """The order of a complaint."""

    @extend_schema(
        request=bodies.SectionsSerializer,
        responses={201: bodies.WorkOrderSerializer, 200: bodies.WorkOrderSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Draft the order, with any of its sections.

        A complaint has one order: where it exists already, 200 shows it and nothing is changed.
        `version` is the complaint's.
        """
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._draft(complaint))

    def _draft(self, complaint: Complaint) -> Response:
        try:
            offers.check(complaint, "work-order", by=self.me)
            given = bodies.SectionsSerializer(data=self.request.data)
            given.is_valid(raise_exception=True)
            order = work_orders.draft(
                complaint=complaint, by=self.me, now=self.now, **given.validated_data
            )
        except NotOpen as refusal:
            refusal.allowed = allowed(complaint, self.me)
            raise
        is_new = order.created_at == self.now
        number = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(order_data(order.pk, self.me), status=number)


class WorkOrders(Door):
    @extend_schema(
        operation_id="work_orders_list",
        parameters=[*ORDERS, *PAGES],
        responses=page_of(bodies.WorkOrderRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """The register: the orders that the caller sees, newest first."""
        found = WorkOrderFilter(request.query_params, person=self.me, now=self.now)
        if not found.is_valid():
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        rows: QuerySet[WorkOrder] = with_complaints(found.qs)
        page = keyset.page(
            rows, order=[found.order], params=request.query_params, size=size_of(request)
        )
        shown = bodies.WorkOrderRowSerializer
        return listed(request, shown, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.OpenOrderSerializer, responses={201: bodies.WorkOrderSerializer})
    def post(self, request: Request) -> Response:
        """Open an order for an audit finding, or by hand (W-12)."""
        require(self.me, order_opening.OPEN)
        return self.once(self._open)

    def _open(self) -> Response:
        body = bodies.OpenOrderSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        given = body.validated_data
        is_finding = given.pop("source") == OrderSource.FINDING
        act = order_opening.open_for_finding if is_finding else order_opening.open_by_hand
        order = act(by=self.me, now=self.now, **given)
        return Response(order_data(order.pk, self.me), status=status.HTTP_201_CREATED)


class OrderDoor(Door):
    """What the calls on one order share."""

    def run(
        self,
        order: WorkOrder,
        name: str,
        given: type[bodies.VersionedSerializer],
        act: Callable[..., Any],
    ) -> Response:
        """Who may not, or when it is not open, is told so before the body is looked at."""
        try:
            offers.check_order(order, name, by=self.me)
            body = given(data=self.request.data, context={"me": self.me})
            body.is_valid(raise_exception=True)
            act(order=order, by=self.me, now=self.now, **body.validated_data)
        except NotOpen as refusal:
            refusal.allowed = offers.order_open_to(order, self.me)
            raise
        return Response(order_data(order.pk, self.me))


class OneWorkOrder(OrderDoor):
    @extend_schema(operation_id="work_orders_retrieve", responses=bodies.WorkOrderSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """All of an order."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        return Response(order_data(order.pk, self.me))

    @extend_schema(request=bodies.SectionsSerializer, responses=bodies.WorkOrderSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Keep a draft as it is, complete or not (`save` in `allowed`)."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        return self.run(order, "save", bodies.SectionsSerializer, work_orders.save)


class Versions(Door):
    @extend_schema(
        operation_id="work_orders_versions",
        responses=bodies.OrderVersionSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What an order said at each of its submissions, from the first."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        rows = order.versions.select_related("by")
        return Response([shown(bodies.OrderVersionSerializer, row) for row in rows])


class OrderAct(OrderDoor):
    """One act on an order; answers the order."""

    name: ClassVar[str]
    given: ClassVar[type[bodies.VersionedSerializer]]
    shown: ClassVar = bodies.WorkOrderSerializer
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        return self.once(lambda: self.run(order, self.name, self.given, type(self).act))


class Submit(OrderAct):
    """Submit, perhaps with sections: the first time stops the 48 h clock and gives the number."""

    name = "submit"
    given = bodies.SectionsSerializer
    act = staticmethod(work_orders.submit)


class Return(OrderAct):
    """Send back with the reason and the sections to mend. Not by whoever submitted."""

    name = "return"
    given = bodies.ReturnSerializer
    act = staticmethod(judging.send_back)


class Confirm(OrderAct):
    """Find it good, with guidance. Not by whoever submitted."""

    name = "confirm"
    given = bodies.ConfirmSerializer
    act = staticmethod(judging.confirm)


class Annul(OrderAct):
    """Take it out of the count; the reason is needed once it has a number, which stays listed."""

    name = "annul"
    given = bodies.AnnulSerializer
    act = staticmethod(annulling.annul)


class ReportEffect(OrderAct):
    """What the measures achieved, while the order is submitted; who says so cannot confirm it."""

    name = "report-effect"
    given = EffectSerializer
    act = staticmethod(effects.report)


class AddEvidence(OrderAct):
    name = "save"
    given = bodies.AttachSerializer
    act = staticmethod(work_orders.save)
    parser_classes = (MultiPartParser,)

    def post(self, request: Request, pk: int) -> Response:
        """Add files of evidence to a draft: several parts named `files` (W-04)."""
        return super().post(request, pk)
