"""Being away: one's own page part, and the page for a colleague who cannot say so."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, visible_or_404
from organisation.actions import absences
from organisation.doors import attempt, me
from organisation.forms.notifications import AbsenceForm
from organisation.models import Person
from organisation.views import profile


@require_POST
def own(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    form = AbsenceForm(request.POST, person=person)
    if not _announced(form, person=person, by=person, now=now):
        return profile.show(request, now=now, absence_form=form, status=422)
    messages.success(request, _("The absence is saved. The deputy has been told."))
    return go(request, "profile")


@require_POST
def end_own(request: HttpRequest) -> HttpResponse:
    absences.end(person=me(request), by=me(request), now=clock.now())
    messages.success(request, _("Welcome back. Messages come to you again."))
    return go(request, "profile")


@require_http_methods(["GET", "HEAD", "POST"])
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """For a colleague who fell ill."""
    by, now, person = me(request), clock.now(), _person_or_404(request, pk)
    absence = absences.current(person, today=timezone.localdate(now))
    form = AbsenceForm(request.POST or None, person=person, initial=AbsenceForm.initial_of(absence))
    if request.method == "POST" and _announced(form, person=person, by=by, now=now):
        messages.success(request, _("The absence is saved. The deputy has been told."))
        return go(request, "people")
    context = {"person": person, "form": form, "absence": absence}
    status = 422 if request.method == "POST" else 200
    return page(request, "organisation/person_absence.html", context, status=status)


@require_POST
def end_of_person(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person_or_404(request, pk)
    absences.end(person=person, by=me(request), now=clock.now())
    messages.success(request, _("The absence is over."))
    return go(request, "people")


def _announced(form: AbsenceForm, *, person: Person, by: Person, now: datetime) -> bool:
    if form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        attempt(form, lambda: absences.announce(person=person, by=by, now=now, **given))
    return not form.errors


def _person_or_404(request: HttpRequest, pk: int) -> Person:
    person = visible_or_404(Person, me(request), pk=pk)
    require(me(request), absences.VERB)
    return person
