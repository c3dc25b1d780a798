"""The report line (T-17). No call tells who reported something, not even those who may look."""

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, require_everywhere
from staff import tips as reading
from staff.actions import tips as actions
from staff.api.first_contact import AuditDoor
from staff.models import Tip, TypicalCase
from staff.serializers import audits as bodies


class TipDoor(AuditDoor):
    def tip(self, pk: int) -> Tip:
        require_everywhere(self.me, reading.HANDLE)
        found: Tip = get_object_or_404(reading.tips(self.me), pk=pk)
        return found


class Report(AuditDoor):
    """Report something; the receipt is answered once.

    A kept answer would lead from the receipt to who sent it: here a key keeps nothing.
    """

    keeps_answers = False

    @extend_schema(request=bodies.ReportTipSerializer, responses={201: bodies.TipReceiptSerializer})
    def post(self, request: Request) -> Response:
        require(self.me, actions.SEE)
        given, receipt = self.body(bodies.ReportTipSerializer), actions.new_receipt()
        actions.report(receipt=receipt, by=self.me, now=self.now, **given)
        return Response({"receipt": receipt}, status=status.HTTP_201_CREATED)


class Tips(TipDoor):
    @extend_schema(
        operation_id="tips_list", parameters=PAGES, responses=page_of(bodies.TipSerializer)
    )
    def get(self, request: Request) -> Response:
        """What the caller handles, newest first."""
        require_everywhere(self.me, reading.HANDLE)
        page = keyset.page(
            reading.tips(self.me),
            order=("-pk",),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.TipSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class OneTip(TipDoor):
    @extend_schema(operation_id="tips_retrieve", responses=bodies.TipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One, as far as it has come."""
        return Response(shown(bodies.TipSerializer, self.tip(pk)))


class TipAct(TipDoor):
    """One act on a tip; answers the tip."""

    given: ClassVar[type[Any]]
    shown: ClassVar = bodies.TipSerializer
    act: ClassVar[Any]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        found = self.tip(pk)
        type(self).act(tip=found, by=self.me, now=self.now, **self.body(self.given))
        return Response(shown(bodies.TipSerializer, self.tip(pk)))


class Decide(TipAct):
    """Whether it is true, and what it is worth."""

    given = bodies.DecideTipSerializer
    act = staticmethod(actions.decide)


class Pay(TipAct):
    """Hand the reward over to whoever shows the receipt."""

    given = bodies.PayTipSerializer
    act = staticmethod(actions.pay)


class Publish(TipAct):
    """Tell it as a typical case; names are hidden."""

    given = bodies.PublishCaseSerializer
    act = staticmethod(actions.publish)


class Cases(AuditDoor):
    @extend_schema(
        operation_id="typical_cases_list",
        parameters=PAGES,
        responses=page_of(bodies.TypicalCaseSerializer),
    )
    def get(self, request: Request) -> Response:
        """Typical cases, newest first, without names."""
        require(self.me, actions.SEE)
        page = keyset.page(
            TypicalCase.objects.all(),
            order=("-pk",),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.TypicalCaseSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)
