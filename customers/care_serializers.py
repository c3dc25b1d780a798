"""Visits, segments, care and notices as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from customers.models import (
    CareAct,
    CareStatus,
    Cause,
    Channel,
    CustomerNotice,
    FindingKind,
    NoticeStatus,
    Purpose,
    Segment,
    Visit,
    VisitKind,
    VisitStatus,
)
from customers.risk_serializers import EndangeredSerializer
from organisation.models import Branch, Person
from organisation.serializers import PersonReferenceSerializer, StrictSerializer


def _active() -> Any:
    return serializers.PrimaryKeyRelatedField(queryset=Person.objects.filter(is_active=True))


class VisitFindingSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(FindingKind.choices)
    words = serializers.CharField()
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()


class VisitTaskSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    owner = PersonReferenceSerializer()
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)


class PlannedVisitSerializer(serializers.Serializer[Visit]):
    id = serializers.IntegerField()
    customer = EndangeredSerializer()
    kind = serializers.ChoiceField(VisitKind.choices)
    status = serializers.ChoiceField(VisitStatus.choices)
    on = serializers.DateField()
    starts_at = serializers.TimeField(allow_null=True)
    place = serializers.CharField()
    owner = PersonReferenceSerializer()
    purpose = serializers.ChoiceField(Purpose.choices)
    aim = serializers.CharField()
    plan = serializers.CharField()
    steps = serializers.CharField()
    who = serializers.CharField()
    words = serializers.CharField()
    version = serializers.IntegerField()


class WholeVisitSerializer(PlannedVisitSerializer):
    findings = VisitFindingSerializer(many=True)
    tasks = VisitTaskSerializer(many=True)


class PlanVisitSerializer(StrictSerializer):
    """`anyway`: though it is sooner than the cadence of the tier or grade says."""

    kind = serializers.ChoiceField(VisitKind.choices)
    on = serializers.DateField()
    starts_at = serializers.TimeField(required=False, allow_null=True)
    place = serializers.CharField(max_length=120, required=False, allow_blank=True)
    owner = _active()
    purpose = serializers.ChoiceField(Purpose.choices)
    aim = serializers.CharField(max_length=200, required=False, allow_blank=True)
    plan = serializers.CharField(max_length=2000, required=False, allow_blank=True, source="plan_")
    steps = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    anyway = serializers.BooleanField(required=False)


class WriteVisitDownSerializer(StrictSerializer):
    on = serializers.DateField()
    who = serializers.CharField(max_length=200)
    words = serializers.CharField(max_length=2000)
    version = serializers.IntegerField(required=False)


class CancelVisitSerializer(StrictSerializer):
    version = serializers.IntegerField(required=False)


class FindAtVisitSerializer(StrictSerializer):
    kind = serializers.ChoiceField(FindingKind.choices)
    words = serializers.CharField(max_length=500)


class FollowVisitSerializer(StrictSerializer):
    text = serializers.CharField(max_length=500)
    owner = _active()
    due_on = serializers.DateField()


class DueCustomerSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    due_on = serializers.DateField()
    last_on = serializers.DateField(allow_null=True)


class SegmentSerializer(serializers.Serializer[Segment]):
    """`conditions`: words of the vocabulary; a list of names has none."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    branch = serializers.CharField(source="branch.code")
    is_list = serializers.BooleanField()
    conditions = serializers.DictField()
    version = serializers.IntegerField()


class SaveSegmentSerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    branch = serializers.SlugRelatedField(slug_field="code", queryset=Branch.objects.all())
    is_list = serializers.BooleanField(required=False)
    conditions = serializers.DictField(required=False, default=dict)


class CareWishSerializer(StrictSerializer):
    channel = serializers.ChoiceField(Channel.choices, required=False, allow_blank=True)
    quiet_until = serializers.DateField(required=False, allow_null=True)
    no_care = serializers.BooleanField(required=False)
    no_notices = serializers.BooleanField(required=False)
    words = serializers.CharField(max_length=300, required=False, allow_blank=True)


class CareActSerializer(serializers.Serializer[CareAct]):
    id = serializers.IntegerField()
    customer = EndangeredSerializer()
    on = serializers.DateField()
    occasion = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices, allow_blank=True)
    words = serializers.CharField()
    status = serializers.ChoiceField(CareStatus.choices)
    version = serializers.IntegerField()


class CloseCareSerializer(StrictSerializer):
    is_done = serializers.BooleanField()
    version = serializers.IntegerField(required=False)


class CustomerNoticeSerializer(serializers.Serializer[CustomerNotice]):
    id = serializers.IntegerField()
    cause = serializers.ChoiceField(Cause.choices)
    segment = serializers.IntegerField(source="segment_id")
    title = serializers.CharField()
    words = serializers.CharField()
    title_en = serializers.CharField()
    words_en = serializers.CharField()
    status = serializers.ChoiceField(NoticeStatus.choices)
    version = serializers.IntegerField()


class NoticeReachSerializer(serializers.Serializer[Any]):
    """Whom a draft reaches now."""

    told = serializers.IntegerField()
    declined = serializers.IntegerField()
    quiet = serializers.IntegerField()
    unreachable = serializers.IntegerField()


class DraftNoticeSerializer(StrictSerializer):
    cause = serializers.ChoiceField(Cause.choices)
    segment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    title = serializers.CharField(max_length=120)
    words = serializers.CharField(max_length=2000)
    title_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    words_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SendNoticeSerializer(StrictSerializer):
    """`seen`: the number of those told that the caller saw."""

    seen = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(required=False)


class NumberSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
