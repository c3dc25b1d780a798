"""What every page shows around its own content. A part that HTMX asks for pays nothing for it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from complaints import clock_face
from organisation import access

# Sweeps run every 15 s: two intervals without one, and the clocks can no longer be trusted.
LAG = timedelta(seconds=30)
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Room:
    """An entry of the navigation; without a verb, everybody who is logged in sees it."""

    url_name: str
    label: Promise
    icon: str
    verb: str = ""
    # On the bar at the foot of a phone: the label there, if any.
    tab: Promise | None = None
    # Pages with another address that belong to it.
    beside: str = ""
    # Folded away on the bar of a desk: what is looked up rather than worked through.
    is_folded: bool = False


ROOMS = (
    Room("my-work", _("My work"), "home", tab=_("My work")),
    Room("complaints", _("Complaints"), "list", "complaint.see", _("Complaints")),
    Room(
        *("work-orders", _("Work orders"), "file-text", "work_order.see", _("Orders")),
        beside="dissatisfied-items",
    ),
    Room("callbacks", _("Callbacks"), "phone", "callback.record", _("Callbacks")),
    Room("customers", _("Customers"), "users", "customer.see"),
    Room("rankings", _("Rankings"), "chart-bar", "ranking.see"),
    Room("notices", _("Notices"), "speakerphone", "notice.see", is_folded=True),
    Room("assessments", _("Assessments"), "scale", "assessment.see", is_folded=True),
    Room("surveys", _("Surveys"), "checklist", "survey.see", is_folded=True),
    Room("staff", _("Incentives"), "star", "incentive.see", is_folded=True),
    Room("settings", _("Settings"), "settings", "settings.see", is_folded=True),
)


@dataclass(frozen=True)
class Entry:
    """A room as it stands in the bar of this page."""

    room: Room
    url: str
    is_current: bool


@dataclass(frozen=True)
class Badge:
    """Whether the clocks are looked at; `url` leads those who may to where it says more."""

    is_lagging: bool
    title: str
    url: str = ""


class Told(NamedTuple):
    """What the database says to the frame; the sweep may never have run."""

    ran_at: datetime | None
    now: datetime
    unread: int


# A constant: every page asks it.
TOLD = """
SELECT (SELECT ran_at FROM "organisation_sweeprun" WHERE name = 'escalation'),
       statement_timestamp(),
       (SELECT count(*) FROM organisation_message
        WHERE recipient_id = %s AND channel = 'inbox' AND read_at IS NULL)
"""


class Shell:
    """The frame of a page. Everything is read on first use: at most one query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def now(self) -> datetime:
        """The database's time, as the deadlines have it; on public pages this machine's."""
        return self._sweep[1] if self._sweep else timezone.now()

    @property
    def milliseconds(self) -> int:
        """The server's time for the countdown script."""
        return int(self.now.timestamp() * 1000)

    @cached_property
    def entries(self) -> list[Entry]:
        person = self._request.user
        if not person.is_authenticated:
            return []
        return [
            self._entry(room, url)
            for room in ROOMS
            if (not room.verb or access.can(person, room.verb)) and (url := _url(room.url_name))
        ]

    @property
    def shown(self) -> list[Entry]:
        """The entries that stand on the bar of a desk; one alone is not worth a fold."""
        return [entry for entry in self.entries if entry not in self.folded]

    @cached_property
    def folded(self) -> list[Entry]:
        """Those under "More": the bar fits a desk in both languages."""
        found = [entry for entry in self.entries if entry.room.is_folded]
        return found if len(found) > 1 else []

    @property
    def is_in_fold(self) -> bool:
        return any(entry.is_current for entry in self.folded)

    def _entry(self, room: Room, url: str) -> Entry:
        path = self._request.path
        is_beside = bool(room.beside) and path.startswith(_url(room.beside) or url)
        is_current = path == url if url == "/" else path.startswith(url) or is_beside
        return Entry(room, url, is_current)

    @property
    def keeps_phrases(self) -> bool:
        """Whether canned replies are the person's to keep: their way there is the menu."""
        person = self._request.user
        return person.is_authenticated and access.can(person, "phrase.edit")

    @property
    def unread(self) -> int:
        return self._told.unread if self._told else 0

    @property
    def _sweep(self) -> tuple[datetime, datetime] | None:
        """When the clocks were last looked at, and the database's time."""
        told = self._told
        return (told.ran_at, told.now) if told and told.ran_at else None

    @cached_property
    def _told(self) -> Told | None:
        """All that the frame asks the database for, in one query."""
        person = self._request.user
        if not person.is_authenticated:
            return None
        with connection.cursor() as cursor:
            cursor.execute(TOLD, [person.pk])
            return Told(*cursor.fetchone())

    @cached_property
    def clock(self) -> Badge:
        person = self._request.user
        may_look = person.is_authenticated and access.can(person, "operations.see")
        url = reverse("operations") if may_look else ""
        if self._sweep is None:
            return Badge(is_lagging=True, title=gettext("Never checked"), url=url)
        ran_at, now = self._sweep
        lag = max(now - ran_at, timedelta(0))
        return Badge(is_lagging=lag > LAG, title=_checked(lag), url=url)

    @property
    def company(self) -> str:
        return settings.COMPANY_NAME or "CSM"

    @property
    def language(self) -> str:
        """The page's language as HTML names it."""
        return "en" if get_language() == "en" else "zh-Hans"

    @property
    def theme(self) -> str:
        """The theme that the person has fixed, or nothing: as the system has it."""
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @property
    def script_words(self) -> str:
        return _script_words(get_language())


@lru_cache(maxsize=8)
def _script_words(language: str | None) -> str:
    return json.dumps(clock_face.script_words(), ensure_ascii=False)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}


def _url(name: str) -> str:
    """The room's address; empty while the room is not part of this installation."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _checked(lag: timedelta) -> str:
    if lag < timedelta(minutes=2):
        return gettext("Checked %(seconds)d s ago") % {"seconds": lag.total_seconds()}
    return gettext("Checked %(minutes)d min ago") % {"minutes": lag / timedelta(minutes=1)}
