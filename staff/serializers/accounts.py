"""Account managers as the API reads and shows them (T-20)."""

from typing import Any

from rest_framework import serializers

from csm.kit.periods import KEYS
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.accounts import Line
from staff.models import AccountReview, ReviewOutcome


class FiguresSerializer(serializers.Serializer[Any]):
    """Of the customers; `score` is the mean of 0…10, null below five answers."""

    customers = serializers.IntegerField()
    answers = serializers.IntegerField()
    satisfied = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    complaints = serializers.IntegerField()
    callbacks = serializers.IntegerField()
    satisfied_callbacks = serializers.IntegerField()


class AccountManagerSerializer(serializers.Serializer[Line]):
    """`gap`: the mean score minus that of all who are listed."""

    person = serializers.IntegerField(source="person_id")
    name = serializers.CharField()
    branch = serializers.CharField(source="branch_label")
    figures = FiguresSerializer()
    gap = serializers.FloatField(allow_null=True)


class AccountReviewSerializer(serializers.Serializer[AccountReview]):
    """A decision with the figures of then."""

    id = serializers.IntegerField()
    person = PersonReferenceSerializer()
    branch = CodedSerializer()
    period = serializers.CharField()
    outcome = serializers.ChoiceField(ReviewOutcome.choices)
    grounds = serializers.CharField()
    development = serializers.CharField()
    figures = FiguresSerializer()
    decided_by = PersonReferenceSerializer()
    decided_at = serializers.DateTimeField()


class DecideReviewSerializer(StrictSerializer):
    person = PersonField()
    period = serializers.RegexField(KEYS["quarter"])
    outcome = serializers.ChoiceField(ReviewOutcome.choices)
    grounds = serializers.CharField(max_length=2000)
    development = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default=""
    )
