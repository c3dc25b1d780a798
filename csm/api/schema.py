"""What the OpenAPI document says about every call alike."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

DESCRIPTION = """\
The complaint clock for programs.

* Sign in with `Authorization: Token …` (`POST /api/v1/auth/token/`) or with the session of the
  pages, then with the CSRF token in `X-CSRFToken`.
* Times are ISO 8601 with an offset. Branches and categories are named by code, people by id or by
  user name.
* A body with a name that the call does not know is refused with 400, and nothing is changed.
* Every refusal has one shape, `Error`. What you may not see is 404, what is not yours to do 403,
  what is not open now 409.
* `Idempotency-Key` may be sent with every POST: for 24 hours the same key and body give the same
  answer, once; another body is 409 `idempotency_conflict`.
* `version` is optional in the body of every act: when somebody changed the record since, the act
  is refused with 409 `stale`.
* Telephone numbers, e-mail addresses and names of contacts are masked.
"""
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "description": "For programs; never translated."},
        "message": {"type": "string", "description": "For people: what to do next."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "The inputs at fault, each with a sentence of its own.",
        },
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With `not_open`: what is open in this state to this person.",
        },
    },
}
REFUSALS = {
    400: "The input is wrong; `fields` says where.",
    401: "Nobody is signed in.",
    403: "Not this person's to do.",
    404: "Absent, or not this person's to see.",
    409: "Not open now, stale, or a key used for something else.",
    429: "Too many calls; `Retry-After` says how long to wait.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "maxLength": 100},
    "description": "The same key and body give the same answer, once (24 hours).",
}
PAGES = [
    OpenApiParameter("after", description="Position of the next page; take it from `next`."),
    OpenApiParameter("before", description="Position of the previous page."),
    OpenApiParameter("page_size", int, description="Rows of a page, 1 to 100; else 50."),
]


class Schema(AutoSchema):
    """Adds the refusals to every call, and the key to every POST of a view that keeps answers.

    A view may name the serializers of its body (`given`) and of its answer (`shown`).
    """

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "given", None) or super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        return getattr(self.view, "shown", None) or super().get_response_serializers()

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> dict[str, Any] | None:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        error = ResolvedComponent("Error", ResolvedComponent.SCHEMA, schema=ERROR, object="Error")
        registry.register_on_missing(error)
        for number, words in REFUSALS.items():
            if number == 409 and method == "GET":
                continue
            if number == 429 and not getattr(self.view, "is_throttled", False):
                continue
            answer = {"description": words, "content": {"application/json": {"schema": error.ref}}}
            operation["responses"].setdefault(str(number), answer)
        if method == "POST" and getattr(self.view, "keeps_answers", False):
            operation.setdefault("parameters", []).append(KEY)
        return operation


def page_of(row: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The envelope of a list of such rows, for the document."""
    name = row.__name__.removesuffix("Serializer")
    return inline_serializer(
        name=f"{name}Page",
        fields={
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )
