"""What is new since a page was made: small answers that an open page asks for again and again."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.http import quote_etag
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from complaints import looks, news
from complaints.actions.guard import EARLIEST, LATEST
from complaints.actions.looks import stay
from complaints.models import Complaint
from complaints.views.found import complaint_or_404
from complaints.views.listing import Listing
from complaints.views.news_urls import OWN, SHOWN, SINCE
from complaints.views.reading import is_read
from complaints.views.trail import carried
from csm.kit import clock, htmx
from organisation.doors import me


@require_safe
def list_news(request: HttpRequest) -> HttpResponseBase:
    """How many complaints of this list are new or changed by others; nothing moves for it."""
    given = request.GET.copy()
    for name in OWN:
        given.pop(name, None)
    since = moment(request.GET.get(SINCE, ""))
    if since is None:
        return HttpResponse(status=204)
    count = news.count(
        Listing(given, me(request), clock.now()).filter.qs,
        shown=_ids(request.GET.get(SHOWN, "")),
        person=me(request),
        since=since,
    )
    words = f"{news.MOST}+" if count > news.MOST else str(count)
    url = f"{reverse('complaints')}?{given.urlencode()}"
    context = {"count": count, "words": words, "at": since, "url": url}
    return _answer(request, "complaints/_list_news.html", context)


@require_safe
def complaint_news(request: HttpRequest, number: str) -> HttpResponseBase:
    """Who else is looking, and who has changed the complaint meanwhile."""
    complaint, person, now = complaint_or_404(request, number), me(request), clock.now()
    if is_read(request):
        stay(complaint=complaint, by=person, now=now)
    others = looks.others(complaint, person, now)
    context = {
        "complaint": complaint,
        "others": others,
        "names": pgettext("between names", ", ").join(other.name for other in others),
        "change": _change(complaint, request),
        "url": reverse("complaint", args=(number,)) + carried(request),
    }
    return _answer(request, "complaints/_complaint_news.html", context)


def _change(complaint: Complaint, request: HttpRequest) -> Complaint | None:
    """The complaint, if somebody else changed it since the page was made."""
    since, changed_at = moment(request.GET.get(SINCE, "")), complaint.changed_at
    is_mine = complaint.changed_by_id == me(request).pk
    is_newer = since is not None and changed_at is not None and changed_at > since
    return complaint if is_newer and not is_mine else None


def _answer(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponseBase:
    """The part; 304 while it is the one that the browser has."""
    response = htmx.page(request, template, context)
    etag = quote_etag(blake2b(response.content, digest_size=8).hexdigest())
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def moment(text: str) -> datetime | None:
    """The moment that an address names; None for what is none, or one that nobody means."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not EARLIEST < found.year < LATEST:
        return None
    return found


def _ids(text: str) -> list[int]:
    """The ids that an address names; what is none is left out."""
    parts = text.split(",")[: news.MOST_SHOWN]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]
