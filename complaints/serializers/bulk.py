"""The bodies of the call that does one act to many complaints, and of its answer."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.actions.bulk import MOST
from complaints.models import BulkKind, BulkResult, Outcome, Severity
from complaints.serializers.fields import branch_field, category_field
from organisation.serializers import PersonField, StrictSerializer


class BulkTriageSerializer(StrictSerializer):
    """Without a category or a severity each complaint keeps its own."""

    branch = branch_field()
    handler = PersonField(required=False, allow_null=True)
    category = category_field(required=False, allow_null=True)
    severity = serializers.ChoiceField(Severity.choices, required=False)


class BulkAssignSerializer(StrictSerializer):
    handler = PersonField()


class BulkTransferSerializer(StrictSerializer):
    branch = branch_field()
    handler = PersonField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=2000)


class BulkNoteSerializer(StrictSerializer):
    text = serializers.CharField(max_length=5000)


class BulkSerializer(serializers.Serializer[Any]):
    """`act`, and either `numbers` (perhaps with the `versions` that were read) or `query`.

    `query` is that of `GET /complaints/`. What the act itself takes stands beside them.
    """

    act = serializers.ChoiceField(BulkKind.choices)
    numbers = serializers.ListField(
        child=serializers.CharField(max_length=24), max_length=MOST, required=False
    )
    versions = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), required=False
    )
    query = serializers.CharField(max_length=2000, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("numbers" in attrs) == ("query" in attrs):
            raise serializers.ValidationError(
                {"numbers": [_("Send either the numbers or a query.")]}
            )
        return attrs


class BulkResultSerializer(serializers.Serializer[BulkResult]):
    """What became of one row. `message` says why it is unchanged."""

    number = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    message = serializers.CharField(source="reason")
    version = serializers.IntegerField(allow_null=True)


class BulkActSerializer(serializers.Serializer[Any]):
    """`done` counts the rows that were changed."""

    act = serializers.ChoiceField(BulkKind.choices)
    done = serializers.IntegerField()
    results = BulkResultSerializer(many=True)
