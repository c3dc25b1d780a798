"""What the programme asks of the caller."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.showing import shown
from organisation.access import require
from organisation.api.doors import Door
from staff.agenda import Agenda, Task, agenda

SEE = "incentive.see"


class TaskSerializer(serializers.Serializer[Task]):
    """`whose`: the branch that it is asked of, if any. `path`: the page where it is done."""

    due_on = serializers.DateField()
    words = serializers.CharField()
    path = serializers.CharField()
    is_mine = serializers.BooleanField()
    whose = serializers.CharField()


class AgendaSerializer(serializers.Serializer[Agenda]):
    """Mine before others, then by day."""

    late = TaskSerializer(many=True)
    week = TaskSerializer(many=True)
    quarter = TaskSerializer(many=True)


class Programme(Door):
    @extend_schema(operation_id="programme_retrieve", responses=AgendaSerializer)
    def get(self, request: Request) -> Response:
        """What is late, due this week, and due later in the quarter."""
        require(self.me, SEE)
        found: dict[str, Any] = shown(AgendaSerializer, agenda(self.me, now=self.now))
        return Response(found)
