"""The list of complaints: filters in the address, all four clocks on every row."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from complaints import clock_face
from complaints.actions.bulk import MOST
from complaints.filters import ORDERINGS
from complaints.forms.chosen import OFTEN, SELDOM, VISIBLE, adders, chips
from complaints.models import Complaint
from complaints.views import bulk_words, news_urls, saved_views
from complaints.views.listing import Listing, counted, range_of
from complaints.views.rows import rows_of
from complaints.views.tabs import Tab
from complaints.views.trail import query_of
from csm.kit import clock, htmx
from organisation.access import can, visible
from organisation.doors import me


@require_safe
def complaint_list(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    listing = Listing(request.GET, person, now)
    page, count = listing.page(), listing.count()
    targets = listing.targets
    rows = rows_of(page.rows, person=person, now=now, targets=targets)
    views = saved_views.tabs(person, current=listing.query)
    context = {
        "rows": rows,
        "now": now,
        "news_url": news_urls.of_list(request.GET, rows, now),
        "trail": query_of(request.GET),
        "heads": clock_face.heads(targets),
        "page": page,
        "range": range_of(page, count),
        "count": counted(count),
        "ordering": listing.order,
        "order": dict(ORDERINGS)[listing.order],
        "tabs": _tabs(listing, views),
        "view_tabs": views,
        "query": listing.query,
        "dropped": pgettext("between sentences", "; ").join(listing.dropped),
        "counts_query": urlencode({"current": listing.query}),
        "often": adders(listing.filter.form, OFTEN),
        "seldom": adders(listing.filter.form, SELDOM),
        "orders": ORDERINGS,
        "bulk_acts": bulk_words.offered(person),
        "bulk_all": _all(count),
        "given": request.GET,
        "open_url": _open_url(request),
        "may_log": can(person, "complaint.log"),
        **_conditions(listing),
    }
    return htmx.page(request, "complaints/complaint_list.html", context, part="results")


def _open_url(request: HttpRequest) -> str:
    """Of the complaint that the address has open beside the list; the script shows it there."""
    number = request.GET.get("open", "")
    if not number:
        return ""
    rows = visible(Complaint, me(request)).filter(number=number[:24].replace("\0", ""))
    if not rows.exists():
        return ""
    return reverse("complaint", args=(number,)) + query_of(request.GET)


def _tabs(listing: Listing, views: Sequence[Tab]) -> list[Tab]:
    """One tab is the current one: where that is a view, it is none of these."""
    tabs = listing.tabs()
    if not any(view.is_current for view in views):
        return tabs
    return [replace(tab, is_current=False) for tab in tabs]


def _conditions(listing: Listing) -> dict[str, Any]:
    """The active conditions, as chips and as the words of an empty list."""
    given = listing.given
    found = chips(listing.filter.form, given, person=listing.person)
    search_errors = listing.filter.form.errors.get("search")
    clear = QueryDict(mutable=True)
    clear["through"] = listing.through
    return {
        "chips": found,
        "typed": {name: listing.filter.form.cleaned_data.get(name) or "" for name in VISIBLE},
        "refused_search": given.get("search", "") if search_errors else "",
        "search_errors": search_errors,
        "conditions": pgettext("between sentences", "; ").join(chip.words for chip in found),
        "clear_url": f"?{clear.urlencode()}",
        # What the form sends along unseen: the tab, and the values chosen before.
        "hidden": [
            ("through", listing.through),
            *((chip.name, chip.code) for chip in found if chip.is_hidden),
        ],
    }


def _all(count: int) -> str:
    """What choosing by the list's conditions chooses."""
    if count > MOST:
        return _("The first %(count)d that match") % {"count": MOST}
    return _("All %(count)d that match") % {"count": count}
