"""One complaint: what was said, its clocks, what happened, what is to do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from complaints import clock_face, clocks, timeline
from complaints.actions import contacts, looks
from complaints.forms.choices import branch_name
from complaints.forms.moves import MoveForm
from complaints.models import Complaint
from complaints.views import news_urls
from complaints.views.answers import address
from complaints.views.complaint_consequences import Consequences
from complaints.views.complaint_people import People
from complaints.views.found import complaint_or_404
from complaints.views.reading import is_read
from complaints.views.rows import Row, rows_of
from complaints.views.trail import trail
from csm.kit import clock, htmx
from organisation.access import can
from organisation.doors import me

# The newest events; the others are one link away.
EVENTS_SHOWN = 20


class Page(People, Consequences):
    """What the page of a complaint shows to one person."""


@require_safe
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    found, now = complaint_or_404(request, number), clock.now()
    if is_read(request):
        looks.look(complaint=found, by=me(request), now=now)
    return show(request, found, now=now, unfolded=request.GET.get("move", ""))


@require_POST
def phone(request: HttpRequest, number: str) -> HttpResponse:
    """The page with the whole number on it; written down, and never kept by a cache."""
    found = complaint_or_404(request, number)
    shown = contacts.reveal_phone(complaint=found, by=me(request), now=clock.now())
    if htmx.wants_part(request):
        context = {"complaint": found, "phone": shown}
        response = htmx.page(request, "complaints/_phone.html", context)
    else:
        response = show(request, found, phone=shown)
    response["Cache-Control"] = "no-store"
    return response


def show(
    request: HttpRequest,
    complaint: Complaint,
    *,
    now: datetime | None = None,
    refused: tuple[str, MoveForm] | None = None,
    unfolded: str = "",
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; a refused form stays open on it with what was typed."""
    is_pane = htmx.wants_part(request)
    shown = Page(
        complaint,
        me(request),
        now or clock.now(),
        refused=refused,
        unfolded=unfolded,
        is_pane=is_pane,
    )
    context = {
        "page": shown,
        "is_pane": is_pane,
        "rows": _row(shown) if is_pane else (),
        "complaint": complaint,
        "phone": phone,
        "trail": trail(request, complaint, shown.now),
        "news_url": news_urls.of_complaint(request, complaint, shown.now),
        **_more(request, shown),
    }
    return htmx.page(request, "complaints/complaint.html", context, part="pane", status=status)


def _row(shown: Page) -> list[Row]:
    """The complaint as the list beside it shows it."""
    targets = clocks.standard_targets()
    return rows_of([shown.complaint], person=shown.person, now=shown.now, targets=targets)


def _more(request: HttpRequest, shown: Page) -> Mapping[str, Any]:
    found = shown.complaint
    events = timeline.events_of(found)
    if request.GET.get("events") == "all":
        shown_events = list(events)
    else:
        shown_events = list(events.exclude(kind=timeline.SUPERSEDED)[:EVENTS_SHOWN])
    total = shown.facts.events
    return {
        "clocks": shown.cycles[0].clocks,
        "explain_url": reverse("complaint-clocks", args=(found.number,)),
        "entries": timeline.entries(found, shown_events),
        "more_events": total if total > len(shown_events) else 0,
        "responsible": branch_name(found.branch) if found.triaged_at else "",
        "lag": clock_face.short_time(found.logged_at - found.received_at)
        if found.was_logged_late
        else "",
        "attachments": found.attachments.select_related("file") if shown.facts.files else (),
        "customer_url": address("customer", found.customer_id) if _sees_customer(shown) else "",
        "form": shown.refused[1] if shown.refused else None,
    }


def _sees_customer(shown: Page) -> bool:
    customer = shown.complaint.customer
    return customer is not None and can(shown.person, "customer.see", customer)
