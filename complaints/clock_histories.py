"""The clocks of a complaint, each with where its time went and with all that happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q

from complaints import clock_events, clock_face, clocks, explanation, timeline
from complaints.actions import policies, replanning
from complaints.actions.policies import Rule
from complaints.explanation import Course, Owning, Wait, Whose
from complaints.models import (
    MILESTONES,
    Complaint,
    Event,
    LadderStep,
    Milestone,
    Pause,
    PolicyRevision,
    Timer,
    TimerState,
)
from complaints.timeline import Entry
from csm.kit import worktime

# What the end of a course is.
ENDS = ("met", "unreached", "waived", "void", "now")
# What ends a clock without anybody having kept the promise.
VOIDING = ("invalid_confirmed", "merged", "judged_valid")


@dataclass(frozen=True)
class Happening:
    """An event that this clock felt; the deadlines where it moved."""

    event: Event
    entry: Entry
    due_before: datetime | None = None
    due_after: datetime | None = None

    @property
    def moved(self) -> bool:
        return self.due_before != self.due_after


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: its moment, and what became of it."""

    step: LadderStep
    at: datetime
    state: str
    event: Event | None


@dataclass(frozen=True)
class History:
    """One clock, explained. `timer` carries `verdict`; `ended_by` says what `course.end` is.

    `reckoned_at` is the deadline that follows from start, target, calendar and pauses as they are
    now; None where no rule is known.
    """

    timer: Timer
    place: str
    face: clock_face.Face
    target: timedelta | None
    rule: Rule | None
    course: Course
    ended_by: str
    whose: Whose
    reckoned_at: datetime | None
    happenings: list[Happening]
    rungs: list[Rung]

    @property
    def is_as_reckoned(self) -> bool:
        return self.reckoned_at in (None, self.timer.due_at)


def histories(complaint: Complaint, *, now: datetime) -> list[History]:
    """Those that count now first, then the earlier cycles, then the rework of its orders."""
    found = _timers(complaint, now)
    events = list(timeline.events_of(complaint).order_by("at", "pk"))
    reader = _Reader(complaint, events, now)
    counting = clocks.current(row for row in found if row.kind in MILESTONES)
    first = [counting[kind] for kind in MILESTONES if kind in counting]
    others = [row for row in found if row not in first]
    return [
        *(reader.history(row, place=row.kind) for row in first),
        *(reader.history(row, place=f"{row.kind}-{row.cycle}") for row in others),
    ]


def _timers(complaint: Complaint, now: datetime) -> list[Timer]:
    of_orders = Q(work_order__links__complaint=complaint)
    pauses = Pause.objects.select_related("by")
    told = Event.objects.filter(step__isnull=False).select_related("step")
    rows = Timer.objects.filter(Q(complaint=complaint) | of_orders).distinct()
    return list(
        rows.with_verdict(now)
        .select_related("owner_branch", "owner", "verdict_branch", "waived_by")
        .select_related("revision__calendar", "revision__policy", "complaint")
        .prefetch_related(
            Prefetch("pauses", pauses), Prefetch("events", told, to_attr="fired"), "waivers"
        )
        .order_by("cycle", "pk")
    )


class _Reader:
    """What the clocks of one complaint have in common, read once."""

    def __init__(self, complaint: Complaint, events: list[Event], now: datetime) -> None:
        self.complaint = complaint
        # Of the steps of one moment, the one that spoke for the others comes last.
        self.events = sorted(events, key=lambda row: (row.at, row.kind == "step_fired"))
        self.now = now
        self.entries = timeline.entries(complaint, self.events)
        self.hand_overs = list(complaint.hand_overs.all())
        self._rules: dict[int, Rule] = {}
        self._names: dict[int, dict[date, str]] = {}

    def history(self, timer: Timer, *, place: str) -> History:
        rule = self._rule(timer.revision)
        end, ended_by = self._end(timer)
        return History(
            timer=timer,
            place=place,
            face=clocks.face(timer, now=self.now),
            target=rule.targets.get(timer.kind) if rule else None,
            rule=rule,
            course=explanation.course(
                start=timer.started_at,
                end=end,
                due_at=timer.due_at,
                calendar=rule.calendar if rule else worktime.NATURAL,
                waits=waits(timer),
                names=self._days(timer.revision),
            ),
            ended_by=ended_by,
            whose=self._whose(timer),
            reckoned_at=_reckoned(timer, rule),
            happenings=list(self._happenings(timer)),
            rungs=self._rungs(timer, rule),
        )

    def _rule(self, revision: PolicyRevision | None) -> Rule | None:
        if revision is None:
            return None
        if revision.pk not in self._rules:
            self._rules[revision.pk] = policies.load(revision)
        return self._rules[revision.pk]

    def _days(self, revision: PolicyRevision | None) -> dict[date, str]:
        """The names of the calendar's days."""
        if revision is None or revision.calendar is None:
            return {}
        calendar = revision.calendar
        if calendar.pk not in self._names:
            self._names[calendar.pk] = dict(calendar.days.values_list("on", "name"))
        return self._names[calendar.pk]

    def _end(self, timer: Timer) -> tuple[datetime, str]:
        """Until when the clock is looked at, and what that moment is."""
        if timer.met_at is not None:
            return timer.met_at, "met"
        if timer.state == TimerState.UNREACHED and timer.unreached_at is not None:
            return timer.unreached_at, "unreached"
        if timer.state == TimerState.WAIVED and timer.waived_at is not None:
            return timer.waived_at, "waived"
        if timer.state == TimerState.VOID:
            return self._voided_at(timer), "void"
        return self.now, "now"

    def _voided_at(self, timer: Timer) -> datetime:
        ends = [row.at for row in self.events if row.kind in VOIDING and row.at > timer.started_at]
        return ends[-1] if ends else self.now

    def _whose(self, timer: Timer) -> Whose:
        complaint, is_issuing = self.complaint, timer.kind == Milestone.CALLBACK
        owners = [Owning(row.at, row.to_branch_id) for row in self.hand_overs]
        if is_issuing:
            unit = complaint.issuing_branch_id or complaint.branch_id
            owners = [Owning(complaint.triaged_at, unit)] if complaint.triaged_at else []
        return explanation.whose(
            due_at=timer.due_at,
            met_at=timer.met_at,
            verdict_branch=timer.verdict_branch_id,
            first=complaint.intake_branch_id,
            owners=owners,
            is_issuing=is_issuing,
        )

    def _happenings(self, timer: Timer) -> Iterable[Happening]:
        for event, entry in zip(self.events, self.entries, strict=True):
            if clock_events.concerns(event, timer):
                yield Happening(event, entry, *clock_events.moved(event, timer))

    def _rungs(self, timer: Timer, rule: Rule | None) -> list[Rung]:
        steps = rule.steps.get(timer.kind, []) if rule else []
        told = {event.step_id: event for event in timer.fired}  # type: ignore[attr-defined]
        return [
            Rung(
                step=step,
                at=at,
                state=explanation.step_state(
                    at=at,
                    told=event.kind if event else "",
                    now=self.now,
                    speaks_next=timer.next_fire_at,
                    is_running=timer.state == TimerState.RUNNING,
                ),
                event=event,
            )
            for step, at in zip(steps, timer.fire_at, strict=False)
            for event in [told.get(step.pk)]
        ]


def waits(timer: Timer) -> list[Wait]:
    """The pauses of the clock, in order; one that lasts, to its planned end."""
    return [
        Wait(
            start=pause.started_at,
            end=pause.ended_at or pause.until_at,
            reason=pause.reason,
            by=pause.by.name if pause.by else "",
        )
        for pause in timer.pauses.all()
    ]


def _reckoned(timer: Timer, rule: Rule | None) -> datetime | None:
    if rule is None or timer.kind not in rule.targets:
        return None
    return rule.plan(timer.kind, timer.started_at, replanning.pause_spans(timer)).due_at
