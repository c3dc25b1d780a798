"""Rewards, redemptions and the award fund as the API reads and shows them. Amounts are in yuan."""

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import VersionedSerializer
from organisation.serializers import CodedSerializer, PersonReferenceSerializer, StrictSerializer
from staff.actions import fund
from staff.actions.rewards import MOST
from staff.models import Redemption, RedemptionStatus, Reward


def amount(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, **kwargs)


def cost(**kwargs: Any) -> serializers.DecimalField:
    """What a reward or a prize takes from the award fund, as it is typed in."""
    return serializers.DecimalField(
        max_digits=10, decimal_places=2, min_value=fund.NOTHING, max_value=fund.DEAREST, **kwargs
    )


class RewardSerializer(serializers.Serializer[Reward]):
    """`points` is the price, `stock` what nobody has asked for yet."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    words = serializers.CharField()
    points = serializers.IntegerField()
    cost = amount()
    stock = serializers.IntegerField()
    is_active = serializers.BooleanField()


class RewardBodySerializer(StrictSerializer):
    """`pieces` come to the stock, below zero go out of it."""

    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    words = serializers.CharField(max_length=300, required=False, allow_blank=True)
    points = serializers.IntegerField(min_value=1, max_value=MOST)
    cost = cost()
    pieces = serializers.IntegerField(required=False, min_value=-MOST, max_value=MOST)
    is_active = serializers.BooleanField(required=False)


class RewardChangeSerializer(RewardBodySerializer):
    """What is left out stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, partial=True, **kwargs)


class RewardReferenceSerializer(serializers.Serializer[Reward]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()


class RedemptionSerializer(serializers.Serializer[Redemption]):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(RedemptionStatus.choices)
    person = PersonReferenceSerializer()
    branch = CodedSerializer()
    reward = RewardReferenceSerializer()
    points = serializers.IntegerField()
    cost = amount()
    asked_at = serializers.DateTimeField()
    decided_by = PersonReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    handed_over_by = PersonReferenceSerializer(allow_null=True)
    handed_over_at = serializers.DateTimeField(allow_null=True)


class AskForRewardSerializer(StrictSerializer):
    """`reward` by id; `price` is the one that was shown: another one by now is 409 stale."""

    reward = serializers.PrimaryKeyRelatedField(queryset=Reward.objects.all())
    price = serializers.IntegerField(required=False, min_value=1)


class RefuseRedemptionSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=500)


class FundSerializer(serializers.Serializer[Any]):
    """One quarter of the award fund; `spent` by what it went for."""

    period = serializers.CharField()
    budget = amount()
    spent = serializers.DictField(child=amount())
    remaining = amount()


class FundBudgetSerializer(StrictSerializer):
    """What may be spent in a quarter."""

    period = serializers.CharField(max_length=7)
    budget = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=fund.NOTHING, max_value=fund.MOST
    )
