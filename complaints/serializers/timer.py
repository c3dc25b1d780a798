"""The four clocks as the API shows them."""

from rest_framework import serializers

from complaints.models import Milestone, Timer, TimerState, Verdict
from organisation.serializers import CodedSerializer


class TimerSerializer(serializers.Serializer[Timer]):
    """One clock of one cycle. `verdict` was told by the database for the moment of the call."""

    milestone = serializers.ChoiceField(Milestone.choices, source="kind")
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(TimerState.choices)
    verdict = serializers.ChoiceField(Verdict.choices)
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    owner_branch = CodedSerializer()
    paused_seconds = serializers.IntegerField()
