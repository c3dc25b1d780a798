"""The time line of a complaint in words: events say what, the rows they point to say it in full."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints import clock_face
from complaints.models import Challenge, Channel, Complaint, Event, Milestone, Reply, TimerKind
from complaints.sources import Sources, step_key
from csm.kit import money

# A ladder step that spoke, and one that did not, because a later one spoke for it.
FIRED, SUPERSEDED = "step_fired", "step_superseded"


@dataclass(frozen=True)
class Entry:
    """One line, as `_parts/timeline.html` shows it."""

    at: datetime
    icon: str
    what: str
    who: str = ""
    quote: str = ""
    link: str = ""
    url: str = ""
    note: str = ""
    is_system: bool = False


def entries(complaint: Complaint, events: Iterable[Event]) -> list[Entry]:
    """The events in words, in their order. At most one query for each kind of row they point to."""
    events = list(events)
    sources = Sources(complaint, events)
    return [WORDS.get(event.kind, other)(event, sources) for event in events]


def events_of(complaint: Complaint) -> QuerySet[Event]:
    """All that happened, newest first, with who did it."""
    return Event.objects.filter(complaint=complaint).select_related("by", "step")


def _entry(event: Event, icon: str, what: str, **more: Any) -> Entry:
    who = event.by.name if event.by else ""
    return Entry(at=event.at, icon=icon, what=what, who=who, is_system=not who, **more)


def other(event: Event, sources: Sources) -> Entry:
    """Something that a later version wrote down."""
    return _entry(event, "info-circle", event.kind)


def logged(event: Event, sources: Sources) -> Entry:
    complaint = sources.complaint
    channel = dict(Channel.choices).get(str(event.data.get("channel")), "")
    note = ""
    if complaint.was_logged_late:
        note = _("logged %(time)s after the receipt") % {
            "time": clock_face.short_time(complaint.logged_at - complaint.received_at)
        }
    return _entry(event, "inbox", _("logged it (%(channel)s)") % {"channel": channel}, note=note)


def judged_valid(event: Event, sources: Sources) -> Entry:
    return _entry(event, "arrow-narrow-right", _given(event, sources, {
        "both": _("judged it valid and assigned it to %(branch)s, handler %(person)s"),
        "branch": _("judged it valid and assigned it to %(branch)s"),
    }))  # fmt: skip


def transferred(event: Event, sources: Sources) -> Entry:
    was = sources.branches.get(event.data.get("from_branch", 0))
    what = _("transferred it from %(from)s to %(to)s") % {
        "from": was.label if was else "",
        "to": _branch(event, sources),
    }
    return _entry(event, "arrow-narrow-right", what, quote=sources.reasons.get(event.at, ""))


def handler_named(event: Event, sources: Sources) -> Entry:
    person = sources.people.get(event.data.get("handler") or 0)
    if person is None:
        return _entry(event, "user-check", _("left it without a handler"))
    what = _("named %(person)s as handler") % {"person": person.name}
    return _entry(event, "user-check", what)


def _given(event: Event, sources: Sources, words: dict[str, str]) -> str:
    person = sources.people.get(event.data.get("handler") or 0)
    if person is None:
        return words["branch"] % {"branch": _branch(event, sources)}
    return words["both"] % {"branch": _branch(event, sources), "person": person.name}


def _branch(event: Event, sources: Sources) -> str:
    branch = sources.branches.get(event.data.get("branch", 0))
    return branch.label if branch else ""


def plain(icon: str, words: Any) -> Callable[[Event, Sources], Entry]:
    """An event that needs no more than its sentence."""

    def say(event: Event, sources: Sources) -> Entry:
        return _entry(event, icon, str(words))

    return say


def invalid_proposed(event: Event, sources: Sources) -> Entry:
    reason = sources.complaint.invalid_reason
    return _entry(event, "flag", _("proposed: this is not a complaint"), quote=reason)


def replied(event: Event, sources: Sources) -> Entry:
    reply = sources.replies.get(event.data.get("reply", 0))
    words = {
        "apologised": _("apologised to the customer (%(channel)s)"),
        "answered": _("gave the customer the result (%(channel)s)"),
    }[event.kind]
    if reply is None:
        return _entry(event, "phone", words % {"channel": ""})
    return _entry(
        event,
        "message",
        words % {"channel": reply.get_channel_display()},
        quote=reply.words,
        note=_spoken(reply),
    )


def _spoken(reply: Reply) -> str:
    """When it was said, where that was earlier than it was written down."""
    if reply.logged_at - reply.at < timedelta(minutes=1):
        return ""
    return _("written down %(time)s later") % {
        "time": clock_face.short_time(reply.logged_at - reply.at)
    }


def called(event: Event, sources: Sources) -> Entry:
    attempt = sources.attempts.get(event.data.get("attempt", 0))
    if attempt is None or not attempt.is_reached:
        what = _("called the customer: no reply")
        return _entry(event, "phone-off", what, quote=attempt.words if attempt else "")
    words = {
        True: _("called the customer back: satisfied"),
        False: _("called the customer back: not satisfied"),
    }[bool(attempt.is_satisfied)]
    note = "" if attempt.score is None else _("score %(score)d of 10") % {"score": attempt.score}
    return _entry(event, "phone", words, quote=attempt.words, note=note)


def given_up(event: Event, sources: Sources) -> Entry:
    words = _("The callback ends as not reached after %(attempts)d attempts.")
    return Entry(
        at=event.at,
        icon="phone-off",
        what=words % {"attempts": event.data.get("attempts", 0)},
        is_system=True,
    )


def noted(event: Event, sources: Sources) -> Entry:
    note = sources.notes.get(event.data.get("note", 0))
    words = _("wrote a note")
    return _entry(event, "message-circle", words, quote=note.text if note else "")


def reopened(event: Event, sources: Sources) -> Entry:
    note = sources.notes.get(event.data.get("note", 0))
    words = _("opened it again: cycle %(cycle)d") % {"cycle": event.cycle}
    return _entry(event, "rotate", words, quote=note.text if note else "")


def attached(event: Event, sources: Sources) -> Entry:
    attachment = sources.attachments.get(event.data.get("attachment", 0))
    if attachment is None:
        return _entry(event, "paperclip", _("added a file"))
    file = attachment.file
    number = sources.complaint.number
    return _entry(
        event,
        "paperclip",
        pgettext("before a file name", "added"),
        link=file.name,
        url=reverse("complaint-file", args=(number, file.pk)),
    )


def order(words: Any) -> Callable[[Event, Sources], Entry]:
    """An event of the work order, with the number that the order has by now."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.orders.get(event.data.get("order", 0))
        reason = ""
        if found is not None and event.kind == "order_returned" and event.at == found.returned_at:
            reason = found.return_reason
        if found is not None and event.kind == "order_annulled":
            reason = found.annulment_reason
        link = (found.number or _("Open")) if found else ""
        url = reverse("work-order", args=(found.pk,)) if found else ""
        return _entry(event, "file-text", str(words), quote=reason, link=link, url=url)

    return say


def notice(words: Any) -> Callable[[Event, Sources], Entry]:
    """An event of a published notice, with its number."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.notices.get(event.data.get("notice", 0))
        link = str(found) if found else ""
        url = reverse("notice", args=(found.pk,)) if found else ""
        return _entry(event, "speakerphone", str(words), link=link, url=url)

    return say


def step_fired(event: Event, sources: Sources) -> Entry:
    told = sources.told.get(step_key(event), [])
    note = _("told: %(people)s") % {"people": _joined(told)} if told else ""
    return Entry(at=event.at, icon="bell", what=step_words(event), note=note, is_system=True)


def step_superseded(event: Event, sources: Sources) -> Entry:
    note = _("told together with a later step")
    return Entry(at=event.at, icon="bell", what=step_words(event), note=note, is_system=True)


def paused(event: Event, sources: Sources) -> Entry:
    pause = sources.pauses.get(event.data.get("pause", 0))
    note = ""
    if pause is not None:
        note = _("until %(time)s at the latest") % {"time": moment_text(pause.until_at)}
    words = _("paused the clocks: waiting for the customer")
    return _entry(event, "player-pause", words, quote=pause.reason if pause else "", note=note)


def resumed(event: Event, sources: Sources) -> Entry:
    if event.by is None:
        return _entry(event, "player-play", _("The time for waiting is over; the clocks go on."))
    return _entry(event, "player-play", _("resumed the clocks"))


def waiver(words: Any) -> Callable[[Event, Sources], Entry]:
    """Asked for, granted, declined: with the clock, the reason and the words."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.waivers.get(event.data.get("waiver", 0))
        milestone = dict(Milestone.choices).get(str(event.data.get("milestone")), "")
        quote = ""
        if found is not None:
            quote = found.answer if event.kind == "waiver_declined" else found.words
        note = found.get_code_display() if found else ""
        return _entry(event, "scale", str(words) % {"milestone": milestone}, quote=quote, note=note)

    return say


def recovery(words: Any) -> Callable[[Event, Sources], Entry]:
    """Given, asked for, decided, cancelled: what, for how much, and the words of that act."""

    def say(event: Event, sources: Sources) -> Entry:
        found = sources.recoveries.get(event.data.get("recovery", 0))
        if found is None:
            return _entry(event, "gift", str(words))
        said = {
            "recovery_declined": found.answer,
            "recovery_cancelled": found.cancel_reason,
            "recovery_approved": "",
        }
        return _entry(
            event,
            "gift",
            str(words),
            quote=said.get(event.kind, found.words),
            link=f"{found.offer.label} {money.words(found.amount)}",
            url=reverse("recovery", args=(sources.complaint.number, found.pk)),
        )

    return say


def challenge(event: Event, sources: Sources) -> Entry:
    """Raised or answered; the link says what it is about."""
    found = sources.challenges.get(event.data.get("challenge", 0))
    is_answer = event.kind == "challenge_answered"
    what = _("answered the challenge:") if is_answer else _("challenged for the customer:")
    if found is None:
        return _entry(event, "scale", what)
    return _entry(
        event,
        "scale",
        what,
        quote=found.answer if is_answer else found.words,
        link=_challenged(found),
        url=reverse("challenge", args=(sources.complaint.number, found.pk)),
        note=found.get_outcome_display() if is_answer else "",
    )


def _challenged(found: Challenge) -> str:
    if found.timer is None:
        return _("The result")
    words = _("Verdict of the clock %(clock)s, cycle %(cycle)s")
    return words % {"clock": found.timer.get_kind_display(), "cycle": found.timer.cycle}


def merged(event: Event, sources: Sources) -> Entry:
    """On the page of the duplicate, and on that of the complaint that goes on."""
    words, name = {
        "merged": (_("merged it into"), "into"),
        "merged_here": (_("merged a duplicate into it:"), "duplicate"),
        "answered_with": (_("recorded the result with the complaint that goes on:"), "into"),
    }[event.kind]
    other_one = sources.complaints.get(event.data.get(name, 0))
    number = other_one.number if other_one else ""
    url = reverse("complaint", args=(number,)) if number else ""
    return _entry(event, "arrow-merge", words, link=number, url=url)


def receipt_corrected(event: Event, sources: Sources) -> Entry:
    words = _("corrected the time of receipt from %(before)s to %(after)s")
    times = {
        name: moment_text(datetime.fromisoformat(event.data[name])) for name in ("before", "after")
    }
    note = sources.notes.get(event.data.get("note", 0))
    return _entry(event, "clock-edit", words % times, quote=note.text if note else "")


def recalculated(event: Event, sources: Sources) -> Entry:
    clock = event.data["clocks"][0]
    words = _("recalculated a clock by the new revision: %(milestone)s, %(before)s → %(after)s")
    return _entry(event, "refresh", words % {
        "milestone": dict(Milestone.choices).get(str(event.data.get("milestone")), ""),
        "before": moment_text(datetime.fromisoformat(clock["due_before"])),
        "after": moment_text(datetime.fromisoformat(clock["due_after"])),
    })  # fmt: skip


def urged(event: Event, sources: Sources) -> Entry:
    words = _("urged the owner (urge no. %(count)d)")
    return _entry(event, "bell-ringing", words % {"count": event.data.get("count", 1)})


def restored(event: Event, sources: Sources) -> Entry:
    note = sources.notes.get(event.data.get("note", 0))
    words = _("restored it: it is a complaint after all")
    return _entry(event, "arrow-back-up", words, quote=note.text if note else "")


def declined(event: Event, sources: Sources) -> Entry:
    what = _("declined it; it went back to %(branch)s") % {"branch": _branch(event, sources)}
    return _entry(event, "arrow-back-up", what, quote=sources.reasons.get(event.at, ""))


def moment_text(moment: datetime) -> str:
    """A moment on the company's clock, to the minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


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


def assessed(words: Any) -> Callable[[Event, Sources], Entry]:
    """An assessment of the branch; what concerns a person is not told here."""

    def say(event: Event, sources: Sources) -> Entry:
        if event.by is None:
            return _entry(event, "scale", _("An assessment is proposed: no work order in time"))
        return _entry(event, "scale", str(words))

    return say


def _joined(names: list[str]) -> str:
    return pgettext("between names", ", ").join(names)


WORDS: dict[str, Callable[[Event, Sources], Entry]] = {
    "logged": logged,
    "imported": plain("info-circle", gettext_lazy("taken over from another system")),
    "triage_undone": plain(
        "arrow-back-up", gettext_lazy("took the judgement back: received again")
    ),
    "judged_valid": judged_valid,
    "invalid_proposed": invalid_proposed,
    "invalid_confirmed": plain("ban", gettext_lazy("confirmed: this is not a complaint")),
    "invalid_rejected": plain("arrow-back-up", gettext_lazy("rejected: it is a complaint")),
    "handler_named": handler_named,
    "transferred": transferred,
    "declined": declined,
    "paused": paused,
    "resumed": resumed,
    "waiver_asked": waiver(gettext_lazy("asked for a waiver of the clock: %(milestone)s")),
    "waiver_granted": waiver(gettext_lazy("granted the waiver of the clock: %(milestone)s")),
    "waiver_declined": waiver(gettext_lazy("declined the waiver of the clock: %(milestone)s")),
    "recovery_given": recovery(gettext_lazy("gave the customer:")),
    "recovery_asked": recovery(gettext_lazy("asked for approval of a recovery:")),
    "recovery_approved": recovery(gettext_lazy("approved the recovery:")),
    "recovery_declined": recovery(gettext_lazy("declined the recovery:")),
    "recovery_cancelled": recovery(gettext_lazy("cancelled the recovery:")),
    "challenged": challenge,
    "challenge_answered": challenge,
    "followed": plain("eye", gettext_lazy("follows it for the customer")),
    "unfollowed": plain("eye-off", gettext_lazy("does not follow it any more")),
    "merged": merged,
    "merged_here": merged,
    "answered_with": merged,
    "receipt_corrected": receipt_corrected,
    "recalculated": recalculated,
    "urged": urged,
    "restored": restored,
    "accepted": plain("user-check", gettext_lazy("accepted it")),
    "apologised": replied,
    "answered": replied,
    "called_back": called,
    "callback_tried": called,
    "callback_unreached": given_up,
    "noted": noted,
    "attached": attached,
    "reopened": reopened,
    "closed": plain("lock", gettext_lazy("closed it")),
    "order_drafted": order(gettext_lazy("began the rectification work order")),
    "order_attached": order(gettext_lazy("added it to a rectification work order")),
    "order_detached": order(gettext_lazy("took it out of the rectification work order")),
    "order_submitted": order(gettext_lazy("submitted the rectification work order")),
    "order_returned": order(gettext_lazy("returned the rectification work order")),
    "order_confirmed": order(gettext_lazy("confirmed the rectification work order")),
    "order_annulled": order(gettext_lazy("annulled the rectification work order")),
    "notice_published": notice(gettext_lazy("published the notice")),
    "notice_withdrawn": notice(gettext_lazy("withdrew the notice")),
    FIRED: step_fired,
    "measure_done": order(gettext_lazy("finished a long-term measure of the order")),
    "measure_dropped": order(gettext_lazy("dropped a long-term measure of the order")),
    "effect_reported": order(gettext_lazy("reported the effect of the order")),
    "effectiveness_decided": order(gettext_lazy("judged whether the order was effective")),
    "improvement_requested": order(gettext_lazy("asked for a topic or a course with the order")),
    "step_fired": step_fired,
    SUPERSEDED: step_superseded,
    "assessment_proposed": assessed(gettext_lazy("proposed an assessment of the branch")),
    "assessment_decided": assessed(gettext_lazy("decided the assessment of the branch")),
    "assessment_rejected": assessed(gettext_lazy("rejected the assessment of the branch")),
    "assessment_appealed": assessed(gettext_lazy("appealed against the assessment")),
    "assessment_finished": assessed(gettext_lazy("answered the appeal against the assessment")),
    "accountability_written": plain("users", gettext_lazy("wrote down who answers")),
    "notice_due": plain("alert-triangle", gettext_lazy("A notice is due: no work order in time")),
}
