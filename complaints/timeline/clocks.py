"""What happened to the clocks: reminders, pauses, waivers, other times."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.models import Event, Milestone, TimerKind
from complaints.sources import Sources, step_key
from complaints.timeline.entry import (
    FIRED,
    SUPERSEDED,
    Entry,
    Say,
    entry_of,
    moment_text,
    plain,
)


def step_fired(event: Event, sources: Sources) -> Entry:
    told = sources.told.get(step_key(event), [])
    note = _("told: %(people)s") % {"people": _joined(told)} if told else ""
    return Entry(at=event.at, icon="bell", what=step_words(event), note=note, is_system=True)


def step_superseded(event: Event, sources: Sources) -> Entry:
    note = _("told together with a later step")
    return Entry(at=event.at, icon="bell", what=step_words(event), note=note, is_system=True)


def _joined(names: list[str]) -> str:
    return pgettext("between names", ", ").join(names)


def step_words(event: Event) -> str:
    """Where the clock stood, in words."""
    milestone = dict(TimerKind.choices).get(str(event.data.get("milestone")), "")
    percent, hours = event.data.get("percent"), event.data.get("hours")
    if percent is not None:
        return _("Reminder: %(milestone)s, %(percent)d%% of the time has passed") % {
            "milestone": milestone,
            "percent": percent,
        }
    if not hours:
        return _("The deadline has passed: %(milestone)s") % {"milestone": milestone}
    return _("%(milestone)s: overdue by %(hours)d h") % {"milestone": milestone, "hours": hours}


def paused(event: Event, sources: Sources) -> Entry:
    pause = sources.pauses.get(event.data.get("pause", 0))
    note = ""
    if pause is not None:
        note = _("until %(time)s at the latest") % {"time": moment_text(pause.until_at)}
    words = _("paused the clocks: waiting for the customer")
    return entry_of(event, "player-pause", words, quote=pause.reason if pause else "", note=note)


def resumed(event: Event, sources: Sources) -> Entry:
    if event.by is None:
        return entry_of(event, "player-play", _("The time for waiting is over; the clocks go on."))
    return entry_of(event, "player-play", _("resumed the clocks"))


def waiver(words: Any) -> Say:
    """Asked for, granted, declined: with the clock, the reason and the words."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.waivers.get(event.data.get("waiver", 0))
        milestone = dict(Milestone.choices).get(str(event.data.get("milestone")), "")
        quote = ""
        if found is not None:
            quote = found.answer if event.kind == "waiver_declined" else found.words
        note = found.get_code_display() if found else ""
        return entry_of(
            event, "scale", str(words) % {"milestone": milestone}, quote=quote, note=note
        )

    return say


def receipt_corrected(event: Event, sources: Sources) -> Entry:
    words = _("corrected the time of receipt from %(before)s to %(after)s")
    times = {
        name: moment_text(datetime.fromisoformat(event.data[name])) for name in ("before", "after")
    }
    note = sources.notes.get(event.data.get("note", 0))
    return entry_of(event, "clock-edit", words % times, quote=note.text if note else "")


def recalculated(event: Event, sources: Sources) -> Entry:
    clock = event.data["clocks"][0]
    words = _("recalculated a clock by the new revision: %(milestone)s, %(before)s → %(after)s")
    return entry_of(event, "refresh", words % {
        "milestone": dict(Milestone.choices).get(str(event.data.get("milestone")), ""),
        "before": moment_text(datetime.fromisoformat(clock["due_before"])),
        "after": moment_text(datetime.fromisoformat(clock["due_after"])),
    })  # fmt: skip


WORDS: dict[str, Say] = {
    "paused": paused,
    "resumed": resumed,
    "waiver_asked": waiver(gettext_lazy("asked for a waiver of the clock: %(milestone)s")),
    "waiver_granted": waiver(gettext_lazy("granted the waiver of the clock: %(milestone)s")),
    "waiver_declined": waiver(gettext_lazy("declined the waiver of the clock: %(milestone)s")),
    "receipt_corrected": receipt_corrected,
    "recalculated": recalculated,
    FIRED: step_fired,
    SUPERSEDED: step_superseded,
    "notice_due": plain("alert-triangle", gettext_lazy("A notice is due: no work order in time")),
}
