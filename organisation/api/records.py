"""What the calls on records with acts of their own have in common."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.showing import shown
from csm.kit import keyset
from organisation.access import visible_or_404
from organisation.api.doors import Door


def status_parameter(choices: list[Any]) -> OpenApiParameter:
    values = [str(value) for value, _label in choices]
    return OpenApiParameter("status", OpenApiTypes.STR, many=True, enum=values)


class RecordDoor(Door):
    """What the calls on these records share."""

    model: ClassVar[type[Model]]
    shows: ClassVar[type[Any]]
    statuses: ClassVar[list[Any]]

    def read(self, rows: QuerySet[Any]) -> list[Any]:
        """The rows with all that is shown of them."""
        raise NotImplementedError

    def page(self, request: Request, rows: QuerySet[Any]) -> Response:
        """Newest first; with `status` only those in one of them."""
        wanted = request.query_params.getlist("status")
        known = [value for value, _label in self.statuses]
        if unknown := [value for value in wanted if value not in known]:
            raise ValidationError({"status": [f"“{unknown[0][:20]}”: {', '.join(known)}"]})
        if wanted:
            rows = rows.filter(status__in=wanted)
        found = keyset.page(rows, order=["-pk"], params=request.query_params, size=size_of(request))
        ordered = {row.pk: row for row in self.read(rows.filter(pk__in=[r.pk for r in found.rows]))}
        here = [ordered[row.pk] for row in found.rows]
        return listed(request, self.shows, here, previous=found.previous, next_=found.next)

    def one(self, pk: int, code: int = 200) -> Response:
        """All of a record that the caller was let to."""
        [row] = self.read(self.model._default_manager.filter(pk=pk))
        return Response(shown(self.shows, row), status=code)


class RecordAct(RecordDoor):
    """One act on a record; answers the record."""

    given: ClassVar[type[Any]]
    name: ClassVar[str]
    act: ClassVar[Callable[..., Any]]
    parser_classes = (JSONParser, MultiPartParser)

    def may(self, row: Any) -> None:
        """Who may not is told so before the body is looked at."""
        raise NotImplementedError

    def post(self, request: Request, pk: int) -> Response:
        row = visible_or_404(self.model, self.me, pk=pk)
        self.may(row)
        return self.once(lambda: self._done(row))

    def _done(self, row: Any) -> Response:
        given = self.body(self.given)
        type(self).act(by=self.me, now=self.now, **{self.name: row}, **given)
        return self.one(row.pk)
