"""Speaking for the customer, for programs: following, challenging, answering (C-22)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import serializers as complaint_bodies
from complaints.actions import challenges, following
from complaints.api.reading import complaint_data
from complaints.models import Challenge, Complaint, Timer
from complaints.serializers import care as bodies
from csm.api.pagination import listed
from csm.api.schema import page_of
from csm.api.showing import shown
from organisation.access import require, visible_or_404
from organisation.api.doors import Door
from organisation.serializers import StrictSerializer


class Challenges(Door):
    @extend_schema(
        operation_id="complaints_challenges_list",
        responses=page_of(bodies.ChallengeSerializer),
    )
    def get(self, request: Request, number: str) -> Response:
        """What was challenged, and the answers; all on one page."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return listed(request, bodies.ChallengeSerializer, _whole(complaint.challenges.all()))

    @extend_schema(
        request=bodies.ChallengeBodySerializer, responses={201: bodies.ChallengeSerializer}
    )
    def post(self, request: Request, number: str) -> Response:
        """Challenge the result, or the verdict of a clock; the issuing unit has to answer."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._challenge(complaint))

    def _challenge(self, complaint: Complaint) -> Response:
        if not following.speaks_for_customer(complaint, self.me, challenges.CHALLENGE):
            require(self.me, challenges.CHALLENGE, complaint)
        body = bodies.ChallengeBodySerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        milestone, cycle = given.pop("milestone", None), given.pop("cycle", 1)
        timer = _clock(complaint, milestone, cycle) if milestone else None
        made = challenges.challenge(
            complaint=complaint, timer=timer, by=self.me, now=self.now, **given
        )
        return Response(_data(made.pk), status=status.HTTP_201_CREATED)


class Answer(Door):
    shown: ClassVar = bodies.ChallengeSerializer
    given: ClassVar = bodies.ChallengeAnswerSerializer

    def post(self, request: Request, number: str, pk: int) -> Response:
        """Answer a challenge; a result that is changed opens the complaint again."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        found = get_object_or_404(_whole(complaint.challenges.all()), pk=pk)
        return self.once(lambda: self._answer(found))

    def _answer(self, found: Challenge) -> Response:
        require(self.me, challenges.ANSWER, found.branch)
        body = bodies.ChallengeAnswerSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        challenges.answer(challenge=found, by=self.me, now=self.now, **body.validated_data)
        return Response(_data(found.pk))


class Part(Door):
    """Following or not; answers the complaint."""

    given: ClassVar = StrictSerializer
    shown: ClassVar = complaint_bodies.ComplaintSerializer
    act: Callable[..., Any]

    def post(self, request: Request, number: str) -> Response:
        complaint = visible_or_404(Complaint, self.me, number=number)
        return self.once(lambda: self._done(complaint))

    def _done(self, complaint: Complaint) -> Response:
        require(self.me, following.VERB)
        StrictSerializer(data=self.request.data).is_valid(raise_exception=True)
        type(self).act(complaint=complaint, by=self.me, now=self.now)
        return Response(complaint_data(complaint.pk, self.me, self.now))


class Follow(Part):
    """Take part for the customer."""

    act = staticmethod(following.follow)


class Unfollow(Part):
    """Take part for the customer no more."""

    act = staticmethod(following.unfollow)


def _clock(complaint: Complaint, milestone: str, cycle: int) -> Timer:
    timer = complaint.timers.filter(kind=milestone, cycle=cycle).first()
    if timer is None:
        raise ValidationError({"milestone": [_("The complaint has no such clock.")]})
    return timer


def _whole(rows: QuerySet[Challenge]) -> QuerySet[Challenge]:
    return rows.select_related("complaint", "timer", "branch", "by", "answered_by")


def _data(pk: int) -> dict[str, Any]:
    return shown(bodies.ChallengeSerializer, _whole(Challenge.objects.filter(pk=pk)).get())
