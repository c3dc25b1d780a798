"""A ranking as the API shows it. Shares are 0…1, intervals 95 % (Wilson), null without a case."""

from typing import Any

from rest_framework import serializers

from organisation.models import Level
from organisation.serializers import CodedSerializer


class CountsSerializer(serializers.Serializer[Any]):
    """Clocks of one milestone by verdict."""

    met = serializers.IntegerField()
    breached = serializers.IntegerField()
    running = serializers.IntegerField()
    void = serializers.IntegerField()
    waived = serializers.IntegerField()
    unreached = serializers.IntegerField()


class TimersSerializer(serializers.Serializer[Any]):
    """The clocks that fell due in the period, for whoever owned them then."""

    apology = CountsSerializer()
    result = CountsSerializer()
    work_order = CountsSerializer()
    callback = CountsSerializer()


class ShareSerializer(serializers.Serializer[Any]):
    """`met` of `n`."""

    met = serializers.IntegerField()
    n = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class SharesSerializer(serializers.Serializer[Any]):
    """On-time share, met / (met + breached), of each milestone."""

    apology = ShareSerializer()
    result = ShareSerializer()
    work_order = ShareSerializer()
    callback = ShareSerializer()


class FiguresSerializer(serializers.Serializer[Any]):
    """What is counted for a place and for the company."""

    complaints = serializers.IntegerField(help_text="Received in the period.")
    valid = serializers.IntegerField(help_text="Of these neither invalid nor merged.")
    complaints_by_verdict = CountsSerializer(help_text="Complaints with such a clock.")
    timers = TimersSerializer()
    shares = SharesSerializer()
    pooled = ShareSerializer(help_text="All four milestones in one.")
    all_four = ShareSerializer(
        help_text="Complaints whose four first clocks are all met, of those with all four decided."
    )


class RankingRowSerializer(FiguresSerializer):
    """One branch or region."""

    branch = CodedSerializer(help_text="By the name of that time.")
    rank = serializers.IntegerField(
        allow_null=True, help_text="Ties share a rank; null with fewer than ten decided clocks."
    )
    is_tied = serializers.BooleanField()
    previous_rank = serializers.IntegerField(allow_null=True)
    is_change_shown = serializers.BooleanField(
        help_text="Whether the share differs from the period before by more than chance."
    )
    score = serializers.FloatField(allow_null=True, help_text="100 × the pooled share.")
    conclusion = serializers.ChoiceField(
        ["above", "below", "none"],
        allow_null=True,
        help_text="Whether the interval leaves the company's share out; null without a rank.",
    )
    is_small_sample = serializers.BooleanField(help_text="Fewer than 30 decided clocks.")


class CauseSerializer(serializers.Serializer[Any]):
    """Valid complaints of a category; the code is empty for those without one."""

    code = serializers.CharField()
    name = serializers.CharField()
    complaints = serializers.IntegerField()


class CompanySerializer(FiguresSerializer):
    """The company as a whole."""

    satisfied = ShareSerializer(help_text="Of the customers reached by a callback.")
    unanswered_calls = serializers.IntegerField()
    causes = CauseSerializer(many=True)


class RankingSerializer(serializers.Serializer[Any]):
    """A period that is not closed yet is computed, with `frozen_at` null."""

    period = serializers.CharField(source="period.key")
    level = serializers.ChoiceField([Level.BRANCH, Level.REGION])
    starts_at = serializers.DateTimeField(source="period.start")
    ends_at = serializers.DateTimeField(source="period.end")
    frozen_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(
        help_text="1 as first frozen, then one more for each late correction; 0 if not closed."
    )
    formula = serializers.CharField()
    company = CompanySerializer()
    rows = RankingRowSerializer(many=True)
