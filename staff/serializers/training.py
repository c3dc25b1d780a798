"""Training as the API reads and shows it (T-18, T-19, W-15)."""

from typing import Any

from rest_framework import serializers

from complaints.models import Improvement
from complaints.serializers.fields import (
    MomentField,
    VersionedSerializer,
    branch_field,
    category_field,
)
from organisation.models import Role
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.actions.training import MOST_PEOPLE, Result
from staff.models import (
    Attendance,
    Course,
    CourseLevel,
    CourseStatus,
    SessionStatus,
    Topic,
    TrainingSession,
)
from staff.training import Effect


class CourseSerializer(serializers.Serializer[Course]):
    """A course; `improvement` is the request from which it was born."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    topic = serializers.ChoiceField(Topic.choices)
    role = serializers.CharField()
    level = serializers.ChoiceField(CourseLevel.choices)
    goals = serializers.CharField()
    category = CodedSerializer(allow_null=True)
    improvement = serializers.IntegerField(source="improvement_id", allow_null=True)
    branch = CodedSerializer()
    hold_by = serializers.DateField()
    first_held_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(CourseStatus.choices)
    version = serializers.IntegerField()


class CourseWordsSerializer(VersionedSerializer):
    """What can be changed later."""

    title = serializers.CharField(max_length=120, required=False)
    topic = serializers.ChoiceField(Topic.choices, required=False)
    role = serializers.ChoiceField(Role.choices, required=False, allow_blank=True)
    level = serializers.ChoiceField(CourseLevel.choices, required=False)
    goals = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    category = category_field(required=False, allow_null=True)
    hold_by = serializers.DateField(required=False)


class AddCourseSerializer(StrictSerializer):
    branch = branch_field()
    title = serializers.CharField(max_length=120)
    topic = serializers.ChoiceField(Topic.choices)
    role = serializers.ChoiceField(Role.choices, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(CourseLevel.choices, default=CourseLevel.ENTRY.value)
    goals = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    category = category_field(required=False, allow_null=True, default=None)
    hold_by = serializers.DateField()
    improvement = serializers.PrimaryKeyRelatedField(
        queryset=Improvement.objects.all(), required=False, allow_null=True, default=None
    )


class AttendanceSerializer(serializers.Serializer[Attendance]):
    """Only of those whom the caller may see, or trains."""

    person = PersonReferenceSerializer()
    branch = CodedSerializer()
    attended = serializers.BooleanField(allow_null=True)
    score = serializers.IntegerField(allow_null=True)


class SessionSerializer(serializers.Serializer[TrainingSession]):
    id = serializers.IntegerField()
    course = serializers.IntegerField(source="course_id")
    branch = CodedSerializer()
    place = serializers.CharField()
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    trainer = PersonReferenceSerializer()
    status = serializers.ChoiceField(SessionStatus.choices)
    cancel_reason = serializers.CharField()
    people = AttendanceSerializer(source="shown_people", many=True)
    version = serializers.IntegerField()


class PlanSessionSerializer(VersionedSerializer):
    branch = branch_field()
    place = serializers.CharField(max_length=120)
    starts_at = MomentField()
    minutes = serializers.IntegerField(min_value=5, max_value=3000)
    trainer = PersonField()
    people = serializers.ListField(child=PersonField(), min_length=1, max_length=MOST_PEOPLE)


class SessionResultSerializer(StrictSerializer):
    person = serializers.IntegerField(min_value=1, max_value=2**62)
    attended = serializers.BooleanField()
    score = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True, default=None
    )

    def to_internal_value(self, data: Any) -> Result:
        given = super().to_internal_value(data)
        return Result(given["person"], given["attended"], given["score"])


class RecordSessionSerializer(VersionedSerializer):
    """Of everybody who was invited."""

    results = serializers.ListField(child=SessionResultSerializer(), max_length=MOST_PEOPLE)


class ComplaintRateSerializer(serializers.Serializer[Any]):
    """Complaints in 30 days with the 95 % interval."""

    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class CourseEffectSerializer(serializers.Serializer[Effect]):
    """One branch around its first session: `verdict` fewer, more, open or early."""

    branch = serializers.CharField(source="code")
    since = serializers.DateTimeField()
    people = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    rate_before = ComplaintRateSerializer()
    rate_after = ComplaintRateSerializer()
    verdict = serializers.CharField()


class CategoryNeedSerializer(serializers.Serializer[Any]):
    """Complaints of the last 90 days, and of the 90 before."""

    category = CodedSerializer()
    recent = serializers.IntegerField()
    earlier = serializers.IntegerField()
    courses = serializers.IntegerField()


class OrderNeedSerializer(serializers.Serializer[Improvement]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    branch = CodedSerializer()


class SurveyNeedSerializer(serializers.Serializer[Any]):
    """Perceived minus expected on 1…7."""

    dimension = serializers.CharField()
    topic = serializers.CharField()
    answers = serializers.IntegerField(source="n")
    gap = serializers.FloatField()


class NeedsSerializer(serializers.Serializer[Any]):
    categories = CategoryNeedSerializer(many=True)
    orders = OrderNeedSerializer(many=True)
    surveys = SurveyNeedSerializer(many=True)
