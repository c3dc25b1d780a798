"""The time line of a notice in words, as far as it is the reader's to know."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints import timeline
from complaints.models import Event, Notice
from complaints.timeline import Entry
from organisation.models import Branch

# Each with its icon. What a person did reads on after their name, what the clock did does not.
WORDS: dict[str, tuple[str, Promise]] = {
    "notice_drafted": ("pencil", _("drafted the notice")),
    "notice_changed": ("pencil", _("changed the draft")),
    "notice_consulted": ("message", _("asked %(count)s units for their opinion")),
    "opinion_given": ("message", _("gave the opinion of a unit")),
    "notice_published": ("speakerphone", _("published it")),
    "notice_acknowledged": ("check", _("acknowledged it for %(branch)s")),
    "notice_corrected": ("rotate", _("began a correction")),
    "notice_withdrawn": ("ban", _("withdrew it")),
}
BY_CLOCK = _("A deadline has passed: the notice was drafted.")
# What the branches learn that it is for.
PUBLIC = ("notice_published", "notice_acknowledged", "notice_withdrawn")


def events_of(notice: Notice, *, is_insider: bool) -> QuerySet[Event]:
    """Newest first, with who did it."""
    rows = Event.objects.filter(notice=notice).exclude(kind=timeline.SUPERSEDED)
    rows = rows if is_insider else rows.filter(kind__in=PUBLIC)
    return rows.select_related("by", "step")


def entries(events: Iterable[Event]) -> list[Entry]:
    events = list(events)
    ids = {pk for event in events if isinstance(pk := event.data.get("branch"), int)}
    branches = Branch.objects.in_bulk(ids) if ids else {}
    return [_entry(event, branches) for event in events]


def _entry(event: Event, branches: dict[int, Branch]) -> Entry:
    if event.kind == timeline.FIRED:
        return Entry(at=event.at, icon="bell", what=timeline.step_words(event), is_system=True)
    if event.by is None:
        return Entry(at=event.at, icon="pencil", what=str(BY_CLOCK), is_system=True)
    icon, words = WORDS[event.kind]
    branch = branches.get(event.data.get("branch", 0))
    given = {"count": event.data.get("count", 0), "branch": branch.label if branch else ""}
    return Entry(at=event.at, icon=icon, who=event.by.name, what=str(words) % given)
