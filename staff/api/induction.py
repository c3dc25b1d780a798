"""The calls on the first months of new people (T-13)."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers.fields import VersionedSerializer
from csm.api.schema import PAGES, page_of
from organisation.access import require, visible, visible_or_404
from organisation.api.records import RecordAct, RecordDoor, status_parameter
from staff.actions import induction as actions
from staff.models import Induction, InductionAssessment, InductionStatus, InductionStep
from staff.serializers import induction as bodies


class InductionDoor(RecordDoor):
    model = Induction
    shows = bodies.InductionSerializer
    statuses = InductionStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        steps = InductionStep.objects.select_related("done_by")
        assessments = InductionAssessment.objects.select_related("by")
        named = ("person", "branch", "mentor", "proposed_by", "confirmed_by", "decided_by")
        return list(
            rows.select_related(*named).prefetch_related(
                Prefetch("steps", steps, to_attr="shown_steps"),
                Prefetch("assessments", assessments, to_attr="shown_assessments"),
            )
        )


class Inductions(InductionDoor):
    @extend_schema(
        operation_id="inductions_list",
        parameters=[status_parameter(InductionStatus.choices), *PAGES],
        responses=page_of(bodies.InductionSerializer),
    )
    def get(self, request: Request) -> Response:
        """Of oneself, of those one mentors, and of one's branches where one plans; newest first."""
        return self.page(request, visible(Induction, self.me))

    @extend_schema(
        request=bodies.PlanInductionSerializer, responses={201: bodies.InductionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Plan the first months of a new person."""
        require(self.me, actions.PLAN)
        return self.once(self._plan)

    def _plan(self) -> Response:
        body = bodies.PlanInductionSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = actions.plan(by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OneInduction(InductionDoor):
    @extend_schema(operation_id="inductions_retrieve", responses=bodies.InductionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A plan with its steps and assessments."""
        return self.one(visible_or_404(Induction, self.me, pk=pk).pk)


class InductionAct(InductionDoor, RecordAct):
    name = "induction"

    def may(self, row: Any) -> None:
        require(self.me, actions.PLAN, row)


class GuideAct(InductionAct):
    def may(self, row: Any) -> None:
        actions.require_guide(row, by=self.me)


@extend_schema(request=bodies.MentorSerializer, responses=bodies.InductionSerializer)
class ProposeMentor(InductionAct):
    """Another mentor, to be confirmed again."""

    given = bodies.MentorSerializer
    act = staticmethod(actions.propose)


@extend_schema(request=VersionedSerializer, responses=bodies.InductionSerializer)
class ConfirmMentor(InductionAct):
    """By somebody who neither proposed it nor is concerned."""

    given = VersionedSerializer
    act = staticmethod(actions.confirm)

    def may(self, row: Any) -> None:
        require(self.me, actions.CONFIRM, row)


@extend_schema(request=bodies.StepSerializer, responses=bodies.InductionSerializer)
class AddStep(GuideAct):
    """One more step, by the mentor or the manager."""

    given = bodies.StepSerializer
    act = staticmethod(actions.add_step)


@extend_schema(request=bodies.StepDoneSerializer, responses=bodies.InductionSerializer)
class FinishStep(InductionAct):
    """Tick a step off; also by the new person."""

    given = bodies.StepDoneSerializer
    act = staticmethod(actions.finish_step)

    def may(self, row: Any) -> None:
        actions.require_part(row, by=self.me)


@extend_schema(request=bodies.AssessSerializer, responses=bodies.InductionSerializer)
class Assess(GuideAct):
    """How it goes after so many days; once."""

    given = bodies.AssessSerializer
    act = staticmethod(actions.assess)


@extend_schema(request=bodies.DecideInductionSerializer, responses=bodies.InductionSerializer)
class DecideInduction(InductionAct):
    """The result with its grounds; never by the mentor."""

    given = bodies.DecideInductionSerializer
    act = staticmethod(actions.decide)
