"""What touched a customer, as people read it: by kind, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from csm.kit import keyset
from customers.models import Customer, TimelineEntry
from organisation.access import visible
from organisation.models import Person

SIZE = 50
# What the rooms above write down: icon and words.
KINDS: dict[str, tuple[str, Promise | str]] = {
    "complaint": ("message-circle", gettext_lazy("Complaint")),
    "customer_merged": ("users", gettext_lazy("Merged into this one")),
    "callback": ("phone", gettext_lazy("Callback")),
    "competitor": ("eye", gettext_lazy("A competitor was seen")),
    "customer_visit": ("users", gettext_lazy("Visit to the customer")),
    "customer_reception": ("users", gettext_lazy("Reception of the customer")),
    "retention": ("alert-triangle", gettext_lazy("Keeping the customer")),
    "survey_answered": ("list", gettext_lazy("Answered a survey")),
    "survey_wish": ("mail", gettext_lazy("Wish about surveys")),
}
OTHER = ("history", "")
# What is chosen together.
GROUPS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "complaints": (gettext_lazy("Complaints"), ("complaint",)),
    "callbacks": (gettext_lazy("Callbacks"), ("callback",)),
    "surveys": (gettext_lazy("Surveys"), ("survey_answered", "survey_wish")),
    "visits": (gettext_lazy("Visits"), ("customer_visit", "customer_reception")),
    "others": (gettext_lazy("Other things"), ()),
}


@dataclass(frozen=True)
class Entry:
    """A line of the customer's time line, with the page it leads to."""

    at: datetime
    icon: str
    what: str
    link: str
    url: str
    note: str


def shown(
    customer: Customer, person: Person, params: QueryDict, *, size: int = SIZE
) -> dict[str, Any]:
    """One page of what the person may see, newest first, and the kinds to choose from."""
    chosen = params.get("kind", "")
    rows = visible(TimelineEntry, person).filter(customer=customer).select_related("branch")
    if chosen in GROUPS:
        kinds = GROUPS[chosen][1]
        named = [kind for _words, group in GROUPS.values() for kind in group]
        rows = rows.filter(kind__in=kinds) if kinds else rows.exclude(kind__in=named)
    found = keyset.page(rows, order=("-at", "-pk"), params=params, size=size)
    address = reverse("customer-timeline", args=[customer.pk])
    return {
        "entries": [_entry(row) for row in found.rows],
        "is_filtered": chosen in GROUPS,
        "kinds": _tabs(address, chosen),
        "previous": _turned(address, chosen, "before", found.previous),
        "next": _turned(address, chosen, "after", found.next),
    }


def _tabs(address: str, chosen: str) -> list[dict[str, Any]]:
    choices = [("", gettext_lazy("All")), *((key, row[0]) for key, row in GROUPS.items())]
    return [
        {
            "url": f"{address}?{urlencode({'kind': key})}" if key else address,
            "label": label,
            "is_current": key == (chosen if chosen in GROUPS else ""),
        }
        for key, label in choices
    ]


def _turned(address: str, chosen: str, side: str, place: str) -> str:
    """The address of the next page or the one before; empty at an end."""
    asked = {"kind": chosen, side: place} if chosen in GROUPS else {side: place}
    return f"{address}?{urlencode(asked)}" if place else ""


def _entry(row: TimelineEntry) -> Entry:
    icon, what = KINDS.get(row.kind, OTHER)
    return Entry(
        at=row.at,
        icon=icon,
        what=str(what),
        link=row.title,
        url=_address(row),
        note=row.branch.label,
    )


def _address(row: TimelineEntry) -> str:
    """The page of what happened; none while its room is not part of this installation."""
    try:
        return reverse(row.url_name, args=[row.reference.split("/")[0]])
    except NoReverseMatch:
        return ""
