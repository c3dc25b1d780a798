"""Promises as the API reads and shows them."""

from rest_framework import serializers

from complaints.broken_promises import Line
from complaints.models import BrokenPromise, Promise, PromiseKind, PromiseRevision
from organisation.serializers import CodedSerializer, StrictSerializer


class PromiseSerializer(serializers.Serializer[PromiseRevision]):
    """What a promise says now; `version` is the number of that state."""

    id = serializers.IntegerField(source="promise_id")
    kind = serializers.ChoiceField(PromiseKind.choices, source="promise.kind")
    version = serializers.IntegerField(source="number")
    words = serializers.CharField()
    words_en = serializers.CharField()
    slogan = serializers.CharField()
    slogan_en = serializers.CharField()
    limit_hours = serializers.IntegerField(allow_null=True)
    remedy = serializers.CharField()
    remedy_en = serializers.CharField()
    feedback_line = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class BrokenPromisesBodySerializer(StrictSerializer):
    """Those that were broken, and no others."""

    promises = serializers.PrimaryKeyRelatedField(queryset=Promise.objects.all(), many=True)


class BrokenPromiseSerializer(serializers.Serializer[BrokenPromise]):
    """A promise that the complaint says was broken, in the words of then."""

    promise = serializers.IntegerField(source="promise_id")
    words = serializers.CharField(source="revision.words")
    words_en = serializers.CharField(source="revision.words_en")
    at = serializers.DateTimeField()


class BrokenCountSerializer(serializers.Serializer[Line]):
    """A branch, and how often each promise was broken there: `{"promise": id, "count": n}`."""

    branch = CodedSerializer()
    promises = serializers.ListField(child=serializers.DictField(child=serializers.IntegerField()))
    total = serializers.IntegerField()
