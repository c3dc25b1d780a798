"""All about one customer on one page (K-26, K-28), and its short form beside the telephone."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from csm.kit.htmx import page
from customers import retention, timeline
from customers.actions import account_files, ladders, talks
from customers.forms.customers import ContactForm
from customers.forms.looks import RevealForm
from customers.models import Contact, Customer, Ladder
from organisation.access import can, sees_everything, visible, visible_or_404
from organisation.doors import me
from organisation.models import Person

HANDOVERS_SHOWN = 5
ENTRIES_SHOWN = 20


def rows(person: Person) -> QuerySet[Customer]:
    """With all that hangs on a customer once."""
    return visible(Customer, person).select_related(
        "home_branch", "account_manager", "facts", "risk", "value"
    )


def show(
    request: HttpRequest,
    found: Customer,
    *,
    form: ContactForm | None = None,
    revealed: int = 0,
    refused: Mapping[int, RevealForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; parts that other rooms know of are loaded in place."""
    person, file = me(request), account_files.current(found)
    context: dict[str, Any] = {
        "customer": found,
        "contacts": _contacts(found, refused or {}),
        "error_form": next(iter((refused or {}).values()), form),
        "can_reveal": can(person, "customer.reveal", found),
        "revealed": revealed,
        "can_edit": can(person, "customer.edit", found),
        "can_merge": can(person, "customer.merge", found),
        "can_erase": sees_everything(person, "customer.erase"),
        "can_take_out": sees_everything(person, "customer.privacy"),
        "retention": retention.open_cases([found.pk]).get(found.pk),
        "file": file,
        "may_read_file": account_files.may_read(person, found, file),
        "handovers": found.handovers.select_related("was", "to")[:HANDOVERS_SHOWN],
        "form": form or ContactForm(),
        **_standing(found),
        **timeline.shown(found, person, request.GET, size=ENTRIES_SHOWN),
    }
    return page(request, "customers/customer.html", context, status=status)


@require_safe
def glance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is calling, in one look: beside the form in which a complaint is taken in."""
    found = get_object_or_404(rows(me(request)), pk=pk)
    return page(request, "customers/glance.html", {"customer": found, **_short(found)}, part="look")


@require_safe
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened with the customer, page by page, of one kind or of all."""
    person = me(request)
    found = visible_or_404(Customer, person, pk=pk)
    context = {"customer": found, **timeline.shown(found, person, request.GET)}
    return page(request, "customers/timeline.html", context, part="timeline")


def _short(found: Customer) -> dict[str, Any]:
    return {
        "facts": getattr(found, "facts", None),
        "risk": getattr(found, "risk", None),
        "value": getattr(found, "value", None),
        "say": talks.for_customer(found),
    }


def _standing(found: Customer) -> dict[str, Any]:
    placed = ladders.current(found)
    return {
        **_short(found),
        "ladders": [(label, placed.get(value)) for value, label in Ladder.choices],
    }


def _contacts(
    found: Customer, refused: Mapping[int, RevealForm]
) -> list[tuple[Contact, RevealForm]]:
    """Each with the form that asks why its numbers are to be shown."""
    people = found.contacts.prefetch_related("points")
    return [
        (row, refused.get(row.pk) or RevealForm(auto_id=f"reveal-{row.pk}-%s")) for row in people
    ]
