"""Who works here, where, and as what."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation import away, listing
from organisation.access import can, require, visible
from organisation.actions import absences
from organisation.actions import people as actions
from organisation.doors import attempt, me
from organisation.forms.people import (
    FirstPasswordForm,
    PasswordForm,
    PersonForm,
    postings_form,
)
from organisation.models import Person

VERB = "person.edit"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """By name; found by a part of the name or the user name, or by pinyin."""
    require(me(request), absences.VERB)
    rows = listing.people(me(request), request.GET)
    found = keyset.page(rows, order=("spelling", "pk"), params=request.GET)
    today = timezone.localdate(clock.now())
    context = {
        "found": found,
        "rows": [(person, away.words(person, today=today)) for person in found.rows],
        "search": listing.searched(request.GET),
        "may_edit": can(me(request), VERB),
    }
    return page(request, "organisation/person_list.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = me(request)
    require(by, VERB)
    data = request.POST or None
    form, secret = PersonForm(data), FirstPasswordForm(data)
    postings = postings_form(data, by=by)
    if data is not None and all(each.is_valid() for each in (form, secret, postings)):
        password = secret.cleaned_data["password"] or None
        made = attempt(
            form,
            lambda: actions.create(
                by=by, password=password, postings=postings.given(), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, _("The person is saved."))
            return go(request, "people")
    return _form(request, form=form, secret=secret, postings=postings)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Card and postings together: what is saved is what the page showed."""
    by, person = me(request), _person_or_404(request, pk)
    data = request.POST or None
    form = PersonForm(data, instance=person)
    postings = postings_form(data, by=by, person=person)
    if data is not None and form.is_valid() and postings.is_valid():
        attempt(
            form,
            lambda: actions.change(
                person=person,
                by=by,
                now=clock.now(),
                postings=postings.given(),
                **form.cleaned_data,
            ),
        )
        if not form.errors:
            messages.success(request, _("The person is saved."))
            return go(request, "people")
    return _form(request, form=form, postings=postings, person=person)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new password; the person's other sessions end."""
    by, person = me(request), _person_or_404(request, pk)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"by": by, "now": clock.now(), **form.cleaned_data}
        attempt(form, lambda: actions.set_password(person=person, **given))
        if not form.errors:
            messages.success(request, _("The password is set."))
            return go(request, "person-edit", pk)
    context = {"form": form, "person": person}
    return page(request, "organisation/person_password.html", context, status=_status(request))


def _person_or_404(request: HttpRequest, pk: int) -> Person:
    person = get_object_or_404(visible(Person, me(request)), pk=pk)
    require(me(request), VERB)
    return person


def _form(request: HttpRequest, **context: Any) -> HttpResponse:
    return page(request, "organisation/person_form.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
