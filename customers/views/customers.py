"""A customer's card."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.actions import contacts
from customers.actions import customers as actions
from customers.forms.customers import ContactForm, CustomerForm, NewContactForm
from customers.forms.looks import RevealForm
from customers.models import Customer
from customers.views import card
from organisation.access import require
from organisation.doors import attempt, me


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The card; the address of a merged one leads to the customer that goes on for it."""
    found = _customer_or_404(request, pk)
    if found.merged_into_id is not None:
        messages.info(request, _("“%(name)s” was merged into this one.") % {"name": found.name})
        return go(request, "customer", found.merged_into_id)
    return card.show(request, found)


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
        return card.show(request, found, form=form, status=422)
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
        return card.show(request, found, refused={contact.pk: form}, status=422)
    return card.show(request, found, revealed=contact.pk)


def _customer_or_404(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(card.rows(me(request)), pk=pk)


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
