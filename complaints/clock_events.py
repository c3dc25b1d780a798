"""Which events of a complaint a clock felt, and how they moved its deadline."""

from datetime import datetime
from typing import Any

from complaints.models import MILESTONES, UNFINISHED, Event, Milestone, Timer, TimerKind

# Events that say nothing about a clock.
APART = {
    *("noted", "attached", "closed", "order_drafted", "order_confirmed"),
    *("order_attached", "order_detached"),
    *("measure_done", "measure_dropped", "effect_reported"),
    *("effectiveness_decided", "improvement_requested", "order_annulled"),
    *("accountability_written", "notice_published", "notice_withdrawn"),
    *("assessment_proposed", "assessment_decided", "assessment_rejected"),
    *("assessment_appealed", "assessment_finished"),
    *("recovery_asked", "recovery_given", "recovery_approved", "recovery_declined"),
    *("recovery_cancelled", "followed", "unfollowed", "challenged", "challenge_answered"),
    *("customer_added", "customer_not_solved", "link_renewed", "link_revoked"),
    *("promises_marked", "disputed", "dispute_decided", "dispute_withdrawn"),
}
# Events that are about one kind of clock; those of an order are about the rework, too.
STOPS: dict[str, set[str]] = {
    "apologised": {Milestone.APOLOGY},
    "answered": {Milestone.RESULT},
    # The survivor of a merge speaks for the duplicate.
    "answered_with": {Milestone.RESULT},
    "called_back": {Milestone.CALLBACK},
    "callback_tried": {Milestone.CALLBACK},
    "callback_unreached": {Milestone.CALLBACK},
    "order_submitted": {Milestone.WORK_ORDER, TimerKind.REWORK},
    "order_returned": {Milestone.WORK_ORDER, TimerKind.REWORK},
}


def concerns(event: Event, timer: Timer) -> bool:
    """Whether the clock felt the event: it started, moved, stopped, spoke, or changed hands."""
    data = event.data
    if event.kind in APART:
        return False
    if event.timer_id is not None:
        return event.timer_id == timer.pk
    if "pause" in data:
        return data["pause"] in {pause.pk for pause in timer.pauses.all()}
    if "waiver" in data:
        return data["waiver"] in {waiver.pk for waiver in timer.waivers.all()}
    if event.kind in STOPS:
        return timer.kind in STOPS[event.kind] and _is_of_its_time(event, timer)
    if event.kind in ("receipt_corrected", "merged_here"):
        return timer.cycle == 1 and timer.kind in MILESTONES
    return timer.kind in MILESTONES and _is_of_its_time(event, timer)


def _is_of_its_time(event: Event, timer: Timer) -> bool:
    """Of the clock's cycle; or later, while the clock still ran."""
    if timer.kind not in MILESTONES:
        return timer.started_at <= event.at <= (timer.met_at or event.at)
    if event.cycle == timer.cycle:
        return True
    ended_at = timer.met_at or timer.unreached_at or timer.waived_at
    is_over = timer.state not in UNFINISHED and (ended_at is None or ended_at < event.at)
    return event.cycle > timer.cycle and not is_over


def moved(event: Event, timer: Timer) -> tuple[datetime | None, datetime | None]:
    """The clock's deadline before and after the event, if it moved."""
    shifts: list[dict[str, Any]] = event.data.get("clocks") or []
    found = next((row for row in shifts if row.get("timer") == timer.pk), None)
    if found is None:
        return None, None
    return datetime.fromisoformat(found["due_before"]), datetime.fromisoformat(found["due_after"])
