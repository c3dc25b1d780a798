"""The first months of new people as the API reads and shows them (T-13)."""

from django.db.models import QuerySet
from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer, branch_field
from organisation.models import Person
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.actions.induction import RESULTS, mentors
from staff.models import Induction, InductionAssessment, InductionStatus, InductionStep


class InductionStepSerializer(serializers.Serializer[InductionStep]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = PersonReferenceSerializer(allow_null=True)


class InductionAssessmentSerializer(serializers.Serializer[InductionAssessment]):
    """`score` 1 to 5; null until it is written."""

    days = serializers.IntegerField()
    due_on = serializers.DateField()
    score = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    by = PersonReferenceSerializer(allow_null=True)


class InductionSerializer(serializers.Serializer[Induction]):
    """The plan of a new person; `grounds` are those of the last decision."""

    id = serializers.IntegerField()
    person = PersonReferenceSerializer()
    branch = CodedSerializer()
    mentor = PersonReferenceSerializer()
    started_on = serializers.DateField()
    status = serializers.ChoiceField(InductionStatus.choices)
    proposed_by = PersonReferenceSerializer()
    confirmed_by = PersonReferenceSerializer(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    decided_by = PersonReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    grounds = serializers.CharField()
    steps = InductionStepSerializer(source="shown_steps", many=True)
    assessments = InductionAssessmentSerializer(source="shown_assessments", many=True)
    version = serializers.IntegerField()


class MentorField(PersonField):
    """Mentors are offered to the whole company."""

    def people(self) -> QuerySet[Person]:
        return mentors()


class PlanInductionSerializer(StrictSerializer):
    person = PersonField()
    branch = branch_field()
    mentor = MentorField()
    started_on = serializers.DateField()
    steps = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=50, required=False, default=list
    )


class MentorSerializer(VersionedSerializer):
    mentor = MentorField()


class StepSerializer(VersionedSerializer):
    text = serializers.CharField(max_length=200)
    due_on = serializers.DateField()


class StepDoneSerializer(VersionedSerializer):
    step = serializers.IntegerField(min_value=1, max_value=2**62)


class AssessSerializer(VersionedSerializer):
    days = serializers.IntegerField(min_value=1, max_value=999)
    score = serializers.IntegerField(min_value=1, max_value=5)
    words = serializers.CharField(max_length=2000)


class DecideInductionSerializer(VersionedSerializer):
    result = serializers.ChoiceField([(each, each) for each in RESULTS])
    grounds = serializers.CharField(max_length=2000)
