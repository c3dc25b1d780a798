"""The way from a list to a complaint and on to its neighbours: the conditions travel along."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from complaints import keyset
from complaints.conditions import PLACES
from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from complaints.views.listing import Listing
from organisation.doors import me

PARAMETER = "list"
# Longer ones are none of ours.
LONGEST = 1000


@dataclass(frozen=True)
class Trail:
    """Where the person came from. `query` is what links on the page carry ("" without a list)."""

    back_url: str
    query: str
    previous_url: str
    next_url: str


def query_of(given: QueryDict) -> str:
    """The part of a row's address that leads back to this list."""
    params = given.copy()
    for name in PLACES:
        params.pop(name, None)
    text = params.urlencode()
    return f"?{urlencode({PARAMETER: text})}" if len(text) <= LONGEST else ""


def carried(request: HttpRequest) -> str:
    """What a link or a form of the page carries on."""
    text = request.GET.get(PARAMETER)
    if text is None or len(text) > LONGEST or "\0" in text:
        return ""
    return f"?{urlencode({PARAMETER: text})}"


def list_url(request: HttpRequest) -> str:
    """The list that the person came from; "" when it was none."""
    return f"{reverse('complaints')}?{request.GET[PARAMETER]}" if carried(request) else ""


def trail(request: HttpRequest, complaint: Complaint, now: datetime) -> Trail:
    """The list that the person came from, and the complaints before and after this one there."""
    back, query = reverse("complaints"), carried(request)
    if not query:
        return Trail(back, "", "", "")
    text = request.GET[PARAMETER]
    listing = Listing(QueryDict(text), me(request), now)
    rows = cast(ComplaintQuerySet, listing.filter.qs)
    segments = keyset.ORDERS[listing.order]
    place = str(keyset.place_in(complaint, segments))
    before = keyset.page(rows, segments, before=place, size=1).rows
    after = keyset.page(rows, segments, after=place, size=1).rows
    return Trail(
        back_url=f"{back}?{text}" if text else back,
        query=query,
        previous_url=_url(before, query),
        next_url=_url(after, query),
    )


def _url(rows: list[Complaint], query: str) -> str:
    return reverse("complaint", args=(rows[0].number,)) + query if rows else ""
