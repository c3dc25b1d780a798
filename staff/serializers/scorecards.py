"""Scorecards as the API reads and shows them (O-21)."""

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer
from organisation.serializers import CodedSerializer, PersonReferenceSerializer, StrictSerializer
from staff.actions.card_corrections import Corrected
from staff.actions.card_schemes import SchemeLine
from staff.measures import MEASURE_CHOICES
from staff.models import (
    CardAppeal,
    CardBarrier,
    CardKind,
    CardScheme,
    Perspective,
    Scorecard,
)
from staff.scoring import Line


class CloseCardsSerializer(StrictSerializer):
    """`quarter` as 2026-Q4, over and not closed."""

    quarter = serializers.CharField(max_length=7)


class CardAppealSerializer(StrictSerializer):
    text = serializers.CharField(max_length=5000)


class CorrectedLineSerializer(StrictSerializer):
    """`value` in percent or a number; null with `n` 0 where nothing counts."""

    measure = serializers.ChoiceField(MEASURE_CHOICES)
    value = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)
    n = serializers.IntegerField(min_value=0)


class AnswerAppealSerializer(VersionedSerializer):
    """Granted means put right: `lines` are those whose figure was wrong."""

    is_granted = serializers.BooleanField()
    words = serializers.CharField(max_length=5000)
    lines = CorrectedLineSerializer(many=True, required=False)

    def said(self) -> dict[str, Any]:
        given = dict(self.validated_data)
        return given | {"lines": [Corrected(**row) for row in given.get("lines", ())]}


class SchemeLineSerializer(StrictSerializer):
    """`weight` is against the other figures of the same perspective."""

    measure = serializers.ChoiceField(MEASURE_CHOICES)
    floor = serializers.DecimalField(max_digits=8, decimal_places=2)
    target = serializers.DecimalField(max_digits=8, decimal_places=2)
    weight = serializers.IntegerField(min_value=1, max_value=100)


class ReviseSchemeSerializer(StrictSerializer):
    """Four weights in percent. `seen`: the version that was read, 0 where there is none."""

    customer = serializers.IntegerField(min_value=0, max_value=100)
    process = serializers.IntegerField(min_value=0, max_value=100)
    financial = serializers.IntegerField(min_value=0, max_value=100)
    learning = serializers.IntegerField(min_value=0, max_value=100)
    lines = SchemeLineSerializer(many=True)
    seen = serializers.IntegerField(min_value=0)

    def validate_lines(self, value: list[dict[str, Any]]) -> list[SchemeLine]:
        return list({row["measure"]: SchemeLine(**row) for row in value}.values())

    def said(self) -> dict[str, Any]:
        given = dict(self.validated_data)
        weights = {str(name): given.pop(str(name)) for name in Perspective}
        return {"weights": weights, **given}


class ShownLineSerializer(serializers.Serializer[Any]):
    measure = serializers.CharField()
    floor = serializers.FloatField()
    target = serializers.FloatField()
    weight = serializers.IntegerField()


class SchemeSerializer(serializers.Serializer[CardScheme]):
    """What counts for a post: its newest version."""

    post = serializers.CharField()
    number = serializers.IntegerField()
    customer = serializers.IntegerField()
    process = serializers.IntegerField()
    financial = serializers.IntegerField()
    learning = serializers.IntegerField()
    lines = ShownLineSerializer(many=True, source="lines.all")


class ClosedFigureSerializer(serializers.Serializer[Line]):
    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class CardLineSerializer(serializers.Serializer[Line]):
    """`value` is in percent or a number; null with `score` where nothing was to be counted.

    `was`: the figure as it was closed, where an appeal put it right.
    """

    measure = serializers.CharField(source="measure.name")
    perspective = serializers.ChoiceField(Perspective.choices)
    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    floor = serializers.FloatField()
    target = serializers.FloatField()
    weight = serializers.FloatField()
    share = serializers.FloatField()
    score = serializers.FloatField(allow_null=True)
    was = ClosedFigureSerializer(allow_null=True)


class ShownAppealSerializer(serializers.Serializer[CardAppeal]):
    status = serializers.ChoiceField(CardAppeal.Status.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = PersonReferenceSerializer(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ScorecardRowSerializer(serializers.Serializer[Scorecard]):
    """A closed card. `barrier` says why it has neither `score` nor `place`.

    `closed_score`: what it came to before an appeal put it right.
    """

    id = serializers.IntegerField(source="pk")
    quarter = serializers.CharField()
    kind = serializers.ChoiceField(CardKind.choices)
    person = PersonReferenceSerializer(allow_null=True)
    branch = CodedSerializer()
    role = serializers.CharField()
    score = serializers.FloatField(allow_null=True, source="result.ranked_score")
    closed_score = serializers.FloatField(allow_null=True, source="ranked_score")
    is_complete = serializers.BooleanField(source="result.is_complete")
    barrier = serializers.ChoiceField(
        CardBarrier.choices, allow_blank=True, source="result.barrier"
    )
    place = serializers.IntegerField(allow_null=True, source="result.place")
    of = serializers.IntegerField(allow_null=True, source="result.of")


class ScorecardSerializer(ScorecardRowSerializer):
    """With its lines, and the appeal if there is one."""

    lines = CardLineSerializer(many=True, source="shown_lines")
    appeal = ShownAppealSerializer(allow_null=True, source="shown_appeal")


class RunningCardSerializer(serializers.Serializer[Any]):
    """What a card would be now."""

    quarter = serializers.CharField()
    score = serializers.FloatField(allow_null=True, source="ranked_score")
    is_complete = serializers.BooleanField()
    barrier = serializers.ChoiceField(CardBarrier.choices, allow_blank=True)
    lines = CardLineSerializer(many=True)
