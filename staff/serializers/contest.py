"""The contest, its marks and awards, as the API reads and shows them (T-06 … T-10)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer
from organisation.models import Person
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff.actions.contests import Weighed
from staff.models import (
    AwardKind,
    Contest,
    ContestStatus,
    Criterion,
    InnovationAward,
    Practice,
    TeamMember,
)
from staff.serializers.rewards import amount, cost


class CriterionSerializer(serializers.Serializer[Criterion]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    weight = serializers.IntegerField()


class WeighedSerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    weight = serializers.IntegerField(min_value=1, max_value=100)

    def to_internal_value(self, data: Any) -> Weighed:
        return Weighed(**super().to_internal_value(data))


class ContestSerializer(serializers.Serializer[Contest]):
    """The contest of a quarter, 2026-Q4; its days count to their end."""

    id = serializers.IntegerField()
    period = serializers.CharField()
    status = serializers.ChoiceField(ContestStatus.choices)
    plans_due_on = serializers.DateField()
    feedback_due_on = serializers.DateField()
    review_due_on = serializers.DateField()
    team_awards = serializers.IntegerField()
    fewest_reviewers = serializers.IntegerField()
    team_prize = serializers.CharField()
    personal_prize = serializers.CharField()
    team_prize_cost = amount()
    personal_prize_cost = amount()
    criteria = CriterionSerializer(many=True, source="criteria.all")
    announced_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ContestDaysSerializer(VersionedSerializer):
    plans_due_on = serializers.DateField()
    feedback_due_on = serializers.DateField()
    review_due_on = serializers.DateField()
    reason = serializers.CharField(max_length=1000)


class OpenContestSerializer(StrictSerializer):
    """What a prize costs is in yuan, charged to the award fund for each award; 0 for nothing."""

    period = serializers.CharField(max_length=7)
    plans_due_on = serializers.DateField()
    feedback_due_on = serializers.DateField()
    review_due_on = serializers.DateField()
    team_awards = serializers.IntegerField(required=False, default=1)
    fewest_reviewers = serializers.IntegerField(required=False, default=3)
    team_prize = serializers.CharField(max_length=200)
    personal_prize = serializers.CharField(max_length=200)
    team_prize_cost = cost()
    personal_prize_cost = cost()
    criteria = WeighedSerializer(many=True)


class MarkSerializer(serializers.Serializer[Any]):
    """The marks of one plan, 10 to 100; `spread` is their standard deviation."""

    plan = serializers.IntegerField(source="plan.pk")
    title = serializers.CharField(source="plan.newest.title")
    branch = CodedSerializer(source="plan.branch")
    reviewers = serializers.IntegerField()
    mean = serializers.DecimalField(5, 2, allow_null=True)
    spread = serializers.DecimalField(5, 2, allow_null=True)


@extend_schema_field(OpenApiTypes.INT)
class MemberField(serializers.Field[TeamMember, Any, int, Any]):
    """A member of a team by the id that plans show."""

    default_error_messages = {"unknown": gettext_lazy("“{value}” is not known here.")}

    def to_internal_value(self, data: Any) -> TeamMember:
        rows = TeamMember.objects.select_related("person", "text")
        is_key = isinstance(data, int) and not isinstance(data, bool)
        found = rows.filter(pk=data).first() if is_key else None
        if found is None:
            self.fail("unknown", value=str(data)[:80])
        return found

    def to_representation(self, value: TeamMember) -> int:
        return value.pk


class AnnounceSerializer(VersionedSerializer):
    """`personal`: ids of team members as the plans show them."""

    personal = serializers.ListField(child=MemberField(), required=False, default=list)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class AwardSerializer(serializers.Serializer[InnovationAward]):
    id = serializers.IntegerField()
    contest = serializers.CharField(source="contest.period")
    kind = serializers.ChoiceField(AwardKind.choices)
    plan = serializers.IntegerField(source="plan_id")
    title = serializers.CharField(source="plan.newest.title")
    branch = CodedSerializer(source="plan.branch")
    people = serializers.SerializerMethodField()
    mean = serializers.DecimalField(5, 2)
    spread = serializers.DecimalField(5, 2, allow_null=True)
    reviewers = serializers.IntegerField()
    reason = serializers.CharField()
    prize = serializers.CharField()
    handed_on = serializers.DateField(allow_null=True)
    handed_to = PersonReferenceSerializer(allow_null=True)
    handed_by = PersonReferenceSerializer(allow_null=True)
    ceremony_on = serializers.DateField(source="ceremony.held_on", default=None)
    ceremony_note = serializers.CharField(source="ceremony.note", default="")

    def get_people(self, row: InnovationAward) -> list[str]:
        return [share.person.name for share in row.shares.all()]


class WinnerField(PersonField):
    """Any winner: the action knows whose award it is."""

    def people(self) -> QuerySet[Person]:
        return Person.objects.all()


class PrizeHandOverSerializer(StrictSerializer):
    handed_on = serializers.DateField()
    handed_to = WinnerField()


class CeremonySerializer(StrictSerializer):
    held_on = serializers.DateField()
    note = serializers.CharField(max_length=2000)
    files = serializers.ListField(
        child=serializers.FileField(), required=False, default=list, source="uploads"
    )


class TimelinessSerializer(serializers.Serializer[Any]):
    """Plans in time of those due; the interval is Wilson's, 0 to 1."""

    branch = serializers.CharField()
    on_time = serializers.IntegerField()
    due = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PracticeSerializer(serializers.Serializer[Practice]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    words = serializers.CharField()
    method = serializers.CharField()
    branch = CodedSerializer(source="plan.branch")
    contest = serializers.CharField(source="plan.contest.period")
    at = serializers.DateTimeField()
