"""The calls on training (T-18, T-19, W-15)."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers import ReasonSerializer
from complaints.serializers.fields import VersionedSerializer
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from organisation.api.records import RecordAct, RecordDoor, status_parameter
from staff import training as reading
from staff import training_needs
from staff.actions import training as actions
from staff.models import Attendance, Course, CourseStatus, SessionStatus, TrainingSession
from staff.models.training import EDIT
from staff.serializers import training as bodies


class CourseDoor(RecordDoor):
    """Courses are offered to the whole company."""

    model = Course
    shows = bodies.CourseSerializer
    statuses = CourseStatus.choices

    def course(self, pk: int) -> Course:
        require(self.me, reading.SEE)
        return get_object_or_404(Course, pk=pk)

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(reading.courses().filter(pk__in=rows.values("pk")))


class Courses(CourseDoor):
    @extend_schema(
        operation_id="courses_list",
        parameters=[status_parameter(CourseStatus.choices), *PAGES],
        responses=page_of(bodies.CourseSerializer),
    )
    def get(self, request: Request) -> Response:
        """All courses, newest first."""
        require(self.me, reading.SEE)
        return self.page(request, Course.objects.all())

    @extend_schema(request=bodies.AddCourseSerializer, responses={201: bodies.CourseSerializer})
    def post(self, request: Request) -> Response:
        """Add a course, perhaps born from a request with a work order."""
        require(self.me, EDIT)
        return self.once(self._add)

    def _add(self) -> Response:
        body = bodies.AddCourseSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = actions.create(by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OneCourse(CourseDoor):
    @extend_schema(operation_id="courses_retrieve", responses=bodies.CourseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One course."""
        return self.one(self.course(pk).pk)

    @extend_schema(request=bodies.CourseWordsSerializer, responses=bodies.CourseSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is said of it."""
        row = self.course(pk)
        require(self.me, EDIT, row)
        body = bodies.CourseWordsSerializer(data=request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        actions.edit(course=row, by=self.me, now=self.now, **body.validated_data)
        return self.one(pk)


class CloseCourse(CourseDoor):
    @extend_schema(request=VersionedSerializer, responses=bodies.CourseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """It is not held any more."""
        row = self.course(pk)
        require(self.me, EDIT, row)
        return self.once(lambda: self._close(row))

    def _close(self, row: Course) -> Response:
        body = VersionedSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        actions.close(course=row, by=self.me, now=self.now, **body.validated_data)
        return self.one(row.pk)


class CourseEffect(CourseDoor):
    @extend_schema(
        operation_id="courses_effect", responses=bodies.CourseEffectSerializer(many=True)
    )
    def get(self, request: Request, pk: int) -> Response:
        """Complaints of its category before and after, by branch."""
        found = reading.effect(self.course(pk), self.me, now=self.now)
        return Response([shown(bodies.CourseEffectSerializer, row) for row in found])


class SessionDoor(RecordDoor):
    model = TrainingSession
    shows = bodies.SessionSerializer
    statuses = SessionStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        seen = Q(pk__in=visible(Attendance, self.me).values("pk")) | Q(session__trainer=self.me)
        people = Attendance.objects.filter(seen).select_related("person", "branch")
        return list(
            rows.select_related("branch", "trainer").prefetch_related(
                Prefetch("attendance", people, to_attr="shown_people")
            )
        )


class PlanSession(SessionDoor):
    @extend_schema(request=bodies.PlanSessionSerializer, responses={201: bodies.SessionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Hold a course at a branch."""
        require(self.me, reading.SEE)
        course = get_object_or_404(Course, pk=pk)
        require(self.me, EDIT)
        return self.once(lambda: self._plan(course))

    def _plan(self, course: Course) -> Response:
        body = bodies.PlanSessionSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = actions.plan_session(course=course, by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class Sessions(SessionDoor):
    @extend_schema(
        operation_id="training_sessions_list",
        parameters=[status_parameter(SessionStatus.choices), *PAGES],
        responses=page_of(bodies.SessionSerializer),
    )
    def get(self, request: Request) -> Response:
        """Sessions at the caller's branches, and those the caller attends or trains."""
        return self.page(request, visible(TrainingSession, self.me))


class OneSession(SessionDoor):
    @extend_schema(operation_id="training_sessions_retrieve", responses=bodies.SessionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One session, with those of its people whom the caller may see."""
        return self.one(visible_or_404(TrainingSession, self.me, pk=pk).pk)


class SessionAct(SessionDoor, RecordAct):
    name = "session"

    def may(self, row: Any) -> None:
        require(self.me, EDIT, row)


@extend_schema(request=bodies.RecordSessionSerializer, responses=bodies.SessionSerializer)
class RecordSession(SessionAct):
    """Who came, and what they scored."""

    given = bodies.RecordSessionSerializer
    act = staticmethod(actions.record)

    def may(self, row: Any) -> None:
        actions.require_recorder(row, by=self.me)


@extend_schema(request=ReasonSerializer, responses=bodies.SessionSerializer)
class CancelSession(SessionAct):
    """It is not held, for a reason."""

    given = ReasonSerializer
    act = staticmethod(actions.cancel)


class Needs(Door):
    @extend_schema(operation_id="training_needs", responses=bodies.NeedsSerializer)
    def get(self, request: Request) -> Response:
        """What complaints, work orders and surveys ask for, of the branches one sees."""
        require(self.me, EDIT)
        found = {
            "categories": training_needs.of_categories(self.me, now=self.now),
            "orders": list(training_needs.of_orders(self.me)[:50]),
            "surveys": training_needs.of_surveys(self.me, now=self.now),
        }
        return Response(shown(bodies.NeedsSerializer, found))
