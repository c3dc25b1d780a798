"""The calendar address of a person: given, ended, and read without a login."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, icalendar
from csm.kit.htmx import go
from csm.kit.icalendar import Event
from csm.kit.masking import mask_name
from customers.actions import visit_feeds as actions
from customers.models import Kind, Visit, VisitFeed, VisitStatus
from customers.models.visit import FEED
from organisation.access import visible
from organisation.doors import me
from organisation.public import Missing, open_link, public, speak

BACK = timedelta(days=31)
MOST = 1000


@require_POST
def give(request: HttpRequest) -> HttpResponse:
    actions.give(by=me(request), now=clock.now())
    messages.success(request, _("Your calendar has an address now."))
    return go(request, "visits")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    actions.end(by=me(request), now=clock.now())
    messages.success(request, _("The address of your calendar ended."))
    return go(request, "visits")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The visits of its owner, as far as they still see them.

    Other firms keep a copy of it: neither the whole name of a person nor where they live, and
    nothing that somebody wrote.
    """
    now = clock.now()
    link = open_link(request, token, purpose=FEED, now=now)
    found = VisitFeed.objects.filter(link=link).select_related("person").first()
    if found is None or not found.person.is_active:
        raise Missing
    speak(request, found.person.language)
    rows = visible(Visit, found.person).filter(
        owner=found.person, status=VisitStatus.PLANNED, on__gte=timezone.localdate(now) - BACK
    )
    rows = rows.select_related("customer").order_by("on", "pk")[:MOST]
    text = icalendar.calendar(_("Visits"), [_event(row) for row in rows])
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _event(row: Visit) -> Event:
    customer = row.customer
    is_person = customer.kind == Kind.PERSON
    name = mask_name(customer.name) if is_person else customer.name
    starts = row.on
    if row.starts_at is not None:
        starts = datetime.combine(row.on, row.starts_at, ZoneInfo(settings.TIME_ZONE))
    url = f"{settings.BASE_URL}{reverse('visit', args=[row.pk])}"
    return Event(
        uid=f"visit-{row.pk}@csm",
        starts=starts,
        summary=f"{row.get_kind_display()}: {name}",
        changed_at=row.at,
        place="" if is_person else row.place,
        text=f"{row.get_purpose_display()}\n{url}",
    )
