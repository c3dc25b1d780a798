"""Recoveries, challenges and delay cost as the API reads and shows them. Amounts are in yuan."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from complaints.actions.recoveries import MOST_AT_ONCE
from complaints.delay_cost import HOUR
from complaints.models import (
    Challenge,
    ChallengeAbout,
    ChallengeOutcome,
    Milestone,
    Recovery,
    RecoveryKind,
    RecoveryOffer,
    RecoveryStatus,
    Timer,
)
from complaints.serializers.fields import VersionedSerializer, category_field
from organisation.models import Role
from organisation.serializers import CodedSerializer, PersonReferenceSerializer, StrictSerializer


def amount(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=10, decimal_places=2, min_value=Decimal(0), **kwargs)


def plain_amount(**kwargs: Any) -> serializers.DecimalField:
    """A sum: it may be longer than one amount."""
    return serializers.DecimalField(max_digits=16, decimal_places=2, **kwargs)


class OfferSerializer(serializers.Serializer[RecoveryOffer]):
    """What may be offered; `unit_value` null: the amount is entered each time."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.ChoiceField(RecoveryKind.choices)
    unit_value = amount(allow_null=True)
    category = serializers.CharField(source="category.code", allow_null=True)
    active = serializers.BooleanField(source="is_active")


class OfferBodySerializer(StrictSerializer):
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    kind = serializers.ChoiceField(RecoveryKind.choices)
    unit_value = amount(required=False, allow_null=True)
    category = category_field(required=False, allow_null=True)


class OfferChangeSerializer(OfferBodySerializer):
    """What is left out stays as it is."""

    active = serializers.BooleanField(source="is_active", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, partial=True, **kwargs)


class LimitSerializer(StrictSerializer):
    """Up to which amount a role gives without asking; null: without a bound."""

    role = serializers.ChoiceField(Role.choices)
    amount = amount(allow_null=True)


class LimitsSerializer(StrictSerializer):
    """The whole table; a role that is not named always asks."""

    limits = LimitSerializer(many=True)


class RecoverySerializer(serializers.Serializer[Recovery]):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(RecoveryStatus.choices)
    offer = OfferSerializer()
    quantity = serializers.IntegerField()
    amount = amount()
    words = serializers.CharField()
    branch = CodedSerializer(help_text="Who bears it.")
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()
    granted_at = serializers.DateTimeField(allow_null=True)
    decided_by = PersonReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField()
    cancelled_by = PersonReferenceSerializer(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancel_reason = serializers.CharField()


class GivenSerializer(RecoverySerializer):
    """A recovery that the customer has, with the number of its complaint."""

    complaint = serializers.CharField(source="complaint.number")


class GiveSerializer(StrictSerializer):
    """`offer` by id; `amount` only for one without a fixed value."""

    offer = serializers.PrimaryKeyRelatedField(queryset=RecoveryOffer.objects.all())
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=MOST_AT_ONCE)
    amount = amount(required=False, allow_null=True)
    words = serializers.CharField(max_length=2000)


class RecoveryTotalSerializer(serializers.Serializer[Any]):
    """What a branch gave in the month."""

    branch = CodedSerializer()
    recoveries = serializers.IntegerField()
    complaints = serializers.IntegerField()
    amount = plain_amount()
    by_kind = serializers.DictField(child=plain_amount())


class DelayCostSerializer(serializers.Serializer[Any]):
    """The delay of the complaints that a branch received in the month."""

    branch = CodedSerializer()
    complaints = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Of these without a result: they count until now.")
    up_to_24_hours = serializers.IntegerField(source="by_units.first")
    up_to_72_hours = serializers.IntegerField(source="by_units.second")
    later = serializers.IntegerField(source="by_units.third")
    units = serializers.IntegerField()
    avoidable = serializers.IntegerField()


class DelayedSerializer(serializers.Serializer[Any]):
    """One complaint of a sum."""

    number = serializers.CharField()
    branch = CodedSerializer()
    received_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    hours = serializers.SerializerMethodField()
    units = serializers.IntegerField()

    def get_hours(self, row: Any) -> float:
        return round(float(row.elapsed / HOUR), 2)


class PriceSerializer(StrictSerializer):
    """What one unit costs; null: figures are in units only."""

    amount = amount(allow_null=True)


class ClockReferenceSerializer(serializers.Serializer[Timer]):
    milestone = serializers.ChoiceField(Milestone.choices, source="kind")
    cycle = serializers.IntegerField()


class ChallengeSerializer(serializers.Serializer[Challenge]):
    """`timer` names the clock whose verdict is challenged."""

    id = serializers.IntegerField()
    number = serializers.IntegerField(source="sequence")
    about = serializers.ChoiceField(ChallengeAbout.choices)
    timer = ClockReferenceSerializer(allow_null=True)
    words = serializers.CharField()
    branch = CodedSerializer(help_text="The unit that has to answer.")
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()
    outcome = serializers.CharField()
    answer = serializers.CharField()
    answered_by = PersonReferenceSerializer(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)


class ChallengeBodySerializer(VersionedSerializer):
    """Without `milestone` the result is challenged; with it the verdict of a clock of `cycle`."""

    milestone = serializers.ChoiceField(Milestone.choices, required=False)
    cycle = serializers.IntegerField(required=False, min_value=1, max_value=99)
    words = serializers.CharField(max_length=5000)


class ChallengeAnswerSerializer(VersionedSerializer):
    outcome = serializers.ChoiceField(ChallengeOutcome.choices)
    words = serializers.CharField(max_length=5000)
