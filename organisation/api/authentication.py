"""Who calls: by token, or by the session of the pages."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from organisation.actions import tokens
from organisation.api.moment import moment
from organisation.models import ApiToken, Person

__all__ = ["SessionAuthentication", "TokenAuthentication"]
WORD = "Token"
# Ours has 43 characters; what is much longer is not looked up.
LONGEST = 200


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`. The call ends here when the token is not a live one."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        word, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word.lower() != WORD.lower():
            return None
        token = token.strip()
        row = tokens.find_token(token, now=moment(request)) if len(token) <= LONGEST else None
        if row is None:
            raise AuthenticationFailed(_("Sign in, or send a valid token."))
        return row.person, row

    def authenticate_header(self, request: Request) -> str:
        return WORD


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the token."""

    target_class = "organisation.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the token, as in `Authorization: Token 3fX…`.",
        }
