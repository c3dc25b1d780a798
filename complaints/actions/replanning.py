"""Planning clocks anew: after a pause, a corrected receipt, a changed policy.

Always from the start and with all pauses, so that nothing is counted twice or forgotten.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from complaints.actions import policies
from complaints.actions.policies import Rule
from complaints.models import Complaint, Event, Milestone, Status, Timer, TimerState
from csm.kit import worktime

PLANNED = (
    "revision",
    "state",
    "paused_at",
    "paused_until",
    "started_at",
    "due_at",
    "fire_at",
    "next_fire_at",
    "verdict_branch",
    "paused_seconds",
)
Span = tuple[datetime, datetime]


def replan(
    timers: QuerySet[Timer], *, start: datetime | None = None, rule: Rule | None = None
) -> list[dict[str, object]]:
    """Write deadline, ladder and verdict branch of these clocks as they follow from the facts.

    `start` moves their beginning, `rule` takes the place of the rule that they were made from.
    Gives, for the time line, what moved: `timer`, `due_before`, `due_after` (ISO 8601). Imported
    history has no rule and is left alone.
    """
    rows, rules = loaded(timers), dict[int, Rule]()
    moved = []
    for timer in rows:
        before = timer.due_at
        plan(timer, rule or _rule(timer, rules), start=start or timer.started_at)
        moved.append(shift(timer, before))
    Timer.objects.bulk_update(rows, PLANNED, batch_size=500)
    return moved


def loaded(timers: QuerySet[Timer]) -> list[Timer]:
    """The clocks with all that planning looks at; `fired` are the events of their steps."""
    told = Event.objects.filter(step__isnull=False).select_related("step")
    return list(
        timers.exclude(revision=None)
        .select_related("complaint")
        .prefetch_related(
            "pauses", Prefetch("events", told, to_attr="fired"), "complaint__hand_overs"
        )
    )


def _rule(timer: Timer, rules: dict[int, Rule]) -> Rule:
    revision = timer.revision_id or 0
    if revision not in rules:
        rules[revision] = policies.load(timer.revision)  # type: ignore[arg-type]
    return rules[revision]


def plan(timer: Timer, rule: Rule, *, start: datetime) -> None:
    """Set on the row, without writing it, what follows from its start, pauses and hand-overs."""
    spans = pause_spans(timer)
    found = rule.plan(timer.kind, start, spans)
    timer.revision_id, timer.started_at = found.revision_id, start
    timer.due_at, timer.fire_at = found.due_at, found.fire_at
    if timer.paused_at is not None and timer.due_at <= timer.paused_at:
        # It was overdue before the pause began, as we know by now: such a clock does not wait.
        timer.state, timer.paused_at, timer.paused_until = TimerState.RUNNING, None, None
    timer.next_fire_at = next_fire(timer)
    timer.paused_seconds = int(_paused(timer, rule).total_seconds())
    if timer.complaint is not None:
        timer.verdict_branch_id = _owner_when_decided(timer, timer.complaint)


def shift(timer: Timer, before: datetime) -> dict[str, object]:
    """What moved, as events keep it."""
    return {
        "timer": timer.pk,
        "due_before": before.isoformat(),
        "due_after": timer.due_at.isoformat(),
    }


def pause_spans(timer: Timer) -> list[Span]:
    """From when to when the clock waited, in order; one that still lasts, to its planned end."""
    return list(_spans(timer, (pause.ended_at or pause.until_at for pause in timer.pauses.all())))


def _spans(timer: Timer, ends: Iterable[datetime]) -> Iterable[Span]:
    for pause, end in zip(timer.pauses.all(), ends, strict=True):
        until = min(end, timer.met_at) if timer.met_at else end
        if pause.started_at < until:
            yield pause.started_at, until


def _paused(timer: Timer, rule: Rule) -> timedelta:
    """Counted time of the pauses that are over and moved the deadline: none after the breach."""
    over = timer.state != TimerState.PAUSED
    ends = (
        pause.ended_at or (pause.until_at if over else pause.started_at)
        for pause in timer.pauses.all()
    )
    spans = (span for span in _spans(timer, ends) if span[0] < timer.due_at)
    return sum((worktime.between(*span, rule.calendar) for span in spans), timedelta())


def next_fire(timer: Timer) -> datetime | None:
    """When the ladder speaks next: never while paused, in doubt, set aside, or of an old cycle."""
    complaint = timer.complaint
    if timer.state != TimerState.RUNNING or timer.quarantined_at is not None:
        return None
    if complaint is not None and (
        timer.cycle != complaint.cycle or complaint.status == Status.INVALID_PROPOSED
    ):
        return None
    fired = {
        event.step.position
        for event in timer.fired  # type: ignore[attr-defined]
        if event.step.revision_id == timer.revision_id
    }
    waiting = (at for place, at in enumerate(timer.fire_at) if place not in fired)
    return min(waiting, default=None)


def _owner_when_decided(timer: Timer, complaint: Complaint) -> int:
    """Whose verdict it is: the owner at least(coalesce(met_at, due_at), due_at) (rule 3).

    A hand-over in the very moment of the deadline comes too late; a correction of the responsible
    branch never does.
    """
    decided = min(timer.met_at or timer.due_at, timer.due_at)

    def is_before(at: datetime) -> bool:
        return at <= decided and at < timer.due_at

    if timer.kind == Milestone.CALLBACK:
        if complaint.triaged_at is not None and is_before(complaint.triaged_at):
            return complaint.issuing_branch_id or complaint.branch_id
        return complaint.intake_branch_id
    rows = complaint.hand_overs.all()
    owners = [row.to_branch_id for row in rows if is_before(row.at)]
    owner = owners[-1] if owners else complaint.intake_branch_id
    for row in rows:
        if row.is_correction and row.from_branch_id == owner:
            owner = row.to_branch_id
    return owner
