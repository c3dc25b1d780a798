"""Finding a customer, and the customer's card."""

from typing import cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.kit import keyset
from customers.actions import contacts
from customers.models import Customer, Kind
from customers.models.customer import CustomerQuerySet
from customers.serializers import CustomerRowSerializer, CustomerSerializer
from organisation.access import require, visible
from organisation.api.doors import Door

FOUND_BY = [
    OpenApiParameter(
        "search",
        description="A part of the name, its pinyin or initials, a phone number or its last four "
        "digits, or an e-mail address.",
    ),
    OpenApiParameter("kind", enum=Kind.values),
]


class WantedSerializer(serializers.Serializer[Customer]):
    search = serializers.CharField(required=False, allow_blank=True, max_length=80)
    kind = serializers.ChoiceField(Kind.choices, required=False, allow_blank=True)


class Customers(Door):
    @extend_schema(
        operation_id="customers_list",
        parameters=[*FOUND_BY, *PAGES],
        responses=page_of(CustomerRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """The customers that the caller sees, by name. A search by number is written down."""
        require(self.me, "customer.see")
        wanted = WantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        rows = self._found(**wanted.validated_data).select_related("home_branch")
        page = keyset.page(
            rows, order=("name", "pk"), params=request.query_params, size=size_of(request)
        )
        shown = CustomerRowSerializer
        return listed(request, shown, page.rows, previous=page.previous, next_=page.next)

    def _found(self, search: str = "", kind: str = "") -> CustomerQuerySet:
        rows = cast(CustomerQuerySet, visible(Customer, self.me)).current()
        if kind:
            rows = rows.filter(kind=kind)
        contacts.note_search(text=search, by=self.me, now=self.now)
        return rows.named(search) if search else rows


class OneCustomer(Door):
    @extend_schema(operation_id="customers_retrieve", responses=CustomerSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A customer's card; what is personal is masked."""
        rows = visible(Customer, self.me).select_related("home_branch", "account_manager", "facts")
        customer = get_object_or_404(rows.prefetch_related("contacts__points"), pk=pk)
        return Response(CustomerSerializer(customer).data)
