"""The results of a survey as the API shows them: the figures of the page, all of them."""

from typing import Any

from rest_framework import serializers

from surveys.models import Leg, Moment


class FigureSerializer(serializers.Serializer[Any]):
    """Shares are 0…1, the net promoter score −100…100; hidden ones are null (fewer than five)."""

    name = serializers.ChoiceField(["csat", "nps", "ces"])
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    n = serializers.SerializerMethodField(help_text="Who answered; null where it is hidden.")
    is_hidden = serializers.BooleanField()

    def get_n(self, row: Any) -> int | None:
        return None if row.is_hidden else row.n


class ChangeSerializer(serializers.Serializer[Any]):
    """Against the period before, in the unit of the figure."""

    difference = serializers.FloatField(allow_null=True)
    is_detectable = serializers.BooleanField(help_text="Whether it is more than chance.")


class HeadlineSerializer(serializers.Serializer[Any]):
    question = serializers.CharField(source="question.key")
    text = serializers.CharField(source="question")
    figure = FigureSerializer()
    before = FigureSerializer(allow_null=True)
    change = ChangeSerializer(allow_null=True)


class SliceSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(source="label")
    n = serializers.IntegerField()
    share = serializers.FloatField()


class DetailSerializer(serializers.Serializer[Any]):
    """A question, or one item of it."""

    question = serializers.CharField(source="question.key")
    text = serializers.CharField(source="label")
    n = serializers.IntegerField()
    figure = FigureSerializer(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    slices = SliceSerializer(many=True)


class BreakdownLineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField(source="label")
    responses = serializers.SerializerMethodField(help_text="Null where they are fewer than five.")
    figures = FigureSerializer(many=True, help_text="In the order of the headlines.")

    def get_responses(self, row: Any) -> int | None:
        return None if row.is_hidden else row.responses


class BreakdownSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    lines = BreakdownLineSerializer(many=True)


class GroupSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    text = serializers.CharField(source="label")
    figure = FigureSerializer()


class ResultsSerializer(serializers.Serializer[Any]):
    """What the person sees of the survey: responses of their branches."""

    responses = serializers.SerializerMethodField(
        help_text="Complete ones; null where an anonymous survey has fewer than five."
    )
    headlines = HeadlineSerializer(many=True)
    weighted = FigureSerializer(allow_null=True, help_text="Satisfaction weighted by tier.")
    details = DetailSerializer(many=True)
    tables = BreakdownSerializer(many=True)
    trend = BreakdownSerializer()
    groups = GroupSerializer(many=True)

    def get_responses(self, row: Any) -> int | None:
        return None if row.is_too_few else row.responses


class StopSerializer(serializers.Serializer[Any]):
    """0…100 on the scales of the answers; null where fewer than five answered."""

    name = serializers.CharField(source="touchpoint.name")
    name_en = serializers.CharField(source="touchpoint.name_en")
    moment = serializers.ChoiceField(Moment.choices, source="touchpoint.moment")
    weight = serializers.IntegerField(source="touchpoint.weight")
    n = serializers.SerializerMethodField(help_text="Answers; null where it is hidden.")
    experience = serializers.FloatField(allow_null=True)
    expectation = serializers.FloatField(allow_null=True)
    gap = serializers.FloatField(allow_null=True)
    low_answers = serializers.IntegerField(source="low", allow_null=True)
    complaints = serializers.IntegerField(help_text="Valid ones of its categories.")

    def get_n(self, row: Any) -> int | None:
        return None if row.experience is None and row.n else row.n


class StageSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(Leg.choices, source="leg")
    experience = serializers.FloatField(allow_null=True)
    touchpoints = StopSerializer(source="stops", many=True)


class JourneySerializer(serializers.Serializer[Any]):
    """The seven stages in their order; the experience of the whole weighs its touchpoints."""

    experience = serializers.FloatField(allow_null=True)
    stages = StageSerializer(many=True)
