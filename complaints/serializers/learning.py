"""Checks, lessons, topics and courses as the API reads and shows them (W-08, W-09, W-15)."""

from django.urls import reverse
from rest_framework import serializers

from complaints.models import (
    CheckStatus,
    EffectivenessCheck,
    Improvement,
    ImprovementKind,
    ImprovementStatus,
    Lesson,
    LessonFile,
    LessonStatus,
    MeasureGroup,
)
from complaints.serializers.fields import VersionedSerializer
from complaints.serializers.measure import MeasureProofSerializer, order_fields
from organisation.serializers import CodedSerializer, PersonField, PersonReferenceSerializer


class EffectSerializer(VersionedSerializer):
    effect_report = serializers.CharField(max_length=5000)
    customer_satisfied = serializers.BooleanField(
        source="is_customer_satisfied", required=False, allow_null=True
    )


class CheckSerializer(serializers.Serializer[EffectivenessCheck]):
    """A check. The figures count complaints of the order's categories within these days."""

    id = serializers.IntegerField()
    order, order_number, order_title = order_fields("order")
    branch = CodedSerializer(source="order.branch")
    days = serializers.IntegerField()
    since_at = serializers.DateTimeField()
    due_on = serializers.DateField()
    status = serializers.ChoiceField(CheckStatus.choices)
    recurred_of_customer = serializers.IntegerField(source="figures.of_customer")
    recurred_of_branch = serializers.IntegerField(source="figures.of_branch")
    comparable = serializers.BooleanField(source="figures.is_comparable")
    words = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = PersonReferenceSerializer(allow_null=True)
    version = serializers.IntegerField()


class DecideCheckSerializer(VersionedSerializer):
    effective = serializers.BooleanField(source="is_effective")
    words = serializers.CharField(max_length=2000)
    return_order = serializers.BooleanField(source="returns_order", required=False)


class LessonFileSerializer(serializers.Serializer[LessonFile]):
    """A file of proof; `url` delivers it to those who may see the lesson."""

    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    content_type = serializers.CharField(source="file.content_type")
    size = serializers.IntegerField(source="file.size")
    url = serializers.SerializerMethodField()

    def get_url(self, proof: LessonFile) -> str:
        return reverse("api-lesson-file", args=[proof.lesson_id, proof.file_id])


class LessonSerializer(serializers.Serializer[Lesson]):
    """A measure of another branch, offered to this one."""

    id = serializers.IntegerField()
    branch = CodedSerializer()
    group = serializers.ChoiceField(MeasureGroup.choices, source="measure.group")
    text = serializers.CharField(source="measure.text")
    origin = CodedSerializer(source="measure.order.branch")
    title = serializers.CharField(source="measure.order.title")
    guidance = serializers.CharField(source="measure.order.guidance")
    status = serializers.ChoiceField(LessonStatus.choices)
    offered_at = serializers.DateTimeField()
    adopted_on = serializers.DateField(allow_null=True)
    proof = serializers.CharField()
    decline_reason = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = PersonReferenceSerializer(allow_null=True)
    files = LessonFileSerializer(source="shown_files", many=True)
    version = serializers.IntegerField()


class AcceptSerializer(MeasureProofSerializer):
    adopted_on = serializers.DateField()


class ImprovementSerializer(serializers.Serializer[Improvement]):
    """A QC topic or a training course that an order asked for."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(ImprovementKind.choices)
    order, order_number, order_title = order_fields("order")
    branch = CodedSerializer()
    title = serializers.CharField()
    reason = serializers.CharField()
    status = serializers.ChoiceField(ImprovementStatus.choices)
    owner = PersonReferenceSerializer(allow_null=True)
    requested_at = serializers.DateTimeField()
    requested_by = PersonReferenceSerializer(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField()
    version = serializers.IntegerField()


class AskSerializer(VersionedSerializer):
    version = None  # type: ignore[assignment]  # it changes nothing of the order
    kind = serializers.ChoiceField(ImprovementKind.choices)
    title = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=2000)


class OwnerSerializer(VersionedSerializer):
    owner = PersonField()


class OutcomeSerializer(VersionedSerializer):
    result = serializers.CharField(max_length=5000)
