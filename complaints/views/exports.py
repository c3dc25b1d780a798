"""The complaint list and the list of work orders as files."""

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.views.decorators.http import require_POST

from complaints.callback_export import CALLBACKS
from complaints.exports import COMPLAINTS
from complaints.import_export import IMPORTS
from complaints.notice_export import NOTICES
from complaints.register_export import ITEMS, WORK_ORDERS
from complaints.views.listing import ALL, Listing
from csm.kit import clock
from organisation.access import require_everywhere
from organisation.doors import me
from organisation.views import exports


@require_POST
def complaints(request: HttpRequest) -> HttpResponseBase:
    """With the conditions and the order that the list shows, also those that it takes by itself."""
    listing = Listing(QueryDict(request.POST.get("query", "")), me(request), clock.now())
    query = listing.given.copy()
    query["through"] = "" if listing.through == ALL else listing.through
    query["ordering"] = listing.order
    return exports.answer(request, COMPLAINTS, query)


@require_POST
def work_orders(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, WORK_ORDERS)


@require_POST
def items(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, ITEMS)


@require_POST
def notices(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, NOTICES)


@require_POST
def callbacks(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, CALLBACKS)


@require_POST
def imports(request: HttpRequest) -> HttpResponseBase:
    require_everywhere(me(request), IMPORTS.verb)
    return exports.answer(request, IMPORTS)
