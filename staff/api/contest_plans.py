"""Plans of the contest: the list, one of them, and the acts on it (T-07, T-23)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api.files import DOWNLOAD, FileDoor
from complaints.serializers.fields import VersionedSerializer
from csm.api.schema import PAGES, page_of
from organisation.access import require
from organisation.api.records import RecordAct, RecordDoor, status_parameter
from staff import contests as reading
from staff.actions import contest_awards, contest_plans, contest_reports
from staff.models import Plan, PlanStatus, ReportFile
from staff.serializers import contest_plans as bodies


class PlanDoor(RecordDoor):
    model = Plan
    shows = bodies.PlanSerializer
    statuses = PlanStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        found = reading.with_text(rows.select_related("contest", "branch"))
        return list(found.prefetch_related("reports__files__file", "reports__files__report"))

    def plan(self, pk: int) -> Plan:
        rows = reading.seen_plans(self.me).select_related("contest", "branch")
        return get_object_or_404(rows, pk=pk)


class Plans(PlanDoor):
    @extend_schema(
        operation_id="contest_plans_list",
        parameters=[status_parameter(PlanStatus.choices), *PAGES],
        responses=page_of(bodies.PlanSerializer),
    )
    def get(self, request: Request) -> Response:
        """The plans that the caller sees openly, newest first."""
        return self.page(request, reading.seen_plans(self.me))

    @extend_schema(request=bodies.BeginPlanSerializer, responses={201: bodies.PlanSerializer})
    def post(self, request: Request) -> Response:
        """Begin a plan of a branch; then write it."""
        require(self.me, reading.WRITE)
        return self.once(self._begin)

    def _begin(self) -> Response:
        body = bodies.BeginPlanSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = contest_plans.begin(by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OnePlan(PlanDoor):
    @extend_schema(operation_id="contest_plans_retrieve", responses=bodies.PlanSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A plan with its versions and its feedback."""
        return self.one(self.plan(pk).pk)

    @extend_schema(request=bodies.WritePlanSerializer, responses=bodies.PlanSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Write it, as long as it is not submitted; after a return, in a new version."""
        row = self.plan(pk)
        require(self.me, reading.WRITE, row)
        body = bodies.WritePlanSerializer(data=request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        text = row.newest
        said = {name: getattr(text, name) for name in contest_plans.NEEDED}
        team = [member.person for member in text.members.select_related("person")]
        given = said | {"team": team, **body.validated_data}
        contest_plans.save(plan=row, by=self.me, now=self.now, **given)
        return self.one(pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Throw a draft away."""
        row = self.plan(pk)
        require(self.me, reading.WRITE, row)
        contest_plans.discard(plan=row, by=self.me)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PlanAct(PlanDoor, RecordAct):
    name = "plan"

    def post(self, request: Request, pk: int) -> Response:
        row = self.plan(pk)
        self.may(row)
        return self.once(lambda: self._done(row))

    def may(self, row: Any) -> None:
        require(self.me, reading.WRITE, row)


class Deciding(PlanAct):
    def may(self, row: Any) -> None:
        contest_plans.require_decider(row, by=self.me)


@extend_schema(request=VersionedSerializer, responses=bodies.PlanSerializer)
class SubmitPlan(PlanAct):
    """For good: nothing can change it afterwards."""

    given = VersionedSerializer
    act = staticmethod(contest_plans.submit)


@extend_schema(request=bodies.ReportPlanSerializer, responses=bodies.PlanSerializer)
class ReportPlan(PlanAct):
    """Feedback; the final one hands the plan to the review group."""

    given = bodies.ReportPlanSerializer
    act = staticmethod(contest_reports.report)


@extend_schema(request=bodies.ReturnPlanSerializer, responses=bodies.PlanSerializer)
class ReturnPlan(Deciding):
    """It does not qualify, for a reason."""

    given = bodies.ReturnPlanSerializer
    act = staticmethod(contest_plans.give_back)


@extend_schema(request=VersionedSerializer, responses=bodies.PlanSerializer)
class AcceptPlan(Deciding):
    """It qualifies: the branch carries it out."""

    given = VersionedSerializer
    act = staticmethod(contest_plans.accept)


@extend_schema(request=bodies.PromotePlanSerializer, responses=bodies.PlanSerializer)
class PromotePlan(Deciding):
    """It becomes good practice for all."""

    given = bodies.PromotePlanSerializer
    act = staticmethod(contest_awards.promote)


class PlanFile(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """A file of evidence, as a download."""
        row = get_object_or_404(reading.seen_plans(self.me), pk=pk)
        links = ReportFile.objects.filter(report__plan=row).select_related("file")
        return self.handed_out(get_object_or_404(links, file=file_id).file)
