"""The calls on suppliers (C-28, W-06)."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import suppliers as reading
from complaints.actions import suppliers as actions
from complaints.api.parameters import SUPPLIERS
from complaints.models import Supplier
from complaints.serializers import accountability as bodies
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require
from organisation.api.doors import Door


class SupplierDoor(Door):
    """What the calls share."""

    def data_of(self, supplier: Supplier) -> dict[str, object]:
        [row] = reading.with_figures([supplier], self.me)
        return shown(bodies.SupplierSerializer, row)


class Suppliers(SupplierDoor):
    @extend_schema(
        operation_id="suppliers_list",
        parameters=[*SUPPLIERS, *PAGES],
        responses=page_of(bodies.SupplierSerializer),
    )
    def get(self, request: Request) -> Response:
        """The company's suppliers by name, each with what the caller sees of its history."""
        require(self.me, reading.SEE)
        rows = reading.listed(request.query_params)
        order = ("name", "pk")
        page = keyset.page(rows, order=order, params=request.query_params, size=size_of(request))
        found = reading.with_figures(page.rows, self.me)
        kind = bodies.SupplierSerializer
        return listed(request, kind, found, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.AddSupplierSerializer, responses={201: bodies.SupplierSerializer})
    def post(self, request: Request) -> Response:
        """Add one; each name stands once."""
        return self.once(self._add)

    def _add(self) -> Response:
        require(self.me, "supplier.add")
        body = bodies.AddSupplierSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made = actions.add(by=self.me, now=self.now, **body.validated_data)
        return Response(self.data_of(made), status=status.HTTP_201_CREATED)


class OneSupplier(SupplierDoor):
    @extend_schema(operation_id="suppliers_retrieve", responses=bodies.SupplierSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One supplier."""
        require(self.me, reading.SEE)
        return Response(self.data_of(get_object_or_404(Supplier, pk=pk)))

    @extend_schema(request=bodies.ChangeSupplierSerializer, responses=bodies.SupplierSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change its name or contact, or say that it is not used any more."""
        require(self.me, "supplier.edit")
        supplier = get_object_or_404(Supplier, pk=pk)
        body = bodies.ChangeSupplierSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        stored = {name: getattr(supplier, name) for name in ("name", "contact", "is_active")}
        actions.change(supplier=supplier, by=self.me, **stored | body.validated_data)
        return Response(self.data_of(supplier))
