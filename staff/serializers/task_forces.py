"""Task forces and their duties as the API reads and shows them (O-04)."""

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer, branch_field
from organisation.models import Role
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.models import Duty, DutyStatus, TaskForce, TaskForceStatus


class DutyReportSerializer(serializers.Serializer[Any]):
    words = serializers.CharField()
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()


class DutySerializer(serializers.Serializer[Duty]):
    """`due_on` is null for a standing duty; the last report stands first."""

    id = serializers.IntegerField()
    task_force = serializers.IntegerField(source="force_id")
    department = serializers.ChoiceField(Role.choices)
    person = PersonReferenceSerializer()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(DutyStatus.choices)
    reports = DutyReportSerializer(source="reports.all", many=True)
    version = serializers.IntegerField()


class TaskForceSerializer(serializers.Serializer[TaskForce]):
    """Without its duties: `duties/` lists those that the caller sees."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    branch = CodedSerializer()
    lead = PersonReferenceSerializer()
    status = serializers.ChoiceField(TaskForceStatus.choices)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class SetUpTaskForceSerializer(StrictSerializer):
    branch = branch_field()
    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=2000)
    lead = PersonField()


class EditTaskForceSerializer(VersionedSerializer):
    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=2000)
    lead = PersonField()


class EndTaskForceSerializer(VersionedSerializer):
    outcome = serializers.CharField(max_length=2000)


class GiveDutySerializer(VersionedSerializer):
    department = serializers.ChoiceField(Role.choices)
    person = PersonField()
    text = serializers.CharField(max_length=300)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


class ReportDutySerializer(VersionedSerializer):
    words = serializers.CharField(max_length=2000)
