"""Micro-reports, the rotation and awareness as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer, branch_field
from organisation.serializers import PersonField, StrictSerializer
from staff import report_reading as reading
from staff.models import QUESTIONS, Layer, MicroReport, Realm, ReportStatus, Swap, Tone, Turn


class TurnSerializer(serializers.Serializer[Turn]):
    """A week of a branch; `report` is null while nothing is written."""

    id = serializers.IntegerField()
    branch = serializers.CharField(source="branch.code")
    monday = serializers.DateField()
    publish_at = serializers.DateTimeField()
    report = serializers.SerializerMethodField()

    def get_report(self, row: Turn) -> int | None:
        found = getattr(row, "report", None)
        return found.pk if found else None


class MicroReportSerializer(serializers.Serializer[MicroReport]):
    """As colleagues read it: names are masked."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    turn = serializers.IntegerField(source="turn_id")
    branch = serializers.CharField(source="branch.code")
    monday = serializers.DateField(source="turn.monday")
    status = serializers.ChoiceField(ReportStatus.choices)
    version = serializers.IntegerField()
    title = serializers.CharField()
    story = serializers.CharField()
    tone = serializers.ChoiceField(Tone.choices)
    layer = serializers.ChoiceField(Layer.choices)
    realm = serializers.ChoiceField(Realm.choices)
    published_at = serializers.DateTimeField(allow_null=True)
    is_late = serializers.BooleanField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal_reason = serializers.CharField(allow_blank=True)


class ReportQuestionSerializer(StrictSerializer):
    text = serializers.CharField(max_length=300)
    right = serializers.CharField(max_length=200)
    wrong = serializers.CharField(max_length=200)
    wrong_too = serializers.CharField(max_length=200)


class StorySerializer(VersionedSerializer):
    """`about` is the number of the complaint or the work order that it tells of, if any."""

    title = serializers.CharField(max_length=120)
    story = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    tone = serializers.ChoiceField(Tone.choices)
    layer = serializers.ChoiceField(Layer.choices)
    realm = serializers.ChoiceField(Realm.choices)
    about = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    hidden_names = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=50, default=list
    )
    names_colleagues = serializers.BooleanField(required=False, default=False)
    questions = ReportQuestionSerializer(many=True, required=False, default=list)


class ReturnStorySerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=1000)


class WeekSwapSerializer(serializers.Serializer[Swap]):
    """`is_agreed` is null until the other branch answers."""

    id = serializers.IntegerField()
    turn = serializers.IntegerField(source="turn_id")
    other = serializers.IntegerField(source="other_id")
    reason = serializers.CharField()
    is_agreed = serializers.BooleanField(allow_null=True)


class AskSwapSerializer(StrictSerializer):
    """`week`: any day of the week to change with."""

    week = serializers.DateField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class AnswerSwapSerializer(StrictSerializer):
    is_agreed = serializers.BooleanField()


class HandOnSerializer(StrictSerializer):
    """Who writes instead; null is refused, since no week is left empty."""

    branch = branch_field(allow_null=True)


class MorningMeetingSerializer(StrictSerializer):
    branch = branch_field()
    held_on = serializers.DateField()
    attendees = serializers.ListField(child=PersonField(), allow_empty=False, max_length=500)


class DrawPeopleSerializer(StrictSerializer):
    per_branch = serializers.IntegerField(required=False, min_value=1, max_value=500)


class AwarenessAnswersSerializer(StrictSerializer):
    """`answers` by the person, as texts in order; `marks` of a phone call, true where right."""

    answers = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=QUESTIONS
    )
    marks = serializers.ListField(
        child=serializers.BooleanField(), required=False, max_length=QUESTIONS
    )


class AwareSerializer(serializers.Serializer[Any]):
    is_aware = serializers.BooleanField()


class AwareShareSerializer(serializers.Serializer[reading.Share]):
    """k of n; value and Wilson's interval in 0…1, null where nobody answered."""

    k = serializers.IntegerField()
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class KnownSerializer(serializers.Serializer[reading.Known]):
    """A branch: the fair rate and the expected place by F-13."""

    branch = serializers.CharField(source="branch.code")
    drawn = serializers.IntegerField()
    share = AwareShareSerializer()
    fair = serializers.FloatField(allow_null=True)
    place = serializers.FloatField(allow_null=True)


class AwarenessSerializer(serializers.Serializer[Any]):
    total = AwareShareSerializer()
    branches = KnownSerializer(many=True)
