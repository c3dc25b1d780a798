"""Every refusal of the API has one shape: `{"code", "message", "fields"}`.

`code` is for programs and never changes, `message` is for people and in their language, `fields`
names the inputs at fault, each with its own sentence. A 409 `not_open` also has `allowed`.
"""

from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import exceptions, status
from rest_framework.response import Response

from csm.kit.errors import Forbidden, NotOpen, Refused

# The code of an error whose own name says too little, or too much, to a program.
CODES = {
    exceptions.ValidationError: "invalid",
    exceptions.ParseError: "malformed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not_found",
}
# In place of the library's words, which speak of its inner parts.
WORDS = {
    "not_authenticated": gettext_lazy("Sign in, or send a valid token."),
    "forbidden": gettext_lazy(
        "This is not open to you. Reload the page, or ask your administrator."
    ),
    "not_found": gettext_lazy("There is nothing here, or it is not yours to see."),
}


class TooLarge(exceptions.ParseError):
    default_code = "too_large"
    default_detail = gettext_lazy("This is too large. Send less at once.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a refusal. Anything else is a bug: it is not caught here."""
    if isinstance(error, Refused):
        return _refused(error)
    known = _translated(error)
    if not isinstance(known, exceptions.APIException):
        return None
    code = CODES.get(type(known)) or known.default_code
    if isinstance(known, exceptions.ValidationError):
        message, fields = _invalid(known.detail)
    else:
        message, fields = str(WORDS.get(code, known.detail)), {}
    return _answer(known.status_code, code, message, fields, headers=_headers(error))


def _refused(error: Refused) -> Response:
    """What an action refused: 403, or 400 for its input, or 409 because of the record's state."""
    number: int = status.HTTP_403_FORBIDDEN
    if not isinstance(error, Forbidden):
        number = status.HTTP_400_BAD_REQUEST if error.fields else status.HTTP_409_CONFLICT
    answer = _answer(number, error.code, error.message, error.fields)
    if isinstance(error, NotOpen):
        answer.data["allowed"] = error.allowed
    return answer


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, DjangoPermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation | BadRequest):
        return exceptions.ParseError(_("The request could not be read."))
    return error


def _invalid(detail: Any) -> tuple[str, dict[str, str]]:
    """The message and the fields of what a serializer or a filter refused."""
    fields = dict(_flat(detail, ()))
    whole = fields.pop("", "")
    counted = ngettext(
        "There is %(n)s thing to put right", "There are %(n)s things to put right", len(fields)
    )
    return whole or counted % {"n": len(fields)}, fields


def _flat(detail: Any, path: tuple[str, ...]) -> list[tuple[str, str]]:
    """`{"files": {0: ["…"]}}` as `[("files.0", "…")]`, and a list of rows alike.

    What belongs to no field has no name.
    """
    if isinstance(detail, dict):
        return [
            pair
            for name, inner in detail.items()
            for pair in _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
        ]
    if isinstance(detail, list) and any(isinstance(inner, dict) for inner in detail):
        return _flat(dict(enumerate(detail)), path)
    words = detail if isinstance(detail, list) else [detail]
    return [(".".join(path), " ".join(str(word) for word in words))] if words else []


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(challenge)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _answer(
    number: int,
    code: str,
    message: str,
    fields: dict[str, str],
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    body = {"code": code, "message": message, "fields": fields}
    return Response(body, status=number, headers=headers)
