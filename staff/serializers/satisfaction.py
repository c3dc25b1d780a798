"""The survey of staff as the API reads and shows it (S-20)."""

from typing import Any

from rest_framework import serializers

from organisation.serializers import CodedSerializer, CodeField, StrictSerializer
from staff import groups
from staff import satisfaction as reading
from staff.models import NUMBER_OF_QUESTIONS, Agreement, StaffRound
from surveys.results.scores import Figure


class BeginRoundSerializer(StrictSerializer):
    first_on = serializers.DateField()
    last_on = serializers.DateField()


class StaffAnswerSerializer(StrictSerializer):
    """`marks`: one to five, in the order of the statements. `group`: a code, null for none."""

    marks = serializers.ListField(
        child=serializers.ChoiceField(Agreement.choices),
        min_length=NUMBER_OF_QUESTIONS,
        max_length=NUMBER_OF_QUESTIONS,
    )
    group = CodeField(groups.rows, required=False, allow_null=True, default=None)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RoundSerializer(serializers.Serializer[StaffRound]):
    """A round. `groups` are those with which the caller may be counted."""

    quarter = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    statements = serializers.ListField(child=serializers.CharField(), source="questions")
    settled_on = serializers.DateField(allow_null=True)


class StaffShareSerializer(serializers.Serializer[Figure]):
    """A share of 0 to 1 with its interval; null where nobody answered or it is hidden."""

    share = serializers.FloatField(source="value", allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    n = serializers.SerializerMethodField()

    def get_n(self, obj: Figure) -> int | None:
        return None if obj.is_hidden else obj.n


class StaffLineSerializer(serializers.Serializer[reading.Line]):
    """A group of staff, or the company (`branch` null), beside its customers."""

    branch = CodedSerializer(allow_null=True)
    n = serializers.IntegerField()
    statements = StaffShareSerializer(many=True)
    customers = StaffShareSerializer()
    callbacks = StaffShareSerializer()


class StaffResultsSerializer(serializers.Serializer[reading.Results]):
    """`lines` and `words` are empty before the round is over."""

    round = RoundSerializer()
    groups = serializers.SerializerMethodField()
    has_answered = serializers.BooleanField()
    answered = serializers.IntegerField()
    asked = serializers.IntegerField()
    lines = StaffLineSerializer(many=True)
    words = serializers.ListField(child=serializers.CharField())

    def get_groups(self, obj: reading.Results) -> list[str]:
        return [row.code for row in groups.offered(self.context["me"])]


def given(kind: type[Any], data: Any, **context: Any) -> dict[str, Any]:
    """The checked body."""
    body = kind(data=data, context=context)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
