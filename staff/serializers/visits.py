"""Visits to customers as the API reads and shows them (T-24)."""

from rest_framework import serializers

from customers.models import Visit, VisitKind
from organisation.serializers import PersonReferenceSerializer, StrictSerializer
from surveys.models import Touchpoint


class VisitSerializer(serializers.Serializer[Visit]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(VisitKind.choices)
    on = serializers.DateField()
    who = serializers.CharField()
    words = serializers.CharField()
    touchpoint = serializers.IntegerField(
        source="touched.touchpoint_id", allow_null=True, default=None
    )
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()


class NoteVisitSerializer(StrictSerializer):
    kind = serializers.ChoiceField(VisitKind.choices)
    on = serializers.DateField()
    who = serializers.CharField(max_length=200)
    words = serializers.CharField(max_length=2000)
    touchpoint = serializers.PrimaryKeyRelatedField(
        queryset=Touchpoint.objects.all(), required=False, allow_null=True, default=None
    )
