"""What a person was told, newest first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import visible
from organisation.actions import inbox as actions
from organisation.doors import me
from organisation.models import Channel, Importance, Message, Person
from organisation.texts import Text, render


@dataclass(frozen=True)
class Tab:
    """A view of the inbox; without `texts`, everything."""

    code: str
    label: Promise
    texts: tuple[str, ...] = ()


TABS = (
    Tab("", gettext_lazy("All")),
    Tab("clocks", gettext_lazy("Clock reminders"), ("timer_step",)),
    Tab("mentions", gettext_lazy("Mentions"), ("mentioned",)),
    Tab(
        "decisions",
        gettext_lazy("For me to decide"),
        ("complaint_logged", "invalid_proposed", "work_order_submitted", "measures_finished"),
    ),
)
ICONS = {
    Importance.REMINDER: ("s-risk", "risk"),
    Importance.OVERDUE: ("s-over", "over"),
    Importance.ESCALATED: ("s-over", "over"),
}
# What is no clock reminder has the icon of its kind.
TEXT_ICONS = {
    "mentioned": "message-circle",
    "callback_result": "phone",
    "event_report": "check",
    "work_order_submitted": "file-text",
    "work_order_returned": "arrow-back-up",
    "work_order_confirmed": "check",
    "measures_finished": "check",
    "effect_reported": "message",
    "lessons_offered": "file-text",
    "invalid_proposed": "flag",
    "morning": "calendar",
    "job_done": "download",
    "job_failed": "alert-triangle",
}
OTHER_ICON = "inbox"


@dataclass(frozen=True)
class Row:
    """A message in the reader's language, under the day on which it came."""

    message: Message
    text: Text
    icon: str
    css: str
    day: str

    @property
    def numbers(self) -> list[str]:
        """Complaints that the text names one by one."""
        return [row["number"] for row in self.message.context.get("worst", ())]


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    mine = _inbox_of(me(request))
    tab = next((tab for tab in TABS if tab.code == request.GET.get("view", "")), TABS[0])
    rows = mine.filter(text__in=tab.texts) if tab.texts else mine
    if only_unread := request.GET.get("unread") == "1":
        rows = rows.filter(read_at__isnull=True)
    found = keyset.page(rows, order=("-created_at", "-pk"), params=request.GET)
    unread = dict(mine.filter(read_at=None).order_by().values_list("text").annotate(Count("pk")))
    today = timezone.localdate(clock.now())
    context = {
        "rows": [_row(message, today) for message in found.rows],
        "found": found,
        "unread": sum(unread.values()),
        "only_unread": only_unread,
        "tab": tab,
        "tabs": [_tab(each, unread, is_current=each is tab) for each in TABS],
    }
    return page(request, "organisation/inbox.html", context, part="list")


@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it read and goes where it leads."""
    message = get_object_or_404(_inbox_of(me(request)), pk=pk)
    actions.read(message=message, now=clock.now())
    return redirect(message.path or "inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = actions.read_all(person=me(request), now=clock.now())
    words = ngettext("%(count)d message marked read.", "%(count)d messages marked read.", count)
    messages.success(request, words % {"count": count})
    return go(request, "inbox")


def _inbox_of(person: Person) -> QuerySet[Message]:
    return visible(Message, person).filter(channel=Channel.INBOX)


def _row(message: Message, today: date) -> Row:
    icon, css = ICONS.get(Importance(message.importance), (OTHER_ICON, ""))
    if message.text != "timer_step":
        icon, css = TEXT_ICONS.get(message.text, OTHER_ICON), ""
    return Row(message, render(message), icon, css, _day(message, today))


def _day(message: Message, today: date) -> str:
    on = timezone.localdate(message.created_at)
    if on >= today:
        return _("Today")
    return _("Yesterday") if on == today - timedelta(days=1) else _("Earlier")


def _tab(tab: Tab, unread: dict[str, int], *, is_current: bool) -> dict[str, Any]:
    count = sum(unread.get(text, 0) for text in tab.texts)
    return {
        "url": f"?view={tab.code}" if tab.code else "?",
        "label": tab.label,
        "count": count or None,
        "is_current": is_current,
    }
