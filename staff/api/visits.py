"""The calls on visits to customers (T-24)."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from customers.models import Customer, Visit, VisitStatus
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from staff.actions import visits as actions
from staff.serializers import visits as bodies


class Visits(Door):
    @extend_schema(
        operation_id="customer_visits_list",
        parameters=PAGES,
        responses=page_of(bodies.VisitSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Visits to a customer and receptions, newest first."""
        customer = visible_or_404(Customer, self.me, pk=pk)
        rows = visible(Visit, self.me).filter(customer=customer, status=VisitStatus.DONE)
        rows = rows.select_related("by", "touched")
        given = request.query_params
        found = keyset.page(rows, order=("-on", "-pk"), params=given, size=size_of(request))
        kind = bodies.VisitSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)

    @extend_schema(request=bodies.NoteVisitSerializer, responses={201: bodies.VisitSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Write one down."""
        customer = visible_or_404(Customer, self.me, pk=pk)
        require(self.me, actions.NOTE, customer)
        return self.once(lambda: self._note(customer))

    def _note(self, customer: Customer) -> Response:
        body = bodies.NoteVisitSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made = actions.note(customer=customer, by=self.me, now=self.now, **body.validated_data)
        return Response(shown(bodies.VisitSerializer, made), status=status.HTTP_201_CREATED)
