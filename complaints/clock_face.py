"""The words of a clock, in the active language: what a list cell, a header and a screen reader say.

Pure: knows no models and asks no database. Times are aware datetimes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Where the ladder names no step before the deadline, the last quarter is "at risk".
RISK_SHARE = 0.75
TIME = "%(time)s"
TICKING = ("running", "risk", "over")

MILESTONES = {
    "apology": gettext_noop("Apology"),
    "result": gettext_noop("Result"),
    "work_order": gettext_noop("Work order"),
    "callback": gettext_noop("Callback"),
}
CELLS = {
    "running": gettext_noop("%(time)s left"),
    "risk": gettext_noop("Due in %(time)s"),
    "over": gettext_noop("Overdue %(time)s"),
    "met": gettext_noop("On time"),
    "late": gettext_noop("Late %(time)s"),
    "paused": gettext_noop("Paused %(time)s"),
    "void": gettext_noop("Void"),
    "waived": gettext_noop("Waived"),
    "unreached": gettext_noop("No reply"),
    "none": "—",
}
SENTENCES = {
    "running": gettext_noop("%(time)s left"),
    "risk": gettext_noop("At risk, due in %(time)s"),
    "over": gettext_noop("Overdue by %(time)s"),
    "met": gettext_noop("Done on time in %(time)s"),
    "late": gettext_noop("Done %(time)s late"),
    "paused": gettext_noop("Paused, %(time)s left on resume"),
    "void": gettext_noop("Void, not counted"),
    "waived": gettext_noop("Waived, counted apart"),
    "none": gettext_noop("No clock"),
}
SENTENCES_UNDER_A_MINUTE = {
    "running": gettext_noop("Less than 1 min left"),
    "risk": gettext_noop("At risk, due in less than 1 min"),
    "over": gettext_noop("Overdue by less than 1 min"),
    "met": gettext_noop("Done on time in less than 1 min"),
    "late": gettext_noop("Done less than 1 min late"),
    "paused": gettext_noop("Paused, less than 1 min left on resume"),
}
ASIDES = {"late": gettext_noop("Done, "), "none": gettext_noop("No clock")}
SHORT_TIMES = {
    "under": gettext_noop("<1m"),
    "minutes": gettext_noop("%(minutes)sm"),
    "hours": gettext_noop("%(hours)sh %(minutes)sm"),
    "days": gettext_noop("%(days)sd"),
    "days_hours": gettext_noop("%(days)sd %(hours)sh"),
}
LONG_TIMES = {
    "minutes": gettext_noop("%(minutes)s min"),
    "hours": gettext_noop("%(hours)s h %(minutes)s min"),
    "days": gettext_noop("%(days)s d"),
    "days_hours": gettext_noop("%(days)s d %(hours)s h"),
}


class Face(NamedTuple):
    """One clock as it reads at one moment; its words are in the language of whoever asks.

    `span` is what the words are about, in whole minutes, `attempts` the calls that failed.
    """

    state: str
    span: timedelta = timedelta(0)
    attempts: int = 0
    due_at: datetime | None = None
    risk_at: datetime | None = None

    @property
    def icon(self) -> str:
        """The shape in the sprite; a missing clock has none."""
        return "" if self.state == "none" else f"s-{self.state}"

    @property
    def is_ticking(self) -> bool:
        return self.state in TICKING

    @property
    def word(self) -> str:
        """One of the two pieces of a list cell."""
        return _(CELLS[self.state]).replace(TIME, "").strip()

    @property
    def time(self) -> str:
        """The other piece."""
        return short_time(self.span) if TIME in _(CELLS[self.state]) else ""

    @property
    def word_first(self) -> bool:
        """The order of the two."""
        return not _(CELLS[self.state]).startswith(TIME)

    @property
    def aside(self) -> str:
        """What is read out before them."""
        return _(ASIDES[self.state]) if self.state in ASIDES else ""

    @property
    def sentence(self) -> str:
        """All of it in words."""
        return _sentence(self.state, self.span, self.attempts)


class Head(NamedTuple):
    """What the clocks of one milestone share.

    `name` and `title` are the milestone in short and in full, `target` the promise ("24 h").
    """

    kind: str
    name: str
    title: str
    target: str


class Clock(NamedTuple):
    """A face with the words that stand beside it: those of `Head`, and the line under it.

    `note`: who owns it, or who met it and how.
    """

    kind: str
    name: str
    title: str
    target: str
    face: Face
    note: str = ""


def face(
    *,
    state: str,
    now: datetime,
    started_at: datetime | None = None,
    due_at: datetime | None = None,
    met_at: datetime | None = None,
    paused_until: datetime | None = None,
    risk_at: datetime | None = None,
    attempts: int = 0,
) -> Face:
    """The face of a stored timer; equal to the deadline is on time.

    While paused, `due_at` is the deadline if the pause lasts until `paused_until`.
    `state` is the timer's own: running, paused, met, void, waived, unreached; or none.
    `risk_at` is the ladder's last step before the deadline; without one, 75 % of the way.
    """
    if risk_at is None and started_at and due_at:
        risk_at = started_at + (due_at - started_at) * RISK_SHARE
    shown = _shown(state, now, due_at, met_at, risk_at, paused_until)
    span = _span(shown, now, started_at, due_at, met_at, paused_until)
    return Face(shown, span - span % MINUTE, attempts, due_at, risk_at)


# The face of a milestone that has no timer.
NO_CLOCK = Face("none")


def heads(targets: Mapping[str, timedelta]) -> list[Head]:
    """The four milestones in their fixed order."""
    titles = _titles()
    return [
        Head(kind, _(name), titles[kind], target_text(targets.get(kind)))
        for kind, name in MILESTONES.items()
    ]


def four(
    faces: Mapping[str, Face], *, heads: Iterable[Head], notes: Mapping[str, str] | None = None
) -> list[Clock]:
    """The four clocks in the order of their heads; one without a face reads "no clock"."""
    words = notes or {}
    return [
        Clock(*head, faces.get(head.kind, NO_CLOCK), words.get(head.kind, "")) for head in heads
    ]


def _titles() -> dict[str, str]:
    """The milestones' names where there is room for the whole of them."""
    return {
        "apology": pgettext("milestone in full", "Apology"),
        "result": pgettext("milestone in full", "Result"),
        "work_order": pgettext("milestone in full", "Work order"),
        "callback": pgettext("milestone in full", "Callback"),
    }


def target_text(target: timedelta | None) -> str:
    """The promise in whole hours, else in minutes."""
    if target is None:
        return ""
    if target % HOUR:
        return _(LONG_TIMES["minutes"]) % {"minutes": target // MINUTE}
    return _("%(hours)s h") % {"hours": target // HOUR}


def short_time(span: timedelta) -> str:
    """A span as a cell has it, rounded down: `<1m`, `23m`, `3h 05m`, `1d 21h`, `2d`."""
    size, numbers = _split(span)
    return _(SHORT_TIMES[size]) % numbers


def long_time(span: timedelta) -> str:
    """A span in a sentence, rounded down, from a minute on: `23 min`, `3 h 05 min`, `1 d 21 h`."""
    size, numbers = _split(max(span, MINUTE))
    return _(LONG_TIMES[size]) % numbers


def script_words() -> dict[str, Any]:
    """What the countdown script needs to say the same as this module."""
    return {
        "cell": {state: _(CELLS[state]) for state in TICKING},
        "sentence": {state: _(SENTENCES[state]) for state in TICKING},
        "under": {state: _(SENTENCES_UNDER_A_MINUTE[state]) for state in TICKING},
        "short": {size: _(text) for size, text in SHORT_TIMES.items()},
        "long": {size: _(text) for size, text in LONG_TIMES.items()},
        "spoken": _("%(name)s: %(sentence)s"),
    }


def _shown(
    state: str,
    now: datetime,
    due_at: datetime | None,
    met_at: datetime | None,
    risk_at: datetime | None,
    paused_until: datetime | None,
) -> str:
    """The state to show: the stored one, told apart by its times."""
    if due_at is None:
        return "none" if state == "running" else state
    if state == "met":
        return "late" if met_at and met_at > due_at else "met"
    if state == "paused" and paused_until and now < paused_until:
        return state
    if state not in ("running", "paused"):
        return state
    if now > due_at:
        return "over"
    return "risk" if risk_at and now >= risk_at else "running"


def _span(
    shown: str,
    now: datetime,
    started_at: datetime | None,
    due_at: datetime | None,
    met_at: datetime | None,
    paused_until: datetime | None,
) -> timedelta:
    """The span that the state's words are about; never below zero."""
    ends = {
        "running": (now, due_at),
        "risk": (now, due_at),
        "over": (due_at, now),
        "met": (started_at, met_at),
        "late": (due_at, met_at),
        "paused": (paused_until, due_at),
    }
    start, end = ends.get(shown, (None, None))
    return max(end - start, timedelta(0)) if start and end else timedelta(0)


def _sentence(shown: str, span: timedelta, attempts: int) -> str:
    if shown == "unreached":
        return ngettext(
            "Not reached, %(attempts)d attempt", "Not reached, %(attempts)d attempts", attempts
        ) % {"attempts": attempts}
    size, numbers = _split(span)
    if size == "under" and shown in SENTENCES_UNDER_A_MINUTE:
        return _(SENTENCES_UNDER_A_MINUTE[shown])
    sentence = _(SENTENCES[shown])
    if TIME not in sentence:
        return sentence
    return sentence % {"time": _(LONG_TIMES[size]) % numbers}


def _split(span: timedelta) -> tuple[str, dict[str, object]]:
    """The size of a span and its numbers, rounded down; a zero smaller unit leaves the days."""
    if span < MINUTE:
        return "under", {}
    if span < HOUR:
        return "minutes", {"minutes": span // MINUTE}
    if span < DAY:
        return "hours", {"hours": span // HOUR, "minutes": f"{span % HOUR // MINUTE:02d}"}
    days, hours = span // DAY, span % DAY // HOUR
    if hours:
        return "days_hours", {"days": days, "hours": hours}
    return "days", {"days": days}
