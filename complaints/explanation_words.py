"""An explained clock in words, in the active language."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints import clock_face, explanation, policy_words
from complaints.clock_histories import History, Rung
from complaints.explanation import Span, Whose
from complaints.models import Timer, Verdict
from complaints.timeline import moment_text
from organisation.actions.calendars import MAKE_UP_NAME

PARTS = {
    explanation.COUNTED: gettext_noop("counted %(time)s"),
    explanation.WAITED: gettext_noop("waited for the customer %(time)s"),
    explanation.CLOSED: gettext_noop("outside working hours %(time)s"),
}
CAUSES = {
    explanation.ALWAYS: gettext_noop("Counted: every hour counts"),
    explanation.OPEN: gettext_noop("Counted: working hours"),
    explanation.MAKE_UP: gettext_noop("Counted: make-up working day"),
    explanation.NIGHT: gettext_noop("Skipped: outside working hours"),
    explanation.DAY_OFF: gettext_noop("Skipped: day off"),
    explanation.HOLIDAY: gettext_noop("Skipped: holiday"),
}
LATE = gettext_noop("Counted: after the deadline")
ENDS = {
    "met": gettext_noop("Done"),
    "unreached": gettext_noop("Last attempt"),
    "waived": gettext_noop("Waived"),
    "void": gettext_noop("Void"),
    "now": gettext_noop("Now"),
}
VERDICTS = {
    Verdict.RUNNING: gettext_noop("No verdict yet: the deadline is %(due)s."),
    Verdict.MET: gettext_noop("On time: done at %(end)s, and the deadline was %(due)s."),
    Verdict.VOID: gettext_noop(
        "Void: the clock is not counted. The deadline would have been %(due)s."
    ),
    Verdict.WAIVED: gettext_noop("Waived, so counted apart. The deadline was %(due)s."),
    Verdict.UNREACHED: gettext_noop(
        "Not reached, so counted apart: the last attempt was at %(end)s, "
        "and the deadline was %(due)s."
    ),
}
OVERDUE = {
    "met": gettext_noop("Overdue: done at %(end)s, but the deadline was %(due)s."),
    "unreached": gettext_noop(
        "Overdue: the last attempt was at %(end)s, but the deadline was %(due)s."
    ),
    "now": gettext_noop("Overdue: the deadline was %(due)s, and it is not done."),
}
WHOSE = {
    explanation.TAKEN_IN: gettext_noop(
        "It counts for %(branch)s, which took the complaint in and had the clock at %(decided)s."
    ),
    explanation.HANDED_OVER: gettext_noop(
        "It counts for %(branch)s, which got the clock at %(since)s and had it at %(decided)s."
    ),
    explanation.ISSUING: gettext_noop(
        "It counts for %(branch)s: callbacks belong to the unit that judged the complaint, "
        "at %(since)s."
    ),
    explanation.AS_WRITTEN: gettext_noop(
        "It counts for %(branch)s, as it was taken over with its record."
    ),
}
UNTIL_THEN = gettext_noop(
    "%(branch)s has the clock. Whoever has it at %(decided)s bears the verdict."
)
STEPS = {
    explanation.FIRED: gettext_noop("told at %(at)s"),
    explanation.SUPERSEDED: gettext_noop("told together with a later step, at %(at)s"),
    explanation.COMING: gettext_noop("to come"),
    explanation.DUE: gettext_noop("speaks with the next sweep"),
    explanation.SILENT: gettext_noop("does not speak"),
}


def hours(minutes: int) -> str:
    """A length to the minute, never in days: so that lengths can be added up."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return _(clock_face.LONG_TIMES["minutes"]) % {"minutes": rest}
    return _(clock_face.LONG_TIMES["hours"]) % {"hours": whole, "minutes": f"{rest:02d}"}


def equation(history: History) -> str:
    """What counted and what did not, which together is the time that passed."""
    sums = history.course.sums()
    parts = [
        _(words) % {"time": hours(sums[kind])}
        for kind, words in PARTS.items()
        if sums[kind] or kind == explanation.COUNTED
    ]
    total = _("elapsed %(time)s") % {"time": hours(sum(sums.values()))}
    return f"{' + '.join(parts)} = {total}"


def cause(span: Span) -> str:
    """Why the span counts, or does not."""
    if span.wait is not None:
        return _waiting(span.wait)
    words = _(LATE if span.is_late else CAUSES[span.cause])
    # The name that a make-up day has when nobody named it says nothing more.
    if not span.name or span.name in (words, MAKE_UP_NAME):
        return words
    return _("%(label)s (%(value)s)") % {"label": words, "value": span.name}


def _waiting(wait: explanation.Wait) -> str:
    if not wait.by:
        return _("Waited for the customer: %(reason)s") % {"reason": wait.reason}
    return _("Waited for the customer, says %(name)s: %(reason)s") % {
        "name": wait.by,
        "reason": wait.reason,
    }


def promise(history: History) -> str:
    """How the deadline comes about."""
    timer, rule = history.timer, history.rule
    if rule is None or history.target is None:
        return _("The deadline was taken over with the record: %(due)s.") % {
            "due": moment_text(timer.due_at)
        }
    return _("%(target)s from %(start)s by the clock “%(clock)s”: due %(due)s.") % {
        "target": clock_face.target_text(history.target),
        "start": moment_text(timer.started_at),
        "clock": policy_words.clock(rule.revision),
        "due": moment_text(timer.due_at),
    }


def reckoning(history: History) -> str:
    """That the deadline is another than today's facts give, where it is."""
    if history.is_as_reckoned or history.reckoned_at is None:
        return ""
    return _(
        "Reckoned today it would be %(reckoned)s. The deadline that was set counts: "
        "what it was reckoned from has changed since, or came from a merged complaint."
    ) % {"reckoned": moment_text(history.reckoned_at)}


def verdict(history: History) -> str:
    timer: Timer = history.timer
    code = Verdict(timer.verdict)  # type: ignore[attr-defined]
    known = OVERDUE[history.ended_by] if code == Verdict.BREACHED else VERDICTS[code]
    return _(known) % {
        "due": moment_text(timer.due_at),
        "end": moment_text(history.course.end),
    }


def whose(history: History) -> str:
    """Who bears the verdict, and why; where it went too late to take the verdict along."""
    found: Whose = history.whose
    is_open = history.timer.verdict == Verdict.RUNNING  # type: ignore[attr-defined]
    is_movable = is_open and found.why in (explanation.TAKEN_IN, explanation.HANDED_OVER)
    words = _(UNTIL_THEN if is_movable else WHOSE[found.why]) % {
        "branch": history.timer.verdict_branch.label,
        "decided": moment_text(found.decided_at),
        "since": moment_text(found.since) if found.since else "",
    }
    if found.later is None or found.why == explanation.AS_WRITTEN:
        return words
    later = _("It was handed on at %(later)s, too late to take the verdict along.")
    return _("%(first)s %(second)s") % {
        "first": words,
        "second": later % {"later": moment_text(found.later)},
    }


def end(history: History) -> str:
    return _(ENDS[history.ended_by])


def step(rung: Rung) -> str:
    """What became of a step of the ladder."""
    at: datetime | None = rung.event.at if rung.event else None
    return _(STEPS[rung.state]) % {"at": moment_text(at) if at else ""}


def shift(before: datetime, after: datetime) -> str:
    return _("deadline %(before)s → %(after)s") % {
        "before": moment_text(before),
        "after": moment_text(after),
    }
