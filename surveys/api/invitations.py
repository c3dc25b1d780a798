"""Invitations, calls, and who does not wish to be asked."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from customers.models import Customer
from organisation.access import require, visible, visible_or_404
from organisation.api.doors import Door
from organisation.serializers import StrictSerializer
from surveys.actions import answering, calls, opting_out
from surveys.actions.answering import Sender
from surveys.given import from_program
from surveys.models import Invitation, InvitationStatus, Survey
from surveys.serializers import said
from surveys.serializers import surveys as bodies

RELATED = ("customer", "branch", "complaint", "survey")


class Invitations(Door):
    @extend_schema(
        operation_id="survey_invitations_list",
        parameters=[OpenApiParameter("status", enum=InvitationStatus.values), *PAGES],
        responses=page_of(bodies.InvitationSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """Those of a survey that the caller sees, newest first."""
        survey = visible_or_404(Survey, self.me, pk=pk)
        rows = visible(Invitation, self.me).filter(survey=survey).select_related(*RELATED)
        if wanted := request.query_params.get("status"):
            if wanted not in InvitationStatus.values:
                raise ValidationError({"status": [", ".join(InvitationStatus.values)]})
            rows = rows.filter(status=wanted)
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.InvitationSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class OneInvitation(Door):
    @extend_schema(operation_id="invitations_retrieve", responses=bodies.InvitationSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """One invitation."""
        visible_or_404(Invitation, self.me, pk=pk)
        return Response(invitation_data(pk))


class Calls(Door):
    @extend_schema(request=bodies.CallSerializer, responses=bodies.InvitationSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Write down what came of a call; answers the invitation."""
        return self.once(lambda: self._record(pk))

    def _record(self, pk: int) -> Response:
        found = visible_or_404(Invitation, self.me, pk=pk)
        require(self.me, calls.ENTER, found)
        body = bodies.CallSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        calls.record(invitation=found, by=self.me, now=self.now, **body.validated_data)
        return Response(invitation_data(pk))


class Answers(Door):
    @extend_schema(request=said.AnswersSerializer, responses={201: said.KeptSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Answers that the customer gave us, as a sheet that staff types in: counted apart."""
        return self.once(lambda: self._keep(pk))

    def _keep(self, pk: int) -> Response:
        rows = visible(Invitation, self.me).select_related("survey__edition", "again")
        found = get_object_or_404(rows, pk=pk)
        require(self.me, calls.ENTER, found)
        body = said.AnswersSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        given, sender = body.validated_data, Sender(found)
        response, _sheet = answering.save(
            sender=sender,
            fields=from_program(given["answers"], answering.questions_for(sender)),
            source=given.get("source") or answering.source_of(found.survey),
            is_complete=given["is_complete"],
            by=self.me,
            now=self.now,
        )
        return Response(shown(said.KeptSerializer, response), status=status.HTTP_201_CREATED)


class Wish(Door):
    """Whether a customer wishes to be asked; answers since when not."""

    given: ClassVar = StrictSerializer
    shown: ClassVar = bodies.WishSerializer
    act: Callable[..., None]

    def post(self, request: Request, pk: int) -> Response:
        return self.once(lambda: self._done(pk))

    def _done(self, pk: int) -> Response:
        customer = visible_or_404(Customer, self.me, pk=pk)
        type(self).act(customer=customer, by=self.me, now=self.now)
        return Response({"declines_surveys_at": customer.declines_surveys_at})


class DeclineSurveys(Wish):
    """Never ask again, and stop what is on its way."""

    act = staticmethod(opting_out.decline)


class AllowSurveys(Wish):
    """The customer may be asked again."""

    act = staticmethod(opting_out.allow)


def invitation_data(pk: int) -> dict[str, Any]:
    row = Invitation.objects.select_related(*RELATED).get(pk=pk)
    return shown(bodies.InvitationSerializer, row)
