"""The calls on the knowledge base (T-22)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.serializers import ReasonSerializer
from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import can, require
from organisation.api.doors import Door
from staff import knowledge as reading
from staff.actions import knowledge as actions
from staff.models import ExpertAnswer, ExpertQuestion
from staff.serializers import knowledge as bodies

CONDITIONS = [
    OpenApiParameter("search", description="Words of question or answer."),
    OpenApiParameter("category", description="A code; with all that lies below."),
]


class QuestionDoor(Door):
    """What the calls share; everybody with a posting may read."""

    def question(self, pk: int) -> ExpertQuestion:
        require(self.me, reading.SEE)
        return get_object_or_404(ExpertQuestion, pk=pk)

    def read(self, pks: list[int]) -> list[ExpertQuestion]:
        """With all that is shown of them, in this order."""
        written = ExpertAnswer.objects.select_related("by", "reviewed_by")
        if not can(self.me, actions.ANSWER):
            written = written.none()
        rows = reading.questions().select_related("answered_by", "reviewed_by")
        found = rows.prefetch_related(Prefetch("answers", written, to_attr="shown_answers"))
        by_key = {row.pk: row for row in found.filter(pk__in=pks)}
        return [by_key[pk] for pk in pks]

    def one(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        [row] = self.read([pk])
        return Response(shown(bodies.ExpertQuestionSerializer, row), status=code)


class Questions(QuestionDoor):
    @extend_schema(
        operation_id="knowledge_list",
        parameters=[*CONDITIONS, *PAGES],
        responses=page_of(bodies.ExpertQuestionSerializer),
    )
    def get(self, request: Request) -> Response:
        """Questions to experts with what was answered, newest first."""
        require(self.me, reading.SEE)
        given = request.query_params
        rows = reading.questions(
            words=reading.search_of(given), category=reading.category_of(given)
        )
        found = keyset.page(rows, order=("-id",), params=given, size=size_of(request))
        here = self.read([row.pk for row in found.rows])
        kind = bodies.ExpertQuestionSerializer
        return listed(request, kind, here, previous=found.previous, next_=found.next)

    @extend_schema(
        request=bodies.AskExpertsSerializer, responses={201: bodies.ExpertQuestionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Ask the experts."""
        require(self.me, actions.ASK)
        return self.once(self._ask)

    def _ask(self) -> Response:
        body = bodies.AskExpertsSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = actions.ask(by=self.me, now=self.now, **body.validated_data)
        return self.one(made.pk, status.HTTP_201_CREATED)


class OneQuestion(QuestionDoor):
    @extend_schema(operation_id="knowledge_retrieve", responses=bodies.ExpertQuestionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A question; what waits for its review is shown to experts."""
        return self.one(self.question(pk).pk)


class QuestionAct(QuestionDoor):
    """An act on a question; answers the question."""

    given: ClassVar[type[Any]]
    act: ClassVar[Callable[..., Any]]

    def post(self, request: Request, pk: int) -> Response:
        row = self.question(pk)
        actions.require_expert(row, by=self.me)
        return self.once(lambda: self._done(question=row))

    def _done(self, **record: Any) -> Response:
        body = self.given(data=self.request.data)
        body.is_valid(raise_exception=True)
        type(self).act(by=self.me, now=self.now, **record, **body.validated_data)
        return self.one(self.kwargs["pk"])


@extend_schema(request=bodies.AnswerTextSerializer, responses=bodies.ExpertQuestionSerializer)
class AnswerQuestion(QuestionAct):
    """Propose an answer; another expert publishes it."""

    given = bodies.AnswerTextSerializer
    act = staticmethod(actions.answer)


@extend_schema(request=ReasonSerializer, responses=bodies.ExpertQuestionSerializer)
class CloseQuestion(QuestionAct):
    """Decline the question, or take its answer down."""

    given = ReasonSerializer
    act = staticmethod(actions.close)


class AnswerAct(QuestionAct):
    """An act on what an expert proposed."""

    def post(self, request: Request, pk: int, answer_pk: int = 0) -> Response:
        question = self.question(pk)
        rows = question.answers.select_related("question__asked_by", "by")
        row = get_object_or_404(rows, pk=answer_pk)
        actions.require_expert(row, by=self.me)
        return self.once(lambda: self._done(answer=row))


@extend_schema(request=VersionedSerializer, responses=bodies.ExpertQuestionSerializer)
class PublishAnswer(AnswerAct):
    """Another expert has read it: from now on everybody can."""

    given = VersionedSerializer
    act = staticmethod(actions.publish)


@extend_schema(request=ReasonSerializer, responses=bodies.ExpertQuestionSerializer)
class ReturnAnswer(AnswerAct):
    """Not yet, for a reason."""

    given = ReasonSerializer
    act = staticmethod(actions.give_back)
