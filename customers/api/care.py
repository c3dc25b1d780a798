"""The calls on segments, care and notices (K-21, K-22, K-25, C-24)."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from customers import care_serializers as bodies
from customers import segments as reading
from customers.actions import care, notices, segments
from customers.api.visits import VisitDoor
from customers.models import CareAct, CareStatus, Customer, CustomerNotice, Segment
from customers.risk_serializers import EndangeredSerializer
from organisation.access import require, visible


class Segments(VisitDoor):
    @extend_schema(
        operation_id="segments_list",
        parameters=PAGES,
        responses=page_of(bodies.SegmentSerializer),
    )
    def get(self, request: Request) -> Response:
        """Saved filters and lists of names, by name."""
        require(self.me, "customer.see")
        rows = visible(Segment, self.me).select_related("branch")
        params, size = request.query_params, size_of(request)
        found = keyset.page(rows, order=("name", "pk"), params=params, size=size)
        kind = bodies.SegmentSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)

    @extend_schema(request=bodies.SaveSegmentSerializer, responses={201: bodies.SegmentSerializer})
    def post(self, request: Request) -> Response:
        """Save a filter, or begin a list of names."""
        require(self.me, segments.EDIT)
        return self.once(self._save)

    def _save(self) -> Response:
        given = self.body(bodies.SaveSegmentSerializer)
        made = segments.save(by=self.me, now=self.now, **given)
        body = shown(bodies.SegmentSerializer, made)
        return Response(body, status=status.HTTP_201_CREATED)


class SegmentCustomers(VisitDoor):
    @extend_schema(
        operation_id="segment_customers_list",
        parameters=PAGES,
        responses=page_of(EndangeredSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Who is in it now, as far as the caller sees them."""
        segment = get_object_or_404(visible(Segment, self.me).select_related("branch"), pk=pk)
        rows = reading.customers(segment, self.me, today=timezone.localdate(self.now))
        params, size = request.query_params, size_of(request)
        found = keyset.page(rows, order=("name", "pk"), params=params, size=size)
        kind = EndangeredSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class Wish(VisitDoor):
    @extend_schema(request=bodies.CareWishSerializer, responses=bodies.CareWishSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """How the customer wishes to be met; what is left out is not wished."""
        rows = visible(Customer, self.me).select_related("home_branch")
        customer = get_object_or_404(rows, pk=pk)
        require(self.me, care.EDIT, customer)
        return self.once(lambda: self._wish(customer))

    def _wish(self, customer: Customer) -> Response:
        given = self.body(bodies.CareWishSerializer)
        kept = care.wish(customer=customer, by=self.me, now=self.now, **given)
        return Response(shown(bodies.CareWishSerializer, kept))


class CareActs(VisitDoor):
    @extend_schema(
        operation_id="care_acts_list",
        parameters=PAGES,
        responses=page_of(bodies.CareActSerializer),
    )
    def get(self, request: Request) -> Response:
        """What is to be done for customers, the earliest day first."""
        require(self.me, "customer.see")
        rows = visible(CareAct, self.me).filter(status=CareStatus.PLANNED)
        params, size = request.query_params, size_of(request)
        found = keyset.page(
            rows.select_related("customer"), order=("on", "pk"), params=params, size=size
        )
        kind = bodies.CareActSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class CloseCare(VisitDoor):
    @extend_schema(request=bodies.CloseCareSerializer, responses=bodies.CareActSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """It was done, or is not to be done."""
        return self.once(lambda: self._close(pk))

    def _close(self, pk: int) -> Response:
        rows = visible(CareAct, self.me).select_related("customer__home_branch")
        row = get_object_or_404(rows, pk=pk)
        care.check_may(row, self.me)
        care.close(act=row, by=self.me, now=self.now, **self.body(bodies.CloseCareSerializer))
        return Response(shown(bodies.CareActSerializer, row))


class Notices(VisitDoor):
    @extend_schema(
        operation_id="customer_notices_list",
        parameters=PAGES,
        responses=page_of(bodies.CustomerNoticeSerializer),
    )
    def get(self, request: Request) -> Response:
        """Notices to customers, newest first."""
        require(self.me, "customer.see")
        rows, params = visible(CustomerNotice, self.me), request.query_params
        found = keyset.page(rows, order=("-pk",), params=params, size=size_of(request))
        kind = bodies.CustomerNoticeSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)

    @extend_schema(
        request=bodies.DraftNoticeSerializer, responses={201: bodies.CustomerNoticeSerializer}
    )
    def post(self, request: Request) -> Response:
        """Write one; nobody is told yet."""
        require(self.me, notices.WRITE)
        return self.once(self._draft)

    def _draft(self) -> Response:
        given = self.body(bodies.DraftNoticeSerializer)
        rows = visible(Segment, self.me).select_related("branch")
        given["segment"] = get_object_or_404(rows, pk=given["segment"])
        made = notices.draft(by=self.me, now=self.now, **given)
        body = shown(bodies.CustomerNoticeSerializer, made)
        return Response(body, status=status.HTTP_201_CREATED)


class NoticeDoor(VisitDoor):
    def notice(self, pk: int) -> CustomerNotice:
        rows = visible(CustomerNotice, self.me).select_related("branch", "segment__branch")
        return get_object_or_404(rows, pk=pk)


class Reach(NoticeDoor):
    @extend_schema(responses=bodies.NoticeReachSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Whom it reaches now, in numbers."""
        found = notices.reach(self.notice(pk), now=self.now)
        return Response(bodies.NoticeReachSerializer(found).data)


class Send(NoticeDoor):
    @extend_schema(request=bodies.SendNoticeSerializer, responses=bodies.NumberSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Send it to those whose number the caller saw."""
        return self.once(lambda: self._send(pk))

    def _send(self, pk: int) -> Response:
        found = self.notice(pk)
        require(self.me, notices.WRITE, found)
        given = self.body(bodies.SendNoticeSerializer)
        number = notices.send(notice=found, by=self.me, now=self.now, **given)
        return Response({"number": number})


class Stop(NoticeDoor):
    @extend_schema(request=None, responses=bodies.NumberSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """What has not left does not leave; the number of letters taken back."""
        return self.once(lambda: self._stop(pk))

    def _stop(self, pk: int) -> Response:
        number = notices.stop(notice=self.notice(pk), by=self.me, now=self.now)
        return Response({"number": number})
