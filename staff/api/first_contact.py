"""First contacts and mystery calls (T-12)."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.api.showing import shown
from csm.kit import keyset
from csm.kit.periods import Period
from organisation.access import require
from organisation.api.doors import Door
from staff import contact_reading as reading
from staff import quarters
from staff.actions import contact_audits as actions
from staff.models.first_contact import ITEMS
from staff.serializers import audits as bodies

QUARTER = OpenApiParameter("quarter", description="2026-Q4; else the running one.")


class AuditDoor(Door):
    """What the calls on audits share."""

    def quarter(self) -> Period:
        return quarters.asked(self.request.query_params, self.now)


class Standing(AuditDoor):
    @extend_schema(
        operation_id="first_contact_list",
        parameters=[QUARTER],
        responses=bodies.ContactStandingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The branches that the caller sees and that were audited, best first."""
        require(self.me, reading.SEE)
        lines = reading.standing(self.me, self.quarter())
        return Response([shown(bodies.ContactStandingSerializer, line) for line in lines])


class Contacts(AuditDoor):
    @extend_schema(
        operation_id="first_contact_contacts_list",
        parameters=[QUARTER, *PAGES],
        responses=page_of(bodies.AuditedContactSerializer),
    )
    def get(self, request: Request) -> Response:
        """The drawn contacts of a quarter, each answer with the moment of its record."""
        require(self.me, reading.SEE)
        rows = reading.contacts(self.me, self.quarter())
        page = keyset.page(rows, order=("-pk",), params=request.query_params, size=size_of(request))
        kind = bodies.AuditedContactSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)


class Draws(AuditDoor):
    @extend_schema(
        request=bodies.DrawContactsSerializer, responses={201: bodies.ContactDrawSerializer}
    )
    def post(self, request: Request) -> Response:
        """Draw contacts at random, and read them from the records."""
        require(self.me, actions.RUN)
        return self.once(self._draw)

    def _draw(self) -> Response:
        made = actions.draw(by=self.me, now=self.now, **self.body(bodies.DrawContactsSerializer))
        return Response(shown(bodies.ContactDrawSerializer, made), status=status.HTTP_201_CREATED)


class Calls(AuditDoor):
    @extend_schema(
        operation_id="mystery_calls_list",
        parameters=[QUARTER, *PAGES],
        responses=page_of(bodies.MysteryCallSerializer),
    )
    def get(self, request: Request) -> Response:
        """The mystery calls of a quarter, newest first."""
        require(self.me, reading.SEE)
        page = keyset.page(
            reading.calls(self.me, self.quarter()),
            order=("-called_at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = bodies.MysteryCallSerializer
        return listed(request, kind, page.rows, previous=page.previous, next_=page.next)

    @extend_schema(
        request=bodies.EnterMysteryCallSerializer, responses={201: bodies.MysteryCallSerializer}
    )
    def post(self, request: Request) -> Response:
        """Type a mystery call in."""
        require(self.me, actions.RUN)
        return self.once(self._enter)

    def _enter(self) -> Response:
        given = self.body(bodies.EnterMysteryCallSerializer)
        answers = {name: given.pop(name) for name in ITEMS}
        made = actions.enter_call(answers=answers, by=self.me, now=self.now, **given)
        return Response(shown(bodies.MysteryCallSerializer, made), status=status.HTTP_201_CREATED)
