"""Which complaints an order answers (W-12)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as bodies
from complaints.actions import offers, order_complaints
from complaints.api.reading import order_data
from complaints.models import Complaint, WorkOrder
from organisation.access import visible_or_404
from organisation.api.doors import Door


class OrderComplaints(Door):
    @extend_schema(
        request=bodies.OrderComplaintNumberSerializer, responses=bodies.WorkOrderSerializer
    )
    def post(self, request: Request, pk: int) -> Response:
        """Answer one more complaint of the branch: the submission stops its 48 hours, too."""
        return self.once(lambda: self._add(pk))

    def _add(self, pk: int) -> Response:
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        offers.check_order(order, "save", by=self.me)
        body = bodies.OrderComplaintNumberSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        number = body.validated_data.pop("complaint")
        complaint = visible_or_404(Complaint, self.me, number=number)
        order_complaints.add(
            order=order, complaint=complaint, by=self.me, now=self.now, **body.validated_data
        )
        return Response(order_data(order.pk, self.me))


class OneOrderComplaint(Door):
    @extend_schema(responses=bodies.WorkOrderSerializer)
    def delete(self, request: Request, pk: int, number: str) -> Response:
        """Answer it no longer; not the complaint that the order came from."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        offers.check_order(order, "save", by=self.me)
        complaint = visible_or_404(Complaint, self.me, number=number)
        order_complaints.remove(order=order, complaint=complaint, by=self.me, now=self.now)
        return Response(order_data(order.pk, self.me))
