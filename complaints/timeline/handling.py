"""Receiving, judging, assigning, merging and closing a complaint."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import clock_face
from complaints.models import Channel, Event
from complaints.sources import Sources
from complaints.timeline.entry import Entry, Say, branch_of, entry_of, plain


def logged(event: Event, sources: Sources) -> Entry:
    complaint = sources.complaint
    channel = dict(Channel.choices).get(str(event.data.get("channel")), "")
    note = ""
    if complaint.was_logged_late:
        note = _("logged %(time)s after the receipt") % {
            "time": clock_face.short_time(complaint.logged_at - complaint.received_at)
        }
    return entry_of(event, "inbox", _("logged it (%(channel)s)") % {"channel": channel}, note=note)


def judged_valid(event: Event, sources: Sources) -> Entry:
    return entry_of(event, "arrow-narrow-right", _given(event, sources, {
        "both": _("judged it valid and assigned it to %(branch)s, handler %(person)s"),
        "branch": _("judged it valid and assigned it to %(branch)s"),
    }))  # fmt: skip


def transferred(event: Event, sources: Sources) -> Entry:
    was = sources.branches.get(event.data.get("from_branch", 0))
    what = _("transferred it from %(from)s to %(to)s") % {
        "from": was.label if was else "",
        "to": branch_of(event, sources),
    }
    return entry_of(event, "arrow-narrow-right", what, quote=sources.reasons.get(event.at, ""))


def handler_named(event: Event, sources: Sources) -> Entry:
    person = sources.people.get(event.data.get("handler") or 0)
    if person is None:
        return entry_of(event, "user-check", _("left it without a handler"))
    what = _("named %(person)s as handler") % {"person": person.name}
    return entry_of(event, "user-check", what)


def _given(event: Event, sources: Sources, words: dict[str, str]) -> str:
    person = sources.people.get(event.data.get("handler") or 0)
    if person is None:
        return words["branch"] % {"branch": branch_of(event, sources)}
    return words["both"] % {"branch": branch_of(event, sources), "person": person.name}


def invalid_proposed(event: Event, sources: Sources) -> Entry:
    reason = sources.complaint.invalid_reason
    return entry_of(event, "flag", _("proposed: this is not a complaint"), quote=reason)


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
    return entry_of(event, "arrow-merge", words, link=number, url=url)


def urged(event: Event, sources: Sources) -> Entry:
    words = _("urged the owner (urge no. %(count)d)")
    return entry_of(event, "bell-ringing", words % {"count": event.data.get("count", 1)})


def restored(event: Event, sources: Sources) -> Entry:
    note = sources.notes.get(event.data.get("note", 0))
    words = _("restored it: it is a complaint after all")
    return entry_of(event, "arrow-back-up", words, quote=note.text if note else "")


def reopened(event: Event, sources: Sources) -> Entry:
    note = sources.notes.get(event.data.get("note", 0))
    words = _("opened it again: cycle %(cycle)d") % {"cycle": event.cycle}
    return entry_of(event, "rotate", words, quote=note.text if note else "")


def declined(event: Event, sources: Sources) -> Entry:
    what = _("declined it; it went back to %(branch)s") % {"branch": branch_of(event, sources)}
    return entry_of(event, "arrow-back-up", what, quote=sources.reasons.get(event.at, ""))


WORDS: dict[str, Say] = {
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
    "followed": plain("eye", gettext_lazy("follows it for the customer")),
    "unfollowed": plain("eye-off", gettext_lazy("does not follow it any more")),
    "merged": merged,
    "merged_here": merged,
    "answered_with": merged,
    "urged": urged,
    "restored": restored,
    "accepted": plain("user-check", gettext_lazy("accepted it")),
    "reopened": reopened,
    "closed": plain("lock", gettext_lazy("closed it")),
    "accountability_written": plain("users", gettext_lazy("wrote down who answers")),
}
