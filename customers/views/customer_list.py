"""Finding a customer."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import page
from customers.actions import contacts
from customers.forms.standing import CustomerFilter
from customers.models import Customer, Kind
from customers.models.customer import CustomerQuerySet
from organisation.access import can, require, visible
from organisation.doors import me

LONGEST = 80


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """By name; found by a part of it, pinyin, a phone number, its last four digits, an address."""
    person = me(request)
    require(person, "customer.see")
    rows = cast(CustomerQuerySet, visible(Customer, person)).current()
    kind = request.GET.get("kind", "")
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    narrow = CustomerFilter(request.GET)
    rows = cast(CustomerQuerySet, narrow.narrowed(rows))
    search = request.GET.get("search", "").replace("\0", "").strip()[:LONGEST]
    if search:
        rows = rows.named(search)
        contacts.note_search(text=search, by=person, now=clock.now())
    found = keyset.page(
        rows.select_related("home_branch", "facts", "risk"),
        order=("name", "pk"),
        params=request.GET,
    )
    context = {
        "found": found,
        "search": search,
        "kind": kind,
        "narrow": narrow,
        "is_filtered": bool(search or kind or narrow.asked()),
        "conditions": " · ".join(filter(None, (search, narrow.said()))),
        "tabs": _tabs(kind, {"search": search, **narrow.asked()}),
        "can_edit": can(person, "customer.edit"),
        "can_merge": can(person, "customer.merge"),
        "may_hand_over": can(person, "customer.hand_over"),
    }
    return page(request, "customers/customer_list.html", context, part="list")


def _tabs(kind: str, others: dict[str, str]) -> list[dict[str, object]]:
    """One per kind; what else was asked for stays."""
    choices = [("", _("All")), *Kind.choices]
    return [
        {
            "url": "?" + urlencode({"kind": value, **others}),
            "label": label,
            "is_current": value == kind,
        }
        for value, label in choices
    ]
