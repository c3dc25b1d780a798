"""Customers that may be one: the list, the preview, the merge; and what was corrected on a card."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers import duplicates
from customers.actions import merging as actions
from customers.forms.merging import ApartForm, MergeForm
from customers.models import Correction, Customer
from customers.models.customer import CustomerQuerySet
from organisation.access import require, visible
from organisation.doors import attempt, me

MOST_FOUND = 20
# What moves, in words; kinds that have none are named by their model.
KINDS: dict[str, Promise] = {
    "customers.Contact": gettext_lazy("Contacts"),
    "customers.TimelineEntry": gettext_lazy("Entries of the timeline"),
    "customers.Correction": gettext_lazy("Corrections"),
    "customers.Rung": gettext_lazy("Steps on ladders"),
    "customers.AccountFile": gettext_lazy("Versions of the file"),
    "customers.CompetitorNote": gettext_lazy("Sightings of competitors"),
    "complaints.Complaint": gettext_lazy("Complaints"),
    "complaints.DissatisfiedItem": gettext_lazy("Dissatisfied items"),
    "complaints.WorkOrder": gettext_lazy("Work orders"),
    "surveys.Invitation": gettext_lazy("Survey invitations"),
    "surveys.Response": gettext_lazy("Survey answers"),
    "staff.StarBallot": gettext_lazy("Votes for the service star"),
    "customers.Visit": gettext_lazy("Visits"),
    "customers.SegmentMember": gettext_lazy("Lists of names"),
    "customers.CareWish": gettext_lazy("Wishes"),
    "customers.CareDate": gettext_lazy("Days that matter"),
    "customers.CareAct": gettext_lazy("Care"),
    "customers.NoticeRecipient": gettext_lazy("Notices"),
}


@require_safe
def pairs(request: HttpRequest) -> HttpResponse:
    """The likeliest first; what is decided makes room for the next."""
    person = me(request)
    require(person, duplicates.VERB)
    context = {"pairs": duplicates.pairs(person), "most": duplicates.SHOWN}
    return page(request, "customers/duplicate_list.html", context)


@require_POST
def apart(request: HttpRequest) -> HttpResponse:
    """Two that look alike are not the same: they are not shown again."""
    person = me(request)
    require(person, duplicates.VERB)
    form = ApartForm(request.POST)
    if not form.is_valid():
        context = {"pairs": duplicates.pairs(person), "form": form}
        return page(request, "customers/duplicate_list.html", context, status=422)
    first, second = (
        get_object_or_404(visible(Customer, person), pk=form.cleaned_data[name])
        for name in ("first", "second")
    )
    actions.tell_apart(first=first, second=second, by=person, now=clock.now())
    messages.success(request, _("They stay two customers."))
    return go(request, "customer-duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the customer that goes on, see what moves, and merge."""
    person = me(request)
    rows = visible(Customer, person).select_related("home_branch", "account_manager", "facts")
    found = get_object_or_404(rows, pk=pk)
    require(person, duplicates.VERB, found)
    given = request.POST if request.method == "POST" else request.GET
    form = MergeForm(given if "into" in given else None, person=person)
    if request.method == "POST" and not form.is_bound:
        form = MergeForm(request.POST, person=person)
    is_chosen = form.is_bound and form.is_valid()
    if request.method == "POST" and is_chosen:
        asked: dict[str, Any] = form.cleaned_data
        left = attempt(
            form, lambda: actions.merge(customer=found, by=person, now=clock.now(), **asked)
        )
        if left is not None:
            messages.success(request, _said(sum(left.values())))
            return go(request, "customer", asked["into"].pk)
    return _preview(request, found, form, form.cleaned_data.get("into") if is_chosen else None)


@require_safe
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed which field from what to what, the newest first."""
    person = me(request)
    found = get_object_or_404(visible(Customer, person), pk=pk)
    rows = Correction.objects.filter(customer=found).select_related("by")
    listed = keyset.page(rows, order=("-at", "-pk"), params=request.GET)
    lines = [(row, _field(row.field), *map(_value(row.field), (row.was, row.became)))
             for row in listed.rows]  # fmt: skip
    context = {"customer": found, "found": listed, "lines": lines}
    return page(request, "customers/correction_list.html", context)


def _said(left: int) -> str:
    if left:
        return _("The two are one now. %(n)d entries of which one may be had only stay behind.") % {
            "n": left
        }
    return _("The two are one now; everything has moved.")


def _preview(
    request: HttpRequest, found: Customer, form: MergeForm, into: Customer | None
) -> HttpResponse:
    person = me(request)
    search = request.GET.get("search", "").replace("\0", "").strip()[:80]
    alike = [] if into else duplicates.pairs(person, one=found)
    context = {
        "customer": found,
        "into": into,
        "form": form,
        "moves": [(KINDS.get(label, label), n) for label, n in actions.count(found).items()],
        "alike": [(pair.other(found), pair.reasons) for pair in alike],
        "search": search,
        "others": _searched(person_rows(request), found, search) if search else (),
    }
    return page(
        request, "customers/customer_merge.html", context, status=422 if form.errors else 200
    )


def person_rows(request: HttpRequest) -> CustomerQuerySet:
    return cast(CustomerQuerySet, visible(Customer, me(request)))


def _searched(rows: CustomerQuerySet, found: Customer, search: str) -> QuerySet[Customer]:
    named = rows.current().named(search).exclude(pk=found.pk).filter(kind=found.kind)
    return named.select_related("home_branch", "facts").order_by("name", "pk")[:MOST_FOUND]


FIELDS: dict[str, Promise] = {
    "contact": gettext_lazy("Contact"),
    "merged": gettext_lazy("Merged"),
}


def _field(name: str) -> object:
    if name in FIELDS:
        return FIELDS[name]
    known = {field.name: field for field in Customer._meta.fields}
    return known[name].verbose_name if name in known else name


def _value(field: str) -> Any:
    known = {each.name: each for each in Customer._meta.fields}
    words = dict(known[field].flatchoices) if field in known else {}
    return lambda value: words.get(value, value)
