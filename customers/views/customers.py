"""A customer's card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from customers import retention
from customers.actions import contacts
from customers.actions import customers as actions
from customers.forms.customers import ContactForm, CustomerForm, NewContactForm
from customers.forms.looks import RevealForm
from customers.models import Contact, Customer, TimelineEntry
from organisation.access import can, require, sees_everything, visible
from organisation.doors import attempt, me
from organisation.models import Person

ENTRIES_SHOWN = 50
# What the rooms above write down: icon and words.
KINDS = {
    "complaint": ("message-circle", gettext_lazy("Complaint")),
    "customer_merged": ("users", gettext_lazy("Merged into this one")),
    "callback": ("phone", gettext_lazy("Callback")),
    "customer_visit": ("users", gettext_lazy("Visit to the customer")),
    "customer_reception": ("users", gettext_lazy("Reception of the customer")),
    "retention": ("alert-triangle", gettext_lazy("Keeping the customer")),
}
OTHER = ("history", "")


@dataclass(frozen=True)
class Entry:
    """A line of the customer's time line, with the page it leads to."""

    at: datetime
    icon: str
    what: str
    link: str
    url: str
    note: str


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The card; the address of a merged one leads to the customer that goes on for it."""
    found = _customer_or_404(request, pk)
    if found.merged_into_id is not None:
        messages.info(request, _("“%(name)s” was merged into this one.") % {"name": found.name})
        return go(request, "customer", found.merged_into_id)
    return _card(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A customer with a first contact."""
    person = me(request)
    require(person, "customer.edit")
    form = CustomerForm(request.POST or None, person=person)
    contact = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and contact.is_valid():
        made = attempt(
            form,
            lambda: actions.create(
                by=person, now=clock.now(), contact=contact.caller(), **form.given()
            ),
        )
        if made is not None:
            messages.success(request, _("The customer is saved."))
            return go(request, "customer", made.pk)
    context = {"form": form, "contact_form": contact}
    return page(request, "customers/customer_form.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, found = me(request), _customer_or_404(request, pk)
    require(person, "customer.edit", found)
    form = CustomerForm(request.POST or None, instance=found, person=person)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        attempt(
            form,
            lambda: actions.change(
                customer=found, by=person, now=clock.now(), version=version, **form.given()
            ),
        )
        if not form.errors:
            messages.success(request, _("The customer is saved."))
            return go(request, "customer", pk)
    context = {"form": form, "customer": found}
    return page(request, "customers/customer_form.html", context, status=_status(request))


@require_POST
def add_contact(request: HttpRequest, pk: int) -> HttpResponse:
    found = _customer_or_404(request, pk)
    require(me(request), "customer.edit", found)
    form = NewContactForm(request.POST)
    if form.is_valid():
        attempt(
            form,
            lambda: actions.add_contact(
                customer=found, caller=form.caller(), by=me(request), now=clock.now()
            ),
        )
    if form.errors:
        return _card(request, found, form=form, status=422)
    messages.success(request, _("The contact is saved."))
    return go(request, "customer", pk)


@require_POST
@cache_control(private=True, no_store=True)
def reveal(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """The whole numbers of one contact, once; who looked stays on record."""
    found = _customer_or_404(request, pk)
    contact = get_object_or_404(found.contacts, pk=contact_pk)
    form = RevealForm(request.POST, auto_id=f"reveal-{contact.pk}-%s")
    require(me(request), "customer.reveal", found)
    if form.is_valid():
        asked = form.cleaned_data
        attempt(
            form,
            lambda: contacts.reveal(contact=contact, by=me(request), now=clock.now(), **asked),
        )
    if form.errors:
        return _card(request, found, refused={contact.pk: form}, status=422)
    return _card(request, found, revealed=contact.pk)


def _customer_or_404(request: HttpRequest, pk: int) -> Customer:
    rows = visible(Customer, me(request)).select_related(
        "home_branch", "account_manager", "facts", "risk"
    )
    return get_object_or_404(rows, pk=pk)


def _card(
    request: HttpRequest,
    found: Customer,
    *,
    form: ContactForm | None = None,
    revealed: int = 0,
    refused: Mapping[int, RevealForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    context: dict[str, Any] = {
        "customer": found,
        "facts": getattr(found, "facts", None),
        "contacts": _contacts(found, refused or {}),
        "error_form": next(iter((refused or {}).values()), form),
        "can_reveal": can(person, "customer.reveal", found),
        "revealed": revealed,
        "entries": _entries(found, person),
        "can_edit": can(person, "customer.edit", found),
        "can_merge": can(person, "customer.merge", found),
        "can_take_out": sees_everything(person, "customer.privacy"),
        "risk": getattr(found, "risk", None),
        "retention": retention.open_cases([found.pk]).get(found.pk),
        "form": form or ContactForm(),
    }
    return page(request, "customers/customer.html", context, status=status)


def _contacts(
    found: Customer, refused: Mapping[int, RevealForm]
) -> list[tuple[Contact, RevealForm]]:
    """Each with the form that asks why its numbers are to be shown."""
    rows = found.contacts.prefetch_related("points")
    return [(row, refused.get(row.pk) or RevealForm(auto_id=f"reveal-{row.pk}-%s")) for row in rows]


def _entries(found: Customer, person: Person) -> list[Entry]:
    """What touched the customer, as far as the person may see it, newest first."""
    rows = visible(TimelineEntry, person).filter(customer=found).select_related("branch")
    return [
        Entry(
            at=row.at,
            icon=KINDS.get(row.kind, OTHER)[0],
            what=str(KINDS.get(row.kind, OTHER)[1]),
            link=row.title,
            url=_address(row),
            note=row.branch.label,
        )
        for row in rows[:ENTRIES_SHOWN]
    ]


def _address(row: TimelineEntry) -> str:
    """The page of what happened; none while its room is not part of this installation."""
    try:
        return reverse(row.url_name, args=[row.reference.split("/")[0]])
    except NoReverseMatch:
        return ""


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
