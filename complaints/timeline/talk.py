"""What was said to the customer, noted and attached."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints import clock_face
from complaints.models import Event, Reply
from complaints.sources import Sources
from complaints.timeline.entry import Entry, Say, entry_of, plain


def replied(event: Event, sources: Sources) -> Entry:
    reply = sources.replies.get(event.data.get("reply", 0))
    words = {
        "apologised": _("apologised to the customer (%(channel)s)"),
        "answered": _("gave the customer the result (%(channel)s)"),
    }[event.kind]
    if reply is None:
        return entry_of(event, "phone", words % {"channel": ""})
    return entry_of(
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
        return entry_of(event, "phone-off", what, quote=attempt.words if attempt else "")
    words = {
        True: _("called the customer back: satisfied"),
        False: _("called the customer back: not satisfied"),
    }[bool(attempt.is_satisfied)]
    note = "" if attempt.score is None else _("score %(score)d of 10") % {"score": attempt.score}
    return entry_of(event, "phone", words, quote=attempt.words, note=note)


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
    return entry_of(event, "message-circle", words, quote=note.text if note else "")


def attached(event: Event, sources: Sources) -> Entry:
    attachment = sources.attachments.get(event.data.get("attachment", 0))
    if attachment is None:
        return entry_of(event, "paperclip", _("added a file"))
    file = attachment.file
    number = sources.complaint.number
    return entry_of(
        event,
        "paperclip",
        pgettext("before a file name", "added"),
        link=file.name,
        url=reverse("complaint-file", args=(number, file.pk)),
    )


def said_by_customer(words: Any) -> Say:
    """What came over the page of the customer's link."""

    def say(event: Event, sources: Sources) -> Entry:
        message = sources.customer_messages.get(event.data.get("customer_message", 0))
        return entry_of(event, "message-circle", str(words), quote=message.text if message else "")

    return say


WORDS: dict[str, Say] = {
    "apologised": replied,
    "answered": replied,
    "called_back": called,
    "callback_tried": called,
    "callback_unreached": given_up,
    "noted": noted,
    "attached": attached,
    "customer_added": said_by_customer(gettext_lazy("added by the link:")),
    "customer_not_solved": said_by_customer(gettext_lazy("says by the link: not solved")),
    "promises_marked": plain("flag", gettext_lazy("noted which promises were broken")),
    "link_revoked": plain("ban", gettext_lazy("ended the customer's link")),
    "link_renewed": plain("refresh", gettext_lazy("sent the customer a new link")),
}
