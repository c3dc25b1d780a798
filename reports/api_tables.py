"""Tables for programs: what the page shows."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from organisation.access import require
from organisation.api.doors import Door
from reports.actions.tables import SEE
from reports.crosstabs import counting
from reports.crosstabs.dimensions import DIMENSIONS
from reports.crosstabs.measures import MEASURES
from reports.crosstabs.spec import CONDITIONS, SIMPLEST, TableForm


class TableCellSerializer(serializers.Serializer[Any]):
    """`value` in the unit of its figure, null where nothing was counted; `hits` of `n`."""

    value = serializers.FloatField(allow_null=True)
    hits = serializers.IntegerField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)


class TableLineSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    cells = TableCellSerializer(many=True)


class TableSerializer(serializers.Serializer[Any]):
    """`head` names the cells of each line; `more` lines are not in it."""

    head = serializers.ListField(child=serializers.CharField())
    lines = TableLineSerializer(many=True)
    total = TableLineSerializer()
    more = serializers.IntegerField()


class ReportTable(Door):
    @extend_schema(
        operation_id="reports_table",
        parameters=[
            OpenApiParameter("rows", enum=list(DIMENSIONS), default="branch"),
            OpenApiParameter("columns", enum=list(DIMENSIONS)),
            OpenApiParameter("measure", enum=list(MEASURES), many=True),
            OpenApiParameter("period", OpenApiTypes.STR, default="last-month"),
            *(OpenApiParameter(name, OpenApiTypes.STR, many=True) for name in CONDITIONS),
        ],
        responses=TableSerializer,
    )
    def get(self, request: Request) -> Response:
        """Complaints of a period that the caller sees, by rows and columns; valid ones by branch
        of the last month, where nothing is asked for.
        """
        require(self.me, SEE)
        query = request._request.GET or QueryDict(SIMPLEST)
        form = TableForm(query, person=self.me, now=self.now)
        if not form.is_valid():
            raise ValidationError(
                {name: [str(word) for word in words] for name, words in form.errors.items()}
            )
        found = counting.count(form.spec, person=self.me, now=self.now)
        return Response(TableSerializer(found).data)
