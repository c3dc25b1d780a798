"""Assessments as the API reads and shows them (C-10, C-21)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.models import (
    Assessment,
    AssessmentKind,
    AssessmentStatus,
    Complaint,
    Notice,
    WorkOrder,
)
from complaints.serializers.fields import VersionedSerializer
from organisation.access import branches, visible
from organisation.models import Branch, Person
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)


class AssessmentSerializer(serializers.Serializer[Assessment]):
    """All of an assessment. `proposed_by` is null where the clock proposed it.

    `allowed` names the acts that are open to the caller.
    """

    id = serializers.IntegerField()
    state = serializers.ChoiceField(AssessmentStatus.choices, source="status")
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(AssessmentKind.choices)
    branch = CodedSerializer()
    person = PersonReferenceSerializer(allow_null=True)
    reason = serializers.CharField()
    rule = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    complaint = serializers.CharField(source="complaint.number", allow_null=True, default=None)
    work_order = serializers.IntegerField(source="work_order_id", allow_null=True)
    notice = serializers.IntegerField(source="notice_id", allow_null=True)
    proposed_at = serializers.DateTimeField()
    proposed_by = PersonReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = PersonReferenceSerializer(allow_null=True)
    decision = serializers.CharField()
    appeal_until = serializers.DateTimeField(allow_null=True)
    appeal = serializers.CharField()
    appealed_at = serializers.DateTimeField(allow_null=True)
    appealed_by = PersonReferenceSerializer(allow_null=True)
    final_at = serializers.DateTimeField(allow_null=True)
    final_by = PersonReferenceSerializer(allow_null=True)
    final_words = serializers.CharField()
    upheld = serializers.BooleanField(source="is_upheld")
    counts = serializers.BooleanField()
    allowed = serializers.ListField(source="shown_allowed", child=serializers.CharField())


def _proposing(me: Person) -> QuerySet[Branch]:
    return branches(me, "assessment.propose").filter(is_active=True)


class ProposeSerializer(StrictSerializer):
    """A proposal for a branch or somebody who works there; somebody else decides."""

    branch = CodeField(_proposing)
    person = PersonField(required=False, allow_null=True)
    kind = serializers.ChoiceField(AssessmentKind.choices)
    reason = serializers.CharField(max_length=2000)
    rule = serializers.CharField(max_length=200, required=False, allow_blank=True)
    points = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1000)
    amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, required=False, allow_null=True
    )
    complaint = serializers.CharField(max_length=40, required=False, allow_null=True)
    work_order = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    notice = serializers.IntegerField(required=False, allow_null=True, min_value=1)

    def validate_complaint(self, value: str | None) -> Complaint | None:
        return self._record(Complaint, number=value) if value else None

    def validate_work_order(self, value: int | None) -> WorkOrder | None:
        return self._record(WorkOrder, pk=value) if value else None

    def validate_notice(self, value: int | None) -> Notice | None:
        return self._record(Notice, pk=value) if value else None

    def _record(self, model: Any, **lookup: Any) -> Any:
        found = visible(model, self.context["me"]).filter(**lookup).first()
        if found is None:
            raise serializers.ValidationError(_("There is no such record that you can see."))
        return found


class DecideSerializer(VersionedSerializer):
    """The grounds, and perhaps another measure than the proposed one."""

    words = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    points = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1000)
    amount = serializers.DecimalField(
        max_digits=10, decimal_places=2, required=False, allow_null=True
    )


class RejectSerializer(VersionedSerializer):
    words = serializers.CharField(max_length=2000)


class AppealSerializer(VersionedSerializer):
    words = serializers.CharField(max_length=5000)


class FinishSerializer(VersionedSerializer):
    """`upheld` false: the appeal is granted, nothing counts."""

    upheld = serializers.BooleanField(source="is_upheld")
    words = serializers.CharField(max_length=2000)
