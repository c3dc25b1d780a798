"""A ranking as the API shows it. Shares are 0…1, intervals 95 % (Wilson), null without a case."""

from typing import Any

from rest_framework import serializers

from organisation.models import Level
from organisation.serializers import CodedSerializer, StrictSerializer
from reports.rankings import BARRIERS


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


class PartSerializer(serializers.Serializer[Any]):
    """One part of the composite: a share of 0…1, or complaints per 10,000 shipments."""

    hits = serializers.IntegerField(help_text="Of a rate the complaints.")
    n = serializers.FloatField(help_text="Cases; of a rate the shipments.")
    is_enough = serializers.BooleanField(help_text="Whether the least number of cases is reached.")
    is_small_sample = serializers.BooleanField(help_text="Fewer than 30 cases.")
    raw = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    value = serializers.FloatField(
        allow_null=True, help_text="Drawn towards the company's figure, the more the fewer cases."
    )
    value_low = serializers.FloatField(allow_null=True)
    value_high = serializers.FloatField(allow_null=True)
    expected_rank = serializers.FloatField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True, help_text="By the expected rank.")
    is_tied = serializers.BooleanField()
    previous_rank = serializers.IntegerField(allow_null=True)
    is_change_shown = serializers.BooleanField()
    band = serializers.ChoiceField(
        ["inside", "better_warn", "better_alarm", "worse_warn", "worse_alarm"],
        allow_null=True,
        help_text="In the funnel: beyond 95 % (warn) or 99.8 % (alarm) of chance.",
    )
    conclusion = serializers.ChoiceField(["above", "below", "none"], allow_null=True)
    score = serializers.FloatField(allow_null=True, help_text="0 at the floor, 100 at the target.")
    weight = serializers.IntegerField(help_text="Of the rule, in percent.")
    share = serializers.FloatField(help_text="What it weighs here, in percent of what is known.")
    points = serializers.FloatField(allow_null=True, help_text="What it adds to the score.")


class PartsSerializer(serializers.Serializer[Any]):
    """The parts by name; none in `pooled-1`."""

    csat = PartSerializer(required=False)
    callback = PartSerializer(required=False)
    on_time = PartSerializer(required=False)
    rate = PartSerializer(required=False)
    work_order = PartSerializer(required=False)
    awareness = PartSerializer(required=False)


class ComposedSerializer(FiguresSerializer):
    """Figures with the score made of the parts."""

    score = serializers.FloatField(
        allow_null=True, help_text="0…100; null behind a barrier. In pooled-1 100 × the share."
    )
    low = serializers.FloatField(allow_null=True, help_text="95 % interval of the score.")
    high = serializers.FloatField(allow_null=True)
    is_complete = serializers.BooleanField(help_text="Whether no part that weighs is missing.")
    barrier = serializers.ChoiceField(
        BARRIERS,
        help_text="Why there is no rank: no part has enough cases; customers' parts weigh less "
        "than half; few clocks in pooled-1.",
    )
    parts = PartsSerializer()


class RankingRowSerializer(ComposedSerializer):
    """One branch or region."""

    branch = CodedSerializer(help_text="By the name of that time.")
    rank = serializers.IntegerField(
        allow_null=True, help_text="Ties share a rank; null behind a barrier."
    )
    is_tied = serializers.BooleanField()
    previous_rank = serializers.IntegerField(allow_null=True)
    is_change_shown = serializers.BooleanField(
        help_text="Whether the score differs from the period before by more than chance."
    )
    conclusion = serializers.ChoiceField(
        ["above", "below", "none"],
        allow_null=True,
        help_text="Whether the interval leaves the company's score out; null without a rank.",
    )
    is_small_sample = serializers.BooleanField(
        help_text="Fewer than 30 answers of customers; in pooled-1 fewer than 30 decided clocks."
    )


class CauseSerializer(serializers.Serializer[Any]):
    """Valid complaints of a category; the code is empty for those without one."""

    code = serializers.CharField()
    name = serializers.CharField()
    complaints = serializers.IntegerField()


class RulePartSerializer(serializers.Serializer[Any]):
    """0 points at the floor, 100 at the target, in percent or per 10,000 shipments."""

    floor = serializers.FloatField()
    target = serializers.FloatField()
    weight = serializers.IntegerField()
    least = serializers.IntegerField()


class RulePartsSerializer(serializers.Serializer[Any]):
    """The parts by name."""

    csat = RulePartSerializer()
    callback = RulePartSerializer()
    on_time = RulePartSerializer()
    rate = RulePartSerializer()
    work_order = RulePartSerializer()
    awareness = RulePartSerializer()


class RankingRuleSerializer(serializers.Serializer[Any]):
    """The version of the weights by which a ranking was made."""

    number = serializers.IntegerField()
    parts = RulePartsSerializer()


class RankingRuleVersionSerializer(RankingRuleSerializer):
    """One version; it holds for periods that start after it was made."""

    created_at = serializers.DateTimeField()


class GivenRulePartSerializer(StrictSerializer):
    """0 points at the floor, 100 at the target, in percent or per 10,000 shipments."""

    weight = serializers.IntegerField(help_text="In percent; 0 leaves the part out.")
    floor = serializers.DecimalField(max_digits=8, decimal_places=2)
    target = serializers.DecimalField(max_digits=8, decimal_places=2)
    least = serializers.IntegerField(help_text="Fewer cases are a missing part.")


class GivenRulePartsSerializer(StrictSerializer):
    """Every part by name."""

    csat = GivenRulePartSerializer()
    callback = GivenRulePartSerializer()
    on_time = GivenRulePartSerializer()
    rate = GivenRulePartSerializer()
    work_order = GivenRulePartSerializer()
    awareness = GivenRulePartSerializer()


class GivenRankingRuleSerializer(StrictSerializer):
    """The next version; `seen` is the number of the one that was read."""

    seen = serializers.IntegerField(min_value=0)
    parts = GivenRulePartsSerializer()


class CompanySerializer(ComposedSerializer):
    """The company as a whole."""

    rule = RankingRuleSerializer(allow_null=True)
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
