"""Plans of the contest and their review, as the API reads and shows them (T-07, T-08)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer
from organisation.access import branches
from organisation.models import Branch, Person
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.contests import WRITE
from staff.models import (
    Contest,
    Plan,
    PlanKind,
    PlanReport,
    PlanStatus,
    PlanText,
    ReportFile,
    TeamMember,
)


class TeamMemberSerializer(serializers.Serializer[TeamMember]):
    id = serializers.IntegerField()
    person = PersonReferenceSerializer()


class PlanTextSerializer(serializers.Serializer[PlanText]):
    """One version; what is submitted never changes."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    problem = serializers.CharField()
    benchmark = serializers.CharField()
    measures = serializers.CharField()
    budget = serializers.DecimalField(12, 2, allow_null=True)
    effect = serializers.CharField()
    team = TeamMemberSerializer(many=True, source="members.all")
    submitted_at = serializers.DateTimeField(allow_null=True)
    return_reason = serializers.CharField(source="returned.reason", default="")


class ReportFileSerializer(serializers.Serializer[ReportFile]):
    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    url = serializers.SerializerMethodField()

    def get_url(self, link: ReportFile) -> str:
        return reverse("api-contest-plan-file", args=[link.report.plan_id, link.file_id])


class ReportSerializer(serializers.Serializer[PlanReport]):
    text = serializers.CharField()
    is_final = serializers.BooleanField()
    at = serializers.DateTimeField()
    files = ReportFileSerializer(many=True, source="files.all")


class PlanSerializer(serializers.Serializer[Plan]):
    """A plan with all its versions, the newest last."""

    id = serializers.IntegerField()
    contest = serializers.CharField(source="contest.period")
    branch = CodedSerializer()
    kind = serializers.ChoiceField(PlanKind.choices)
    status = serializers.ChoiceField(PlanStatus.choices)
    due_on = serializers.DateField()
    texts = PlanTextSerializer(many=True, source="texts.all")
    reports = ReportSerializer(many=True, source="reports.all")
    version = serializers.IntegerField()


def may_write(person: Person) -> QuerySet[Branch]:
    return branches(person, WRITE).filter(is_active=True)


class PeriodField(CodeField):
    """A contest by its quarter."""

    def find(self, code: str) -> Any:
        return Contest.objects.filter(period=code).first()

    def to_representation(self, value: Any) -> str:
        return str(value.period)


def any_contest(person: Person) -> QuerySet[Contest]:
    return Contest.objects.all()


class BeginPlanSerializer(StrictSerializer):
    contest = PeriodField(any_contest)
    branch = CodeField(may_write)
    kind = serializers.ChoiceField(PlanKind.choices)
    title = serializers.CharField(max_length=120)


class WritePlanSerializer(VersionedSerializer):
    """What is left out stays as it is."""

    title = serializers.CharField(max_length=120, required=False)
    problem = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    benchmark = serializers.CharField(max_length=300, required=False, allow_blank=True)
    measures = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    budget = serializers.DecimalField(12, 2, required=False, allow_null=True, min_value=0)
    effect = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    team = serializers.ListField(child=PersonField(), required=False)


class ReturnPlanSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=2000)
    again_by = serializers.DateField()


class ReportPlanSerializer(VersionedSerializer):
    text = serializers.CharField(max_length=5000)
    is_final = serializers.BooleanField(required=False, default=False)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, default=list, source="uploads"
    )


class PromotePlanSerializer(StrictSerializer):
    title = serializers.CharField(max_length=120)
    words = serializers.CharField(max_length=5000)
    method = serializers.CharField(max_length=2000)


class BlindPlanSerializer(serializers.Serializer[Any]):
    """A plan as reviewers read it, without branch and names."""

    id = serializers.IntegerField(source="pk")
    contest = serializers.CharField(source="period")
    kind = serializers.ChoiceField(PlanKind.choices)
    title = serializers.CharField()
    problem = serializers.CharField()
    benchmark = serializers.CharField()
    measures = serializers.CharField()
    budget = serializers.DecimalField(12, 2, allow_null=True)
    effect = serializers.CharField()
    reports = serializers.ListField(child=serializers.CharField())
    files = serializers.IntegerField()


class GivenMarkSerializer(StrictSerializer):
    criterion = serializers.IntegerField()
    points = serializers.IntegerField(min_value=1, max_value=10)


class JudgeSerializer(StrictSerializer):
    points = GivenMarkSerializer(many=True)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"points": {row["criterion"]: row["points"] for row in attrs["points"]}}


class ConflictSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000)
