"""The list, logging, one complaint, and the categories."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import keyset
from complaints.actions import intake
from complaints.api.parameters import COMPLAINTS
from complaints.api.reading import complaint_data, new_complaint_data, with_timers
from complaints.clock_histories import histories
from complaints.filters import ComplaintFilter
from complaints.models import Category, Complaint
from complaints.serializers import (
    CategorySerializer,
    ClockSerializer,
    ComplaintRowSerializer,
    ComplaintSerializer,
    LogSerializer,
)
from csm.api.pagination import AFTER, BEFORE, listed, size_of
from csm.api.schema import PAGES, page_of
from customers.actions.customers import Caller
from organisation.access import require, visible_or_404
from organisation.api.doors import Door


class Complaints(Door):
    @extend_schema(
        operation_id="complaints_list",
        parameters=[*COMPLAINTS, *PAGES],
        responses=page_of(ComplaintRowSerializer),
    )
    def get(self, request: Request) -> Response:
        """The complaints that the caller sees, newest first."""
        found = ComplaintFilter(request.query_params, person=self.me, now=self.now)
        if not found.is_valid():
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        page = keyset.page(
            with_timers(found.qs, self.now),
            keyset.ORDERS[found.order],
            after=request.query_params.get(AFTER, ""),
            before=request.query_params.get(BEFORE, ""),
            size=size_of(request),
        )
        kind = ComplaintRowSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(request=LogSerializer, responses={201: ComplaintSerializer})
    def post(self, request: Request) -> Response:
        """Log a complaint; its four clocks run from `received_at`, which may lie in the past."""
        return self.once(self._log)

    def _log(self) -> Response:
        require(self.me, "complaint.log")
        given = LogSerializer(data=self.request.data, context={"me": self.me})
        given.is_valid(raise_exception=True)
        fields = given.validated_data
        branch = fields.pop("branch", None)
        caller = Caller(
            name=fields.pop("customer_name", ""),
            phone=fields.pop("customer_phone", ""),
            email=fields.pop("customer_email", ""),
        )
        complaint = intake.log_complaint(
            **fields, intake_branch=branch, caller=caller, by=self.me, now=self.now
        )
        data = new_complaint_data(complaint, self.me, self.now)
        return Response(data, status=status.HTTP_201_CREATED)


class OneComplaint(Door):
    @extend_schema(operation_id="complaints_retrieve", responses=ComplaintSerializer)
    def get(self, request: Request, number: str) -> Response:
        """All of a complaint: clocks, events, orders, calls, words, files."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return Response(complaint_data(complaint.pk, self.me, self.now))


class Clocks(Door):
    @extend_schema(operation_id="complaints_clocks_list", responses=page_of(ClockSerializer))
    def get(self, request: Request, number: str) -> Response:
        """Each clock explained: counted and skipped spans, events, steps, whose verdict, why."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return listed(request, ClockSerializer, histories(complaint, now=self.now))


class Categories(Door):
    @extend_schema(operation_id="categories_list", responses=page_of(CategorySerializer))
    def get(self, request: Request) -> Response:
        """The active categories, all on one page."""
        rows = Category.objects.filter(is_active=True).select_related("parent")
        return listed(request, CategorySerializer, rows)
