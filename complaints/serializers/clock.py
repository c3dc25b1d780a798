"""A clock explained, as the API shows it: spans, events, steps, and whose verdict it is."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import explanation
from complaints.clock_histories import ENDS, Happening, History, Rung
from complaints.models import TimerKind, TimerState, Verdict
from organisation.serializers import CodedSerializer, PersonReferenceSerializer

CAUSES = (
    explanation.ALWAYS,
    explanation.OPEN,
    explanation.MAKE_UP,
    explanation.CUSTOMER,
    explanation.NIGHT,
    explanation.DAY_OFF,
    explanation.HOLIDAY,
)
STEP_STATES = (
    explanation.FIRED,
    explanation.SUPERSEDED,
    explanation.COMING,
    explanation.DUE,
    explanation.SILENT,
)
WHY = (
    explanation.TAKEN_IN,
    explanation.HANDED_OVER,
    explanation.ISSUING,
    explanation.AS_WRITTEN,
)


class SpanSerializer(serializers.Serializer[Any]):
    """Time of one kind. `seconds` of all spans sum up to `elapsed_seconds` of the clock."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    seconds = serializers.IntegerField()
    kind = serializers.ChoiceField(explanation.KINDS)
    cause = serializers.ChoiceField(CAUSES)
    name = serializers.CharField(help_text="Of the holiday or make-up day.")
    late = serializers.BooleanField(help_text="Counted after the deadline.")
    reason = serializers.CharField(help_text="What the clock waited for.")
    by = serializers.CharField(help_text="Who let it wait.")


class HappeningSerializer(serializers.Serializer[Happening]):
    """An event that the clock felt; the deadlines are null where it moved none."""

    kind = serializers.CharField(source="event.kind")
    at = serializers.DateTimeField(source="event.at")
    by = PersonReferenceSerializer(source="event.by", allow_null=True)
    due_before = serializers.DateTimeField(allow_null=True)
    due_after = serializers.DateTimeField(allow_null=True)
    words = serializers.SerializerMethodField(help_text="In the caller's language.")

    def get_words(self, happening: Happening) -> str:
        return happening.entry.what


class RungSerializer(serializers.Serializer[Rung]):
    """A step of the ladder: its moment, and what became of it."""

    percent = serializers.IntegerField(source="step.percent", allow_null=True)
    after_seconds = serializers.SerializerMethodField(help_text="After the deadline.")
    roles = serializers.ListField(child=serializers.CharField(), source="step.roles")
    at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(STEP_STATES, source="state")
    told_at = serializers.DateTimeField(source="event.at", allow_null=True, default=None)

    def get_after_seconds(self, rung: Rung) -> int | None:
        after = rung.step.after
        return None if after is None else int(after.total_seconds())


class WhoseSerializer(serializers.Serializer[explanation.Whose]):
    """Why the verdict is this branch's: who had the clock at `decided_at`."""

    why = serializers.ChoiceField(WHY)
    decided_at = serializers.DateTimeField()
    since = serializers.DateTimeField(allow_null=True)
    later = serializers.DateTimeField(allow_null=True, help_text="Handed on, too late.")


class ClockSerializer(serializers.Serializer[History]):
    """One clock of one cycle, or of a returned order (`rework`), explained.

    counted + waited + closed = elapsed, in whole seconds. `ended_by` says what `ended_at` is; for
    a clock that goes on it is the moment of the call. `reckoned_at` is the deadline that today's
    calendar, target and pauses would give; the verdict goes by `due_at`.
    """

    kind = serializers.ChoiceField(TimerKind.choices, source="timer.kind")
    cycle = serializers.IntegerField(source="timer.cycle")
    state = serializers.ChoiceField(TimerState.choices, source="timer.state")
    verdict = serializers.ChoiceField(Verdict.choices, source="timer.verdict")
    verdict_branch = CodedSerializer(source="timer.verdict_branch")
    verdict_reason = WhoseSerializer(source="whose")
    target_seconds = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(source="timer.started_at")
    due_at = serializers.DateTimeField(source="timer.due_at")
    reckoned_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(source="course.end")
    ended_by = serializers.ChoiceField(ENDS)
    counted_seconds = serializers.SerializerMethodField()
    waited_seconds = serializers.SerializerMethodField()
    closed_seconds = serializers.SerializerMethodField()
    elapsed_seconds = serializers.SerializerMethodField()
    spans = serializers.SerializerMethodField()
    events = HappeningSerializer(source="happenings", many=True)
    steps = RungSerializer(source="rungs", many=True)

    def get_target_seconds(self, history: History) -> int | None:
        return None if history.target is None else int(history.target.total_seconds())

    def get_counted_seconds(self, history: History) -> int:
        return _sums(history)[explanation.COUNTED]

    def get_waited_seconds(self, history: History) -> int:
        return _sums(history)[explanation.WAITED]

    def get_closed_seconds(self, history: History) -> int:
        return _sums(history)[explanation.CLOSED]

    def get_elapsed_seconds(self, history: History) -> int:
        return sum(_sums(history).values())

    @extend_schema_field(SpanSerializer(many=True))
    def get_spans(self, history: History) -> list[dict[str, Any]]:
        course = history.course
        lengths = course.lengths(explanation.SECOND)
        rows = [
            {
                "start": span.start,
                "end": span.end,
                "seconds": seconds,
                "kind": span.kind,
                "cause": span.cause,
                "name": span.name,
                "late": span.is_late,
                "reason": span.wait.reason if span.wait else "",
                "by": span.wait.by if span.wait else "",
            }
            for span, seconds in zip(course.spans, lengths, strict=True)
        ]
        return list(SpanSerializer(rows, many=True).data)


def _sums(history: History) -> dict[str, int]:
    return history.course.sums(explanation.SECOND)
