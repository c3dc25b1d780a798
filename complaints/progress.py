"""How far a complaint is, in the customer's words (N-03, C-23). Names and notes stay inside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from complaints import clocks
from complaints.models import (
    MILESTONES,
    UNFINISHED,
    Complaint,
    Reply,
    Status,
    Timer,
    TimerState,
)

# The four promises, as a customer would say them.
PROMISED: dict[str, LazyText] = {
    "apology": gettext_lazy("We contact you and apologise"),
    "result": gettext_lazy("We tell you the result"),
    "work_order": gettext_lazy("The branch puts in writing how it mends this for good"),
    "callback": gettext_lazy("Headquarters asks whether you are satisfied"),
}
STATES: dict[str, LazyText] = {
    Status.RECEIVED: gettext_lazy("We have your complaint and are finding out who is responsible."),
    Status.ASSIGNED: gettext_lazy("The responsible branch has your complaint."),
    Status.HANDLING: gettext_lazy("The responsible branch is working on it."),
    Status.ANSWERED: gettext_lazy("We have given you our answer."),
    Status.CALLED_BACK: gettext_lazy("We have given you our answer."),
    Status.CLOSED: gettext_lazy("It is closed. You can still tell us if it is not solved."),
    Status.INVALID_PROPOSED: gettext_lazy("We are looking into it."),
    Status.INVALID: gettext_lazy(
        "We looked into it and found nothing to put right. If you see it differently, tell us."
    ),
    Status.MERGED: gettext_lazy(
        "We handle it together with another report of the same matter, and tell you the result."
    ),
}


@dataclass(frozen=True)
class Step:
    """One promise: its state as an icon, what was promised, and where it stands."""

    icon: str
    words: str
    state: str
    moment: datetime | None = None


@dataclass(frozen=True)
class Promised:
    """What is promised before anything was sent."""

    within: str
    words: LazyText


def promised() -> Iterator[Promised]:
    """The targets that hold for everybody, in the order of the four promises."""
    targets = clocks.standard_targets()
    for kind in MILESTONES:
        if kind in targets:
            yield Promised(within(targets[kind]), PROMISED[kind])


def within(target: timedelta) -> str:
    minutes = int(target.total_seconds()) // 60
    if minutes % 60:
        return ngettext("Within %(n)d minute", "Within %(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("Within %(n)d hour", "Within %(n)d hours", hours) % {"n": hours}


def state_of(complaint: Complaint) -> LazyText:
    return STATES[complaint.status]


def answer_to(complaint: Complaint) -> Reply | None:
    """The latest result that the customer was given."""
    rows = Reply.objects.filter(complaint=complaint, kind=Reply.Kind.RESULT)
    return rows.order_by("-cycle").first()


def steps_of(complaint: Complaint, *, now: datetime) -> list[Step]:
    """The four promises with their times: of each the last that was counted."""
    rows = Timer.objects.milestones().filter(complaint=complaint).order_by("cycle")
    last = {timer.kind: timer for timer in rows}
    found = (last[kind] for kind in MILESTONES if kind in last)
    return [_step(timer, now) for timer in found if timer.state not in DROPPED]


# Nobody is told of what is not counted.
DROPPED = (TimerState.VOID, TimerState.WAIVED)


def _step(timer: Timer, now: datetime) -> Step:
    words = str(PROMISED[timer.kind])
    if timer.met_at is not None:
        is_late = timer.met_at > timer.due_at
        state = _("Done, later than promised:") if is_late else _("Done:")
        return Step("check", words, state, timer.met_at)
    if timer.state == TimerState.UNREACHED:
        return Step("phone-off", words, _("We could not reach you."))
    if timer.state == TimerState.PAUSED and timer.state in UNFINISHED:
        return Step("player-pause", words, _("Waits until we hear from you."))
    if timer.due_at < now:
        state = _("We are late, and are after it. It was promised for")
        return Step("alert-triangle", words, state, timer.due_at)
    return Step("clock", words, pgettext("of a promise", "By"), timer.due_at)
