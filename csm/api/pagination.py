"""The envelope of every list: `{"next", "previous", "results"}`, addresses and rows."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from csm.api.showing import shown

SIZE, MOST = 50, 100
AFTER, BEFORE = "after", "before"


def size_of(request: Request) -> int:
    """How many rows are wanted: `page_size`, 1 to 100, else 50."""
    text = request.query_params.get("page_size", "")
    if not text:
        return SIZE
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        sentence = _("Enter a whole number from 1 to %(most)d.") % {"most": MOST}
        raise ValidationError({"page_size": [sentence]})
    return int(text)


def listed(
    request: Request,
    kind: type[Serializer[Any]],
    rows: Iterable[Any],
    *,
    previous: str = "",
    next_: str = "",
) -> Response:
    """One page of rows, as `kind` shows them. `previous`, `next_`: positions, empty at an end.

    A position names a row, not a number of rows: what arrives or leaves meanwhile moves nothing.
    """
    return Response(
        {
            "next": _address(request, AFTER, next_),
            "previous": _address(request, BEFORE, previous),
            "results": [shown(kind, row) for row in rows],
        }
    )


def _address(request: Request, name: str, position: str) -> str | None:
    if not position:
        return None
    query = request.query_params.copy()
    query.pop(AFTER, None)
    query.pop(BEFORE, None)
    query[name] = position
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
