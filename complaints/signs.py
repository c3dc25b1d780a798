"""The state of the machinery in words, with what to do where something is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from complaints.clock_face import MINUTE, long_time
from complaints.vitals import Sweep, Vitals

SWEEPS = {
    "escalation": gettext_lazy("Reminders and escalation"),
    "delivery": gettext_lazy("Delivery of messages"),
    "letters": gettext_lazy("Delivery of letters to customers"),
    "mornings": gettext_lazy("The morning's summary"),
    "consequences": gettext_lazy("Drafting of notices"),
    "periods": gettext_lazy("Closing of periods"),
    "after-closing": gettext_lazy("Asking after complaints are closed"),
    "asking-again": gettext_lazy("Asking again what was put right"),
    "invitations": gettext_lazy("Invitations to surveys"),
    "expiry": gettext_lazy("Ending of invitations"),
    "points": gettext_lazy("Points that were earned"),
    "programme": gettext_lazy("Programme of the staff"),
    "customers": gettext_lazy("Value of customers"),
    "summaries": gettext_lazy("Counts of the days"),
    "jobs": gettext_lazy("Background jobs"),
    "files": gettext_lazy("Taking away of old files"),
    "answers": gettext_lazy("Forgetting of old answers"),
}


@dataclass(frozen=True)
class Sign:
    """One thing that is looked at. `advice` says what to do; it stands only where `is_bad`."""

    label: str
    words: str
    advice: str = ""

    @property
    def is_bad(self) -> bool:
        return bool(self.advice)


def span(age: timedelta) -> str:
    """Seconds up to two minutes, then as a clock says it."""
    if age < 2 * MINUTE:
        return _("%(seconds)d s") % {"seconds": age.total_seconds()}
    return long_time(age)


def ago(age: timedelta | None) -> str:
    if age is None:
        return _("never")
    return _("%(time)s ago") % {"time": span(age)}


def signs(vitals: Vitals) -> Iterator[Sign]:
    """From the clock outwards: what matters most comes first."""
    yield _clock(vitals)
    yield _steps(vitals)
    yield _outbox(vitals)
    yield _failed(vitals)
    yield _set_aside(vitals)
    yield _jobs(vitals)
    yield _beat(vitals)
    yield _broker(vitals)
    yield _database(vitals)
    yield _disk(vitals)


def _clock(vitals: Vitals) -> Sign:
    words = _("Checked %(ago)s") % {"ago": ago(vitals.clock.age)}
    return Sign(_("Clocks"), words, _why_late(vitals) if vitals.clock.is_late else "")


def _why_late(vitals: Vitals) -> str:
    """The first part of the line that does not answer: broker, beat, worker."""
    if not vitals.broker.answers:
        return _("Redis does not answer, so nobody hears the bell. See below.")
    if not vitals.is_beating:
        return _("The bell does not ring. See “Beat” below.")
    return _(
        "The bell rings and nobody hears it: start the process “worker” again. Until then "
        "“./manage.py sweep” does by hand what is due."
    )


def _steps(vitals: Vitals) -> Sign:
    label = _("Steps of the ladders")
    if vitals.unfired_since is None:
        return Sign(label, _("All that were due have spoken"))
    words = _("The oldest that is due waits for %(time)s") % {
        "time": span(vitals.now - vitals.unfired_since)
    }
    return Sign(label, words, _why_unfired(vitals) if vitals.has_late_step else "")


def _why_unfired(vitals: Vitals) -> str:
    if vitals.clock.is_late:
        return _(
            "It speaks as soon as the clocks are checked again, once and at its highest level."
        )
    return _("Clocks are checked and yet it waits: read the log of the process “worker”.")


def _outbox(vitals: Vitals) -> Sign:
    box = vitals.outbox
    waiting = ngettext("%(n)d waits to be sent", "%(n)d wait to be sent", box.waiting)
    words = _counts(
        (waiting, box.waiting),
        (_("%(n)d being sent"), box.sending),
        (_("%(n)d for the morning or another try"), box.later),
    )
    if box.since is not None:
        oldest = _("the oldest for %(time)s") % {"time": span(vitals.now - box.since)}
        words = f"{words} · {oldest}"
    advice = _("Look whether the mail server answers and the process “worker” runs; all are kept.")
    return Sign(_("Messages"), words, advice if vitals.has_late_message else "")


def _failed(vitals: Vitals) -> Sign:
    count = vitals.outbox.failed
    words = ngettext("%(n)d given up", "%(n)d given up", count) % {"n": count}
    advice = _("Look at the reasons below, mend address or mail server, then send them again.")
    return Sign(
        _("Failed messages"),
        words if count else pgettext("how many", "None"),
        advice if count else "",
    )


def _set_aside(vitals: Vitals) -> Sign:
    count = vitals.set_aside
    words = ngettext("%(n)d failed eight times", "%(n)d failed eight times", count) % {"n": count}
    advice = _("They remind nobody. Tell whoever runs the program, then let them try again below.")
    return Sign(
        _("Clocks set aside"),
        words if count else pgettext("how many", "None"),
        advice if count else "",
    )


def _jobs(vitals: Vitals) -> Sign:
    jobs = vitals.jobs
    words = _counts(
        (_("%(n)d running"), jobs.running),
        (_("%(n)d stuck"), jobs.stuck),
        (_("%(n)d given up within 7 days"), jobs.given_up),
    )
    advice = ""
    if jobs.stuck:
        advice = _("Start the process “bulk” again: what it left is taken up again.")
    elif jobs.given_up:
        advice = _("Read the log of the process “bulk”, then start them again below.")
    return Sign(_("Background jobs"), words, advice)


def _counts(*given: tuple[str, int]) -> str:
    """What there is any of, each as a phrase with its number."""
    return " · ".join(words % {"n": count} for words, count in given if count) or pgettext(
        "how many", "None"
    )


def _beat(vitals: Vitals) -> Sign:
    words = _("Rang %(ago)s") % {"ago": ago(vitals.beat_age)}
    advice = _(
        "Start the process “beat” again. Nothing is lost: what is due stands in the database."
    )
    return Sign(_("Beat"), words, "" if vitals.is_beating else advice)


def _broker(vitals: Vitals) -> Sign:
    label = _("Redis")
    if not vitals.broker.answers:
        advice = _(
            "Start Redis again. Pages go on working; until then “./manage.py sweep” does by hand "
            "what is due."
        )
        return Sign(label, _("Does not answer"), advice)
    bells = sum(vitals.broker.waiting.values())
    unheard = ngettext("%(n)d bell unheard", "%(n)d bells unheard", bells) % {"n": bells}
    return Sign(label, f"{_('Answers')} · {unheard}" if bells else _("Answers"))


def _database(vitals: Vitals) -> Sign:
    words = _("Answers · %(used)d of %(most)d connections in use") % {
        "used": vitals.connections,
        "most": vitals.most_connections,
    }
    advice = _("Allow more connections (max_connections), or run fewer processes.")
    return Sign(_("Database"), words, advice if vitals.has_few_connections else "")


def _disk(vitals: Vitals) -> Sign:
    words = _("%(free)s of %(size)s free") % {
        "free": filesizeformat(vitals.disk_free),
        "size": filesizeformat(vitals.disk_size),
    }
    advice = _("Make room: uploads and exports are refused when it is full; clocks go on.")
    return Sign(_("Disk"), words, advice if vitals.has_little_room else "")


def of_sweep(sweep: Sweep) -> dict[str, object]:
    """A sweep for the table."""
    return {
        "label": SWEEPS[sweep.name],
        "ran_at": sweep.ran_at,
        "ago": ago(sweep.age),
        "is_late": sweep.is_late,
    }
