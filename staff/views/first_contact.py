"""First-contact responsibility: rates of branches, drawn contacts, mystery calls (T-12)."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import Place, can, places, require, visible
from organisation.doors import attempt, me
from organisation.models import Person
from staff import contact_reading as reading
from staff import quarters
from staff.actions import contact_audits as actions
from staff.forms.contact_audits import CallForm, DrawForm
from staff.models import ContactDraw

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 25


@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """Each branch's rate in a quarter."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    period = quarters.asked(request.GET, now)
    context = {
        **quarters.around(period, now),
        "lines": reading.standing(person, period),
        "may_run": can(person, actions.RUN),
        "draws": visible(ContactDraw, person).select_related("branch", "drawn_by")[:5],
    }
    return page(request, "staff/first_contact.html", context, part="list")


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """What was drawn in a quarter, each answer with its record."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    period, chosen = quarters.asked(request.GET, now), _chosen(request, person)
    rows = reading.contacts(person, period, chosen.path if chosen else "")
    found = keyset.page(rows, order=("-pk",), params=request.GET, size=SIZE)
    kept = {"branch": chosen.code} if chosen else {}
    context = {
        **quarters.around(period, now, **kept),
        "found": found,
        "rows": [(row, reading.answers(row)) for row in found.rows],
        "chosen": chosen,
    }
    return page(request, "staff/contact_list.html", context, part="list")


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """The mystery calls of a quarter."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    period, chosen = quarters.asked(request.GET, now), _chosen(request, person)
    rows = reading.calls(person, period, chosen.path if chosen else "")
    kept = {"branch": chosen.code} if chosen else {}
    context = {
        **quarters.around(period, now, **kept),
        "found": keyset.page(rows, order=("-called_at", "-pk"), params=request.GET, size=SIZE),
        "chosen": chosen,
        "may_run": can(person, actions.RUN),
    }
    return page(request, "staff/call_list.html", context, part="list")


@GET_POST
def draw(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, actions.RUN)
    last = timezone.localdate(now).replace(day=1) - timedelta(days=1)
    form = DrawForm(request.POST or None, person=person, days=(last.replace(day=1), last))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: actions.draw(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The contacts are drawn, and read from the records."))
            return go(request, "first-contact")
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/contact_draw.html", {"form": form}, status=status)


@GET_POST
def call(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, actions.RUN)
    form = CallForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        names = ("branch", "called_at", "asked", "remark", "submission")
        given = {name: form.cleaned_data[name] for name in names}
        answers = form.answers()
        made = attempt(
            form, lambda: actions.enter_call(answers=answers, by=person, now=now, **given)
        )
        if made is not None:
            messages.success(request, _("The call is recorded."))
            return go(request, "mystery-calls")
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/call_form.html", {"form": form}, status=status)


def _chosen(request: HttpRequest, person: Person) -> Place | None:
    """The branch whose rows are asked for; an unseen one is none."""
    code = request.GET.get("branch")
    return next((each for each in places(person, reading.SEE) if each.code == code), None)
