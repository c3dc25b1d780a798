"""Signing in, who I am, and the branches that I see."""

from typing import cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed
from csm.api.schema import page_of
from organisation import access, spelling
from organisation.actions import sign_ins, tokens
from organisation.api.authentication import TokenAuthentication
from organisation.api.doors import Door
from organisation.models import ApiToken, Branch, in_tree
from organisation.serializers import (
    BranchSearchSerializer,
    BranchSerializer,
    MeSerializer,
    SignInSerializer,
    TokenSerializer,
)


class WrongCredentials(APIException):
    """The same for an unknown name, a wrong password and a disabled person."""

    status_code = status.HTTP_401_UNAUTHORIZED
    default_code = "wrong_credentials"
    default_detail = _("The user name or the password is not right.")


class Token(Door):
    """Tokens for programs: stored hashed, live for 90 days."""

    keeps_answers = False
    is_throttled = True

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Whoever signs in is nobody yet; only a token can be given back."""
        return [TokenAuthentication()] if self._gives_back() else []

    def get_permissions(self) -> list[AllowAny | IsAuthenticated]:
        return [IsAuthenticated()] if self._gives_back() else [AllowAny()]

    def _gives_back(self) -> bool:
        # The document is made without a request.
        return getattr(self.request, "method", "") == "DELETE"

    @extend_schema(request=SignInSerializer, responses={201: TokenSerializer})
    def post(self, request: Request) -> Response:
        """Give user name and password, get a token."""
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        address = request.META["REMOTE_ADDR"]
        try:
            person = sign_ins.sign_in(**given.validated_data, address=address, now=self.now)
        except sign_ins.TooManyTries as refusal:
            raise Throttled(wait=refusal.seconds) from refusal
        if person is None:
            raise WrongCredentials
        row, token = tokens.issue_token(person=person, now=self.now)
        shown = {"token": token, "expires_at": row.expires_at}
        return Response(TokenSerializer(shown).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Revoke the token of this call."""
        tokens.revoke_token(token=cast(ApiToken, request.auth), now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(Door):
    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """The caller, with postings and what they allow."""
        shown = MeSerializer(
            {
                "person": self.me,
                "username": self.me.username or "",
                "language": self.me.language,
                "postings": access.postings(self.me),
                "verbs": sorted(access.verbs(self.me)),
            }
        )
        return Response(shown.data)


class Branches(Door):
    @extend_schema(
        operation_id="branches_list",
        parameters=[BranchSearchSerializer],
        responses=page_of(BranchSerializer),
    )
    def get(self, request: Request) -> Response:
        """The active branches that the caller sees, from the top down, all on one page."""
        given = BranchSearchSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        rows = access.visible(Branch, self.me).filter(is_active=True).select_related("parent")
        if search := given.validated_data["search"]:
            rows = rows.filter(spelling.called(search, "name", "name_en", "code"))
        return listed(request, BranchSerializer, in_tree(rows))
