"""Checks, lessons, topics and courses: the lists, one of them, and the acts on it (W-09, W-15)."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import recurrences
from complaints.actions import effectiveness, improvements, lessons
from complaints.api.files import DOWNLOAD, FileDoor
from complaints.models import (
    CheckStatus,
    EffectivenessCheck,
    Improvement,
    ImprovementStatus,
    Lesson,
    LessonFile,
    LessonStatus,
    WorkOrder,
)
from complaints.serializers import ReasonSerializer, learning
from csm.api.schema import PAGES, page_of
from organisation.access import require, visible, visible_or_404
from organisation.api.records import RecordAct, RecordDoor, status_parameter


class CheckDoor(RecordDoor):
    model = EffectivenessCheck
    shows = learning.CheckSerializer
    statuses = CheckStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        found = list(rows.select_related("order__branch", "decided_by"))
        figures = recurrences.count(found, now=self.now)
        for row in found:
            row.figures = figures[row.pk]
        return found


class Checks(CheckDoor):
    @extend_schema(
        operation_id="effectiveness_list",
        parameters=[status_parameter(CheckStatus.choices), *PAGES],
        responses=page_of(learning.CheckSerializer),
    )
    def get(self, request: Request) -> Response:
        """The checks of the orders that the caller sees, newest first."""
        return self.page(request, visible(EffectivenessCheck, self.me))


class OneCheck(CheckDoor):
    @extend_schema(operation_id="effectiveness_retrieve", responses=learning.CheckSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A check with what recurred until now."""
        return self.one(visible_or_404(EffectivenessCheck, self.me, pk=pk).pk)


@extend_schema(request=learning.DecideCheckSerializer, responses=learning.CheckSerializer)
class DecideCheck(CheckDoor, RecordAct):
    """Effective or not, by the issuing unit; not effective may return the order."""

    given = learning.DecideCheckSerializer
    name = "check"
    act = staticmethod(effectiveness.decide)

    def may(self, row: Any) -> None:
        effectiveness.require_judge(row, by=self.me)


class LessonDoor(RecordDoor):
    model = Lesson
    shows = learning.LessonSerializer
    statuses = LessonStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        files = LessonFile.objects.select_related("file")
        return list(
            rows.select_related("branch", "measure__order__branch", "answered_by").prefetch_related(
                Prefetch("files", files, to_attr="shown_files")
            )
        )


class Lessons(LessonDoor):
    @extend_schema(
        operation_id="lessons_list",
        parameters=[status_parameter(LessonStatus.choices), *PAGES],
        responses=page_of(learning.LessonSerializer),
    )
    def get(self, request: Request) -> Response:
        """What other branches did, offered to those of the caller; newest first."""
        return self.page(request, visible(Lesson, self.me))


class OneLesson(LessonDoor):
    @extend_schema(operation_id="lessons_retrieve", responses=learning.LessonSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A lesson and the branch's answer."""
        return self.one(visible_or_404(Lesson, self.me, pk=pk).pk)


class LessonAct(LessonDoor, RecordAct):
    name = "lesson"

    def may(self, row: Any) -> None:
        require(self.me, "lesson.answer", row)


@extend_schema(request=learning.AcceptSerializer, responses=learning.LessonSerializer)
class AcceptLesson(LessonAct):
    """The branch has taken it up, since that day and with proof."""

    given = learning.AcceptSerializer
    act = staticmethod(lessons.accept)


@extend_schema(request=ReasonSerializer, responses=learning.LessonSerializer)
class DeclineLesson(LessonAct):
    """It does not fit, for a reason."""

    given = ReasonSerializer
    act = staticmethod(lessons.decline)


class LessonFileDoor(FileDoor):
    @extend_schema(responses=DOWNLOAD)
    def get(self, request: Request, pk: int, file_id: UUID) -> HttpResponseBase:
        """A file that proves that a measure was taken up, as a download."""
        row = visible_or_404(Lesson, self.me, pk=pk)
        link = get_object_or_404(row.files.select_related("file"), file=file_id)
        return self.handed_out(link.file)


class ImprovementDoor(RecordDoor):
    model = Improvement
    shows = learning.ImprovementSerializer
    statuses = ImprovementStatus.choices

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        return list(rows.select_related("branch", "order", "owner", "requested_by"))


class Improvements(ImprovementDoor):
    @extend_schema(
        operation_id="improvements_list",
        parameters=[status_parameter(ImprovementStatus.choices), *PAGES],
        responses=page_of(learning.ImprovementSerializer),
    )
    def get(self, request: Request) -> Response:
        """QC topics and training courses that the caller sees, newest first."""
        return self.page(request, visible(Improvement, self.me))


class OneImprovement(ImprovementDoor):
    @extend_schema(operation_id="improvements_retrieve", responses=learning.ImprovementSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A topic or a course."""
        return self.one(visible_or_404(Improvement, self.me, pk=pk).pk)


class AskForImprovement(ImprovementDoor):
    @extend_schema(request=learning.AskSerializer, responses={201: learning.ImprovementSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Ask for a QC topic or a training course because of an order (W-15)."""
        order = visible_or_404(WorkOrder, self.me, pk=pk)
        require(self.me, "improvement.request", order)
        return self.once(lambda: self._ask(order))

    def _ask(self, order: WorkOrder) -> Response:
        body = learning.AskSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        made = improvements.request(order=order, by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class ImprovementAct(ImprovementDoor, RecordAct):
    name = "improvement"

    def may(self, row: Any) -> None:
        require(self.me, improvements.VERB, row)


@extend_schema(request=learning.OwnerSerializer, responses=learning.ImprovementSerializer)
class StartImprovement(ImprovementAct):
    """Take it on, with an owner."""

    given = learning.OwnerSerializer
    act = staticmethod(improvements.start)


@extend_schema(request=learning.OwnerSerializer, responses=learning.ImprovementSerializer)
class GiveImprovement(ImprovementAct):
    """Somebody else answers for it from now on."""

    given = learning.OwnerSerializer
    act = staticmethod(improvements.give)


@extend_schema(request=learning.OutcomeSerializer, responses=learning.ImprovementSerializer)
class FinishImprovement(ImprovementAct):
    """Done, with what came of it; also by its owner."""

    given = learning.OutcomeSerializer
    act = staticmethod(improvements.finish)

    def may(self, row: Any) -> None:
        improvements.require_finisher(row, by=self.me)


@extend_schema(request=learning.OutcomeSerializer, responses=learning.ImprovementSerializer)
class DeclineImprovement(ImprovementAct):
    """Not now, for a reason."""

    given = learning.OutcomeSerializer
    act = staticmethod(improvements.decline)
