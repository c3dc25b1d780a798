"""Views: conditions of the list that are kept under a name, as tabs above it."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import views as actions
from complaints.conditions import PLACES
from complaints.forms.chosen import Chip, chips
from complaints.forms.views import ViewForm
from complaints.models import SavedView
from complaints.models.view import SavedViewQuerySet
from complaints.views.answers import see
from complaints.views.listing import Listing, counted
from complaints.views.tabs import Tab
from csm.kit import clock, htmx
from organisation.access import postings, visible
from organisation.doors import attempt, me
from organisation.models import Person

# Counting costs a query or two each: so many of the first views are counted.
MOST_COUNTED = 8


@dataclass(frozen=True)
class Line:
    """A view on the page of views."""

    view: SavedView
    url: str
    chips: list[Chip]
    may_change: bool
    is_first: bool


def tabs(person: Person, *, current: str) -> list[Tab]:
    """The views that the person has, without counts. `current` is the query that is shown."""
    return [Tab(f"?{view.query}", view.name, None, view.query == current) for view in _of(person)]


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The same tabs with what each holds now, for a list that is shown already."""
    person, now = me(request), clock.now()
    current = request.GET.get("current", "")
    found = []
    for place, view in enumerate(_of(person)):
        listing = Listing(QueryDict(view.query), person, now)
        is_counted = place < MOST_COUNTED and not listing.is_costly
        count = counted(listing.count()) if is_counted else None
        found.append(Tab(f"?{view.query}", view.name, count, view.query == current))
    return htmx.page(request, "_parts/tab_links.html", {"tabs": found})


@require_safe
def saved_views(request: HttpRequest) -> HttpResponse:
    """One's own in their order, then those that are shared with one."""
    person = me(request)
    rows = list(_of(person))
    lines = [
        Line(
            view=view,
            url=f"{reverse('complaints')}?{view.query}",
            chips=_chips(view.query, person),
            may_change=actions.may_change(person, view),
            is_first=view.owner_id != person.pk or place == 0,
        )
        for place, view in enumerate(rows)
    ]
    return htmx.page(request, "complaints/views.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep the conditions of the address: 303 to the list; 422 with what was typed."""
    person = me(request)
    listing = Listing(_conditions(request), person, clock.now())
    form = ViewForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(form, lambda: actions.save(query=listing.query, by=person, **data))
        if made is not None:
            messages.success(request, _("The view is saved."))
            return see("complaints", query=f"?{made.query}")
    context = {
        "form": form,
        "chips": _chips(listing.query, person),
        "back_url": f"{reverse('complaints')}?{listing.query}",
    }
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "complaints/view_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, or shared with others."""
    person, view = me(request), _view(request, pk)
    form = ViewForm(request.POST or None, person=person, view=view)
    if request.method == "POST" and form.is_valid():
        name, role = form.cleaned_data["name"], form.cleaned_data.get("role", view.role)
        place = view.position
        attempt(
            form,
            lambda: actions.change(view=view, name=name, role=role, position=place, by=person),
        )
        if not form.errors:
            messages.success(request, _("The view is saved."))
            return see("saved-views")
    context = {
        "form": form,
        "view": view,
        "chips": _chips(view.query, person),
        "back_url": reverse("saved-views"),
    }
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "complaints/view_form.html", context, status=status)


@require_POST
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One place forward among the owner's views."""
    view = _view(request, pk)
    place = max(view.position - 1, 0)
    actions.change(view=view, name=view.name, role=view.role, position=place, by=me(request))
    return see("saved-views")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    actions.delete(view=_view(request, pk), by=me(request))
    messages.success(request, _("The view is deleted; no complaint has changed."))
    return see("saved-views")


def _of(person: Person) -> list[SavedView]:
    return list(SavedView.objects.read_by(person, postings(person)).select_related("owner"))


def _view(request: HttpRequest, pk: int) -> SavedView:
    """One's own, or one that is shared where the person shares; the others are not found."""
    rows = cast(SavedViewQuerySet, visible(SavedView, me(request)))
    return get_object_or_404(rows.own_or_shared(me(request)), pk=pk)


def _conditions(request: HttpRequest) -> QueryDict:
    """Those of the list, as its address has them, without the place in it."""
    given = request.GET.copy()
    for name in PLACES:
        given.pop(name, None)
    return given


def _chips(query: str, person: Person) -> list[Chip]:
    """The conditions as chips, without a way to take one away."""
    listing = Listing(QueryDict(query), person, clock.now())
    return chips(listing.filter.form, listing.given, person=person)
