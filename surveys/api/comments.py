"""What customers wrote in a survey, and the words that we put on it."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import require, visible_or_404
from organisation.api.doors import Door
from surveys.actions import comments as actions
from surveys.api.results import PERIOD
from surveys.models import Answer, Survey
from surveys.results import comments as said
from surveys.results import reading
from surveys.results.reading import Asked
from surveys.serializers.said import CommentSerializer, TagSerializer

RELATED = ("question", "response__branch", "response__survey")


class Comments(Door):
    @extend_schema(
        operation_id="survey_comments_list",
        parameters=[
            *(OpenApiParameter(name) for name in ("search", "tag", "question")),
            *PERIOD,
            *PAGES,
        ],
        responses=page_of(CommentSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Those that the caller sees, newest first; none of an anonymous survey of few answers."""
        survey = visible_or_404(Survey, self.me, pk=pk)
        found = said.rows(
            reading.asked(survey, self.me, request.query_params), request.query_params
        )
        rows = found.select_related(*RELATED).prefetch_related("tags")
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        return listed(
            request, CommentSerializer, page.rows, previous=page.previous, next_=page.next
        )


class CommentAct(Door):
    """One word on a comment; answers the comment."""

    given: ClassVar = TagSerializer
    shown: ClassVar = CommentSerializer
    act: Callable[..., Any]

    def post(self, request: Request, pk: int, answer_pk: int) -> Response:
        return self.once(lambda: self._done(pk, answer_pk))

    def _done(self, pk: int, answer_pk: int) -> Response:
        asked = Asked(visible_or_404(Survey, self.me, pk=pk), self.me)
        rows = said.every_comment(asked).select_related(*RELATED)
        answer: Answer = get_object_or_404(rows, pk=answer_pk)
        require(self.me, actions.EDIT, answer.response)
        body = TagSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        type(self).act(answer=answer, by=self.me, now=self.now, **body.validated_data)
        return Response(shown(CommentSerializer, rows.get(pk=answer_pk)))


class Tag(CommentAct):
    """Put a word on a comment; the same word twice is once."""

    act = staticmethod(actions.tag)


class Untag(CommentAct):
    """Take a word off a comment; where it is gone already, nothing changes."""

    act = staticmethod(actions.untag)
