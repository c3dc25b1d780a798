"""Warnings, cases and hand-overs as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from customers.models import (
    CaseStatus,
    ChurnRisk,
    Customer,
    Level,
    Outcome,
    Reason,
    RetentionCase,
    RetentionStep,
    Sign,
)
from organisation.models import Person
from organisation.serializers import PersonReferenceSerializer


class EndangeredSerializer(serializers.Serializer[Customer]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RiskSignSerializer(serializers.Serializer[Any]):
    """`figure`: per cent of V and Q, days of the others, or nothing."""

    sign = serializers.ChoiceField(Sign.choices)
    points = serializers.IntegerField()
    figure = serializers.IntegerField(allow_null=True)


class ChurnRiskSerializer(serializers.Serializer[ChurnRisk]):
    customer = EndangeredSerializer()
    points = serializers.IntegerField(min_value=0, max_value=100)
    level = serializers.ChoiceField(Level.choices, allow_blank=True)
    hits = RiskSignSerializer(many=True)
    since = serializers.DateTimeField()


class RetentionStepSerializer(serializers.Serializer[RetentionStep]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    by = PersonReferenceSerializer()


class RetentionCaseSerializer(serializers.Serializer[RetentionCase]):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    customer = EndangeredSerializer()
    level = serializers.ChoiceField(Level.choices)
    opened_at = serializers.DateTimeField()
    owner = PersonReferenceSerializer(allow_null=True)
    status = serializers.ChoiceField(CaseStatus.choices)
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    reason = serializers.ChoiceField(Reason.choices, allow_blank=True)
    words = serializers.CharField()
    steps = RetentionStepSerializer(many=True)


class GiveCaseSerializer(serializers.Serializer[Any]):
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    version = serializers.IntegerField(required=False)


class NoteStepSerializer(serializers.Serializer[Any]):
    """Without `due_on` it is done already."""

    text = serializers.CharField(max_length=500)
    due_on = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(required=False)


class CloseCaseSerializer(serializers.Serializer[Any]):
    """`reason` is asked of a customer who left."""

    outcome = serializers.ChoiceField(Outcome.choices)
    reason = serializers.ChoiceField(Reason.choices, required=False, allow_blank=True)
    words = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    version = serializers.IntegerField(required=False)


class HandCustomersOverSerializer(serializers.Serializer[Any]):
    was = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all())
    to = serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))
    customers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=1000,
    )
    words = serializers.CharField(required=False, allow_blank=True, max_length=500)


class HandedOverSerializer(serializers.Serializer[Any]):
    customers = serializers.IntegerField(min_value=0)
