"""Dissatisfied items: entering, listing, correcting, and what becomes of them."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as bodies
from complaints.actions import items, offers, order_opening
from complaints.api.parameters import ITEMS
from complaints.api.reading import order_data
from complaints.models import DissatisfiedItem
from complaints.order_filters import ItemFilter
from complaints.order_rows import with_orders
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import NotOpen
from organisation.access import require, visible_or_404
from organisation.api.doors import Door


def item_data(pk: int) -> dict[str, Any]:
    """All of an item that the caller was let to."""
    return shown(bodies.ItemSerializer, with_orders(DissatisfiedItem.objects.filter(pk=pk)).get())


class DissatisfiedItems(Door):
    @extend_schema(
        operation_id="dissatisfied_items_list",
        parameters=[*ITEMS, *PAGES],
        responses=page_of(bodies.ItemSerializer),
    )
    def get(self, request: Request) -> Response:
        """The items that the caller sees, newest first."""
        found = ItemFilter(request.query_params, person=self.me, now=self.now)
        if not found.is_valid():
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        page = keyset.page(
            with_orders(found.qs).select_related("recorded_by"),
            order=[found.order],
            params=request.query_params,
            size=size_of(request),
        )
        rows = bodies.ItemSerializer
        return listed(request, rows, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.RecordItemSerializer, responses={201: bodies.ItemSerializer})
    def post(self, request: Request) -> Response:
        """Enter an item by hand (W-10)."""
        require(self.me, items.RECORD)
        return self.once(self._record)

    def _record(self) -> Response:
        given = bodies.RecordItemSerializer(data=self.request.data, context={"me": self.me})
        given.is_valid(raise_exception=True)
        item = items.record(by=self.me, now=self.now, **given.validated_data)
        return Response(item_data(item.pk), status=status.HTTP_201_CREATED)


class ItemDoor(Door):
    """What the calls on one item share."""

    def run(
        self,
        pk: int,
        name: str,
        given: type[bodies.VersionedSerializer],
        act: Callable[..., Any],
    ) -> Any:
        """Who may not, or when it is not open, is told so before the body is looked at."""
        item = visible_or_404(DissatisfiedItem, self.me, pk=pk)
        try:
            offers.check_item(item, name, by=self.me)
            body = given(data=self.request.data, context={"me": self.me})
            body.is_valid(raise_exception=True)
            return act(item=item, by=self.me, now=self.now, **body.validated_data)
        except NotOpen as refusal:
            refusal.allowed = offers.item_open_to(item, self.me)
            raise


class OneItem(ItemDoor):
    @extend_schema(operation_id="dissatisfied_items_retrieve", responses=bodies.ItemSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """All of an item."""
        return Response(item_data(visible_or_404(DissatisfiedItem, self.me, pk=pk).pk))

    @extend_schema(request=bodies.ItemFieldsSerializer, responses=bodies.ItemSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Correct one that has no order yet."""
        self.run(pk, "save", bodies.ItemFieldsSerializer, items.save)
        return Response(item_data(pk))


class ItemAct(ItemDoor):
    """One act on an item; answers the item."""

    name: ClassVar[str]
    given: ClassVar[type[bodies.VersionedSerializer]] = bodies.VersionedSerializer
    shown: ClassVar = bodies.ItemSerializer
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        self.run(pk, self.name, self.given, type(self).act)
        return Response(item_data(pk))


class SetAside(ItemAct):
    """No order is needed, with the reason."""

    name = "set-aside"
    given = bodies.ReasonSerializer
    act = staticmethod(items.set_aside)


class TakeUp(ItemAct):
    """It needs an order after all."""

    name = "take-up"
    act = staticmethod(items.take_up)


class ItemOrders(ItemDoor):
    @extend_schema(
        request=bodies.VersionedSerializer,
        responses={201: bodies.WorkOrderSerializer, 200: bodies.WorkOrderSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Make it an order (W-12).

        An item has one order: where it exists already, 200 shows it and nothing is changed.
        `version` is the item's.
        """
        return self.once(lambda: self._open(pk))

    def _open(self, pk: int) -> Response:
        item = visible_or_404(DissatisfiedItem, self.me, pk=pk)
        require(self.me, order_opening.OPEN, item)
        body = bodies.VersionedSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        order = order_opening.open_for_item(
            item=item, by=self.me, now=self.now, **body.validated_data
        )
        is_new = order.created_at == self.now
        number = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(order_data(order.pk, self.me), status=number)
