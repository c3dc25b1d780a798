"""The calls on assessments: listing, proposing, deciding, appealing (C-10, C-21)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.actions import assessments as actions
from complaints.api.parameters import ASSESSMENTS
from complaints.assessments import AssessmentFilter, for_page
from complaints.models import Assessment
from complaints.serializers import assessment as bodies
from complaints.serializers.fields import VersionedSerializer
from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.errors import NotOpen
from organisation.access import require, visible_or_404
from organisation.api.doors import Door
from organisation.models import Person


def _ready(rows: Iterable[Assessment], person: Person, now: datetime) -> list[Assessment]:
    """With the acts that are open to the person."""
    found = list(rows)
    for row in found:
        row.shown_allowed = actions.open_to(row, person, now)  # type: ignore[attr-defined]
    return found


def _data(pk: int, person: Person, now: datetime) -> dict[str, Any]:
    """All of an assessment that the caller was let to."""
    rows = _ready(for_page(Assessment.objects.filter(pk=pk)), person, now)
    return shown(bodies.AssessmentSerializer, rows[0])


class Assessments(Door):
    @extend_schema(
        operation_id="assessments_list",
        parameters=[*ASSESSMENTS, *PAGES],
        responses=page_of(bodies.AssessmentSerializer),
    )
    def get(self, request: Request) -> Response:
        """The assessments that the caller sees, newest first."""
        found = AssessmentFilter(request.query_params, person=self.me, now=self.now)
        if not found.is_valid():
            raise ValidationError({name: list(words) for name, words in found.errors.items()})
        rows: QuerySet[Assessment] = for_page(found.qs)
        order = ("-proposed_at", "-pk")
        page = keyset.page(rows, order=order, params=request.query_params, size=size_of(request))
        ready = _ready(page.rows, self.me, self.now)
        kind = bodies.AssessmentSerializer
        return listed(request, kind, ready, previous=page.previous, next_=page.next)

    @extend_schema(request=bodies.ProposeSerializer, responses={201: bodies.AssessmentSerializer})
    def post(self, request: Request) -> Response:
        """Propose one, for a branch or somebody who works there. Somebody else decides."""
        return self.once(self._propose)

    def _propose(self) -> Response:
        require(self.me, "assessment.propose")
        body = bodies.ProposeSerializer(data=self.request.data, context={"me": self.me})
        body.is_valid(raise_exception=True)
        made = actions.propose(by=self.me, now=self.now, **body.validated_data)
        return Response(_data(made.pk, self.me, self.now), status=status.HTTP_201_CREATED)


class OneAssessment(Door):
    @extend_schema(operation_id="assessments_retrieve", responses=bodies.AssessmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """All of an assessment."""
        found = visible_or_404(Assessment, self.me, pk=pk)
        return Response(_data(found.pk, self.me, self.now))


class AssessmentAct(Door):
    """One act on an assessment; answers the assessment.

    Who may not, or when it is not open, is told so before the body is looked at.
    """

    name: ClassVar[str]
    given: ClassVar[type[VersionedSerializer]]
    shown: ClassVar = bodies.AssessmentSerializer
    act: Callable[..., Any]

    def post(self, request: Request, pk: int) -> Response:
        found = visible_or_404(Assessment, self.me, pk=pk)
        return self.once(lambda: self._done(found))

    def _done(self, found: Assessment) -> Response:
        try:
            actions.check(found, self.name, by=self.me, now=self.now)
            body = self.given(data=self.request.data, context={"me": self.me})
            body.is_valid(raise_exception=True)
            type(self).act(assessment=found, by=self.me, now=self.now, **body.validated_data)
        except NotOpen as refusal:
            refusal.allowed = actions.open_to(found, self.me, self.now)
            raise
        return Response(_data(found.pk, self.me, self.now))


class Decide(AssessmentAct):
    """Decide, as proposed or with another measure. Not by whoever proposed it."""

    name = "decide"
    given = bodies.DecideSerializer
    act = staticmethod(actions.decide)


class Reject(AssessmentAct):
    """Reject the proposal, with grounds."""

    name = "reject"
    given = bodies.RejectSerializer
    act = staticmethod(actions.reject)


class Appeal(AssessmentAct):
    """Appeal, once and in time: the person concerned, or the manager of the branch."""

    name = "appeal"
    given = bodies.AppealSerializer
    act = staticmethod(actions.appeal)


class Finish(AssessmentAct):
    """Answer the appeal: upheld or granted. By neither who decided nor who appealed."""

    name = "finish"
    given = bodies.FinishSerializer
    act = staticmethod(actions.finish)
