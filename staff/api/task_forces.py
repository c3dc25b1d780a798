"""The calls on task forces and their duties (O-04)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers import ReasonSerializer
from csm.api.schema import PAGES, page_of
from organisation.access import require, visible, visible_or_404
from organisation.api.records import RecordAct, RecordDoor, status_parameter
from staff.actions import task_forces as actions
from staff.models import Duty, DutyStatus, TaskForce, TaskForceStatus
from staff.models.task_force import EDIT
from staff.serializers import task_forces as bodies


class TaskForceDoor(RecordDoor):
    model = TaskForce
    shows = bodies.TaskForceSerializer
    statuses = TaskForceStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(rows.select_related("branch", "lead"))


class TaskForces(TaskForceDoor):
    @extend_schema(
        operation_id="task_forces_list",
        parameters=[status_parameter(TaskForceStatus.choices), *PAGES],
        responses=page_of(bodies.TaskForceSerializer),
    )
    def get(self, request: Request) -> Response:
        """Those of the caller's branches, and those in which the caller has a part."""
        return self.page(request, visible(TaskForce, self.me))

    @extend_schema(
        request=bodies.SetUpTaskForceSerializer, responses={201: bodies.TaskForceSerializer}
    )
    def post(self, request: Request) -> Response:
        """Set one up."""
        require(self.me, EDIT)
        return self.once(self._create)

    def _create(self) -> Response:
        given = self.body(bodies.SetUpTaskForceSerializer)
        made = actions.create(by=self.me, now=self.now, **given)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OneTaskForce(TaskForceDoor):
    @extend_schema(operation_id="task_forces_retrieve", responses=bodies.TaskForceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One task force."""
        return self.one(visible_or_404(TaskForce, self.me, pk=pk).pk)


class TaskForceAct(TaskForceDoor, RecordAct):
    name = "force"

    def may(self, row: Any) -> None:
        require(self.me, EDIT, row)


@extend_schema(request=bodies.EditTaskForceSerializer, responses=bodies.TaskForceSerializer)
class EditTaskForce(TaskForceAct):
    """Another name, purpose or lead."""

    given = bodies.EditTaskForceSerializer
    act = staticmethod(actions.edit)


@extend_schema(request=bodies.EndTaskForceSerializer, responses=bodies.TaskForceSerializer)
class EndTaskForce(TaskForceAct):
    """It ends, once no duty is open."""

    given = bodies.EndTaskForceSerializer
    act = staticmethod(actions.end)


class DutyDoor(RecordDoor):
    model = Duty
    shows = bodies.DutySerializer
    statuses = DutyStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(rows.select_related("person").prefetch_related("reports__by"))


class Duties(DutyDoor):
    @extend_schema(
        operation_id="task_forces_duties",
        parameters=[status_parameter(DutyStatus.choices), *PAGES],
        responses=page_of(bodies.DutySerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """The duties of a task force that the caller sees."""
        force = visible_or_404(TaskForce, self.me, pk=pk)
        return self.page(request, visible(Duty, self.me).filter(force=force))

    @extend_schema(request=bodies.GiveDutySerializer, responses={201: bodies.DutySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Give a department a duty."""
        force = visible_or_404(TaskForce, self.me, pk=pk)
        actions.require_lead(force, by=self.me)
        return self.once(lambda: self._add(force))

    def _add(self, force: TaskForce) -> Response:
        given = self.body(bodies.GiveDutySerializer)
        made = actions.add_duty(force=force, by=self.me, now=self.now, **given)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OneDuty(DutyDoor):
    @extend_schema(operation_id="duties_retrieve", responses=bodies.DutySerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One duty with its reports."""
        return self.one(visible_or_404(Duty, self.me, pk=pk).pk)


class DutyAct(DutyDoor, RecordAct):
    name = "duty"

    def may(self, row: Any) -> None:
        actions.require_responsible(row, by=self.me)


@extend_schema(request=bodies.ReportDutySerializer, responses=bodies.DutySerializer)
class ReportDuty(DutyAct):
    """What was done so far."""

    given = bodies.ReportDutySerializer
    act = staticmethod(actions.report)


@extend_schema(request=bodies.ReportDutySerializer, responses=bodies.DutySerializer)
class FinishDuty(DutyAct):
    """It is done."""

    given = bodies.ReportDutySerializer
    act = staticmethod(actions.finish)


@extend_schema(request=ReasonSerializer, responses=bodies.DutySerializer)
class DropDuty(DutyAct):
    """It is not needed any more."""

    given = ReasonSerializer
    act = staticmethod(actions.drop)

    def may(self, row: Any) -> None:
        actions.require_lead(row.force, by=self.me)
