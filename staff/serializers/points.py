"""Points and thanks as the API reads and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisation.access import branches
from organisation.models.branch import in_language
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff import thanks_reading
from staff.actions import points
from staff.actions.thanks import LONGEST
from staff.models import (
    CapPeriod,
    PointRuleRevision,
    SourceKind,
    Thanks,
    Trigger,
    entry_label,
)


class PointBalanceSerializer(serializers.Serializer[Any]):
    """`is_shown`: whether the caller's name may stand on leaderboards."""

    balance = serializers.IntegerField()
    is_shown = serializers.BooleanField()


class ShownOnBoardsSerializer(StrictSerializer):
    is_shown = serializers.BooleanField()


class PointEntrySerializer(serializers.Serializer[Any]):
    """One line of the ledger; `reverses` is the id of the entry that it takes or gives back.

    `cites`: the rule of the company that it follows.
    """

    id = serializers.IntegerField(source="pk")
    points = serializers.IntegerField()
    rule = serializers.CharField(source="rule__code", allow_null=True)
    what = serializers.SerializerMethodField()
    cites = serializers.SerializerMethodField()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # hides the library's own
        SourceKind.choices, source="source_kind"
    )
    branch = serializers.SerializerMethodField()
    evidence = serializers.CharField()
    reason = serializers.CharField()
    earned_on = serializers.DateField()
    at = serializers.DateTimeField()
    by = serializers.SerializerMethodField()
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)

    def get_what(self, row: Any) -> str:
        rule = in_language(row.revision__name or "", row.revision__name_en or "")
        return entry_label(rule, row.source_kind, row.reverses_id)

    def get_cites(self, row: Any) -> str:
        return row.revision__cites or ""

    @extend_schema_field(CodedSerializer)
    def get_branch(self, row: Any) -> dict[str, str]:
        return {"code": row.branch__code, "name": row.branch__name}

    @extend_schema_field(PersonReferenceSerializer(allow_null=True))
    def get_by(self, row: Any) -> dict[str, Any] | None:
        return {"id": row.by_id, "name": row.by__name} if row.by_id else None


class BoardPlaceSerializer(serializers.Serializer[Any]):
    """One place of the leaderboard; equal points share a place."""

    place = serializers.IntegerField()
    person = serializers.SerializerMethodField()
    branch = serializers.CharField(source="branch_label")
    points = serializers.IntegerField()

    @extend_schema_field(PersonReferenceSerializer)
    def get_person(self, row: Any) -> dict[str, Any]:
        return {"id": row.person_id, "name": row.name}


class PointRuleSerializer(serializers.Serializer[PointRuleRevision]):
    """A rule as it is now. `points` below zero are taken off; `cap` null: no limit."""

    code = serializers.CharField(source="rule.code")
    trigger = serializers.ChoiceField(Trigger.choices, source="rule.trigger")
    number = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    points = serializers.IntegerField()
    cap = serializers.IntegerField(allow_null=True)
    cap_period = serializers.ChoiceField(CapPeriod.choices)
    needs_evidence = serializers.BooleanField()
    cites = serializers.CharField()
    is_on = serializers.BooleanField()


class GivePointsSerializer(StrictSerializer):
    """`rule` by its code; `evidence` is the number of a complaint or work order."""

    person = PersonField()
    branch = CodeField(lambda person: branches(person, points.GIVE))
    rule = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=500)
    evidence = serializers.CharField(max_length=40, required=False, allow_blank=True)


class TakePointsBackSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=500)


class ThanksSerializer(serializers.Serializer[Thanks]):
    """Whom a customer thanked. `customer` is masked."""

    id = serializers.IntegerField()
    person = PersonReferenceSerializer()
    branch = CodedSerializer()
    words = serializers.CharField()
    is_best = serializers.BooleanField()
    customer = serializers.SerializerMethodField()
    at = serializers.DateTimeField()

    def get_customer(self, row: Thanks) -> str:
        return thanks_reading.customer_of(row)


class NoteThanksSerializer(StrictSerializer):
    """From a survey's answer or from a callback: one of the two, by id."""

    answer = serializers.IntegerField(required=False, min_value=1)
    callback = serializers.IntegerField(required=False, min_value=1)
    person = PersonField()
    words = serializers.CharField(max_length=LONGEST)
