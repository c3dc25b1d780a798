"""One line of a time line, and what the words of several kinds of event share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from complaints.actions.customer_words import CUSTOMER
from complaints.models import Event
from complaints.sources import Sources

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


Say = Callable[[Event, Sources], Entry]


def entry_of(event: Event, icon: str, what: str, **more: Any) -> Entry:
    who = event.by.name if event.by else ""
    if event.data.get("author") == CUSTOMER:
        who = pgettext("who did it", "The customer")
    return Entry(at=event.at, icon=icon, what=what, who=who, is_system=not who, **more)


def plain(icon: str, words: Any) -> Say:
    """An event that needs no more than its sentence."""

    def say(event: Event, sources: Sources) -> Entry:
        return entry_of(event, icon, str(words))

    return say


def branch_of(event: Event, sources: Sources) -> str:
    branch = sources.branches.get(event.data.get("branch", 0))
    return branch.label if branch else ""


def moment_text(moment: datetime) -> str:
    """A moment on the company's clock, to the minute."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
