"""The list of notices."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.models import Notice, NoticeStatus
from complaints.notice_list import NoticeFilter, Spread, spreads, to_acknowledge, unread
from complaints.views.tabs import Tab, by_status, without
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import can, places
from organisation.doors import me
from organisation.models import Person


@dataclass(frozen=True)
class Row:
    """A notice, how far it has spread, and what the reader's own branch has still to do."""

    notice: Notice
    spread: Spread
    is_unread: bool
    is_to_acknowledge: bool


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first; one tab per state."""
    person, now = me(request), clock.now()
    found = NoticeFilter(request.GET, person=person, now=now)
    rows = found.qs.select_related("issuing_branch", "complaint")
    shown = keyset.page(rows, order=("-created_at", "-pk"), params=request.GET)
    context = {
        "rows": _rows(shown.rows, person),
        "found": shown,
        "tabs": _tabs(request.GET, person, now),
        "state": request.GET.get("state", ""),
        "hidden": _kept(request.GET),
        "search": request.GET.get("search", ""),
        "chips": _chips(found, request.GET),
        "places": places(person, "branch.see"),
        "may_write": can(person, "notice.write"),
    }
    return page(request, "complaints/notice_list.html", context, part="list")


def _kept(given: QueryDict) -> list[tuple[str, str]]:
    """The conditions that another one is added to."""
    names = ("state", "waiting", "complaint", "branch")
    return [(name, value) for name in names for value in given.getlist(name) if value]


def _rows(notices: list[Notice], person: Person) -> list[Row]:
    spread = spreads(notices)
    mine = {
        name: set(rows(person).filter(notice__in=notices).values_list("notice", flat=True))
        for name, rows in (("unread", unread), ("open", to_acknowledge))
    }
    return [
        Row(each, spread[each.pk], each.pk in mine["unread"], each.pk in mine["open"])
        for each in notices
    ]


def _tabs(given: QueryDict, person: Person, now: datetime) -> list[Tab]:
    """Counts of what the other conditions leave."""
    others = NoticeFilter(without(given, "state"), person=person, now=now)
    return by_status(others.qs, NoticeStatus.choices, given, name="state")


def _chips(found: NoticeFilter, given: QueryDict) -> list[dict[str, str]]:
    """The conditions beside the state, each with the way without it."""
    found.is_valid()
    data = found.form.cleaned_data
    chips = [("branch", _("Branch"), str(row.label)) for row in data.get("branch") or ()]
    chips += [("complaint", _("Complaint"), number) for number in data.get("complaint") or ()]
    if waiting := data.get("waiting"):
        labels = dict(found.filters["waiting"].extra["choices"])
        chips.append(("waiting", _("Waits for us"), str(labels[waiting])))
    if search := data.get("search"):
        chips.append(("search", _("Search"), search))
    return [
        {"label": label, "value": value, "url": f"?{without(given, name).urlencode()}"}
        for name, label, value in chips
    ]
