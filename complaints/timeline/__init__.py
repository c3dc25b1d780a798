"""The time line of a complaint in words: events say what, the rows they point to say it in full."""

from collections.abc import Iterable

from django.db.models import QuerySet

from complaints.models import Complaint, Event
from complaints.sources import Sources
from complaints.timeline import clocks, handling, records, talk
from complaints.timeline.clocks import step_words
from complaints.timeline.entry import FIRED, SUPERSEDED, Entry, Say, entry_of, moment_text

__all__ = [
    "FIRED",
    "SUPERSEDED",
    "WORDS",
    "Entry",
    "entries",
    "events_of",
    "moment_text",
    "step_words",
]
WORDS: dict[str, Say] = handling.WORDS | talk.WORDS | clocks.WORDS | records.WORDS


def entries(complaint: Complaint, events: Iterable[Event]) -> list[Entry]:
    """The events in words, in their order. At most one query for each kind of row they point to."""
    events = list(events)
    sources = Sources(complaint, events)
    return [WORDS.get(event.kind, other)(event, sources) for event in events]


def events_of(complaint: Complaint) -> QuerySet[Event]:
    """All that happened, newest first, with who did it."""
    return Event.objects.filter(complaint=complaint).select_related("by", "step")


def other(event: Event, sources: Sources) -> Entry:
    """Something that a later version wrote down."""
    return entry_of(event, "info-circle", event.kind)
