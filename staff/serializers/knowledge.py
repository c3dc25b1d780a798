"""The knowledge base as the API reads and shows it (T-22)."""

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer, category_field
from organisation.serializers import CodedSerializer, PersonReferenceSerializer, StrictSerializer
from staff.models import AnswerStatus, ExpertAnswer, ExpertQuestion, QuestionStatus


class ExpertAnswerSerializer(serializers.Serializer[ExpertAnswer]):
    """What an expert wrote; shown to experts only."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(AnswerStatus.choices)
    reviewed_by = PersonReferenceSerializer(allow_null=True)
    reason = serializers.CharField()
    version = serializers.IntegerField()


class ExpertQuestionSerializer(serializers.Serializer[ExpertQuestion]):
    """A question; `answer` is what was published, `answers` all that experts wrote."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    details = serializers.CharField()
    category = CodedSerializer(allow_null=True)
    status = serializers.ChoiceField(QuestionStatus.choices)
    asked_by = PersonReferenceSerializer()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = PersonReferenceSerializer(allow_null=True)
    reviewed_by = PersonReferenceSerializer(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()
    answers = ExpertAnswerSerializer(source="shown_answers", many=True)
    version = serializers.IntegerField()


class AskExpertsSerializer(StrictSerializer):
    title = serializers.CharField(max_length=120)
    details = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    category = category_field(required=False, allow_null=True, default=None)


class AnswerTextSerializer(VersionedSerializer):
    text = serializers.CharField(max_length=10_000)
