"""Whom customers thanked: the list of the company, noting and withdrawing (T-11)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.models import CallbackAttempt, Complaint
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Branch, Person
from staff import thanks_reading
from staff.actions import thanks as actions
from staff.forms.thanks import ThanksForm
from staff.models import Thanks
from surveys.models import Answer, Response

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SEE = "incentive.see"
SIZE = 25


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Of the whole company; `person` narrows to one, as far as the reader sees them."""
    person = me(request)
    require(person, SEE)
    rows, of = thanks_reading.of_company(person), None
    if wanted := request.GET.get("person", ""):
        of = visible_or_404(Person, person, pk=_key(wanted))
        rows = thanks_reading.of_person(person, of)
    found = keyset.page(rows, order=("-pk",), params=request.GET, size=SIZE)
    context = {
        "of": of,
        "found": found,
        "rows": [
            (row, thanks_reading.customer_of(row), _may_withdraw(row, person)) for row in found.rows
        ],
    }
    return page(request, "staff/thanks_list.html", context, part="list")


@GET_POST
def of_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """From what a customer answered in a survey."""
    person = me(request)
    rows = Answer.objects.filter(response__in=visible(Response, person))
    answer = get_object_or_404(
        rows.select_related("question", "response__survey", "response__branch"), pk=pk
    )
    require(person, actions.NOTE, answer.response)
    return _noted(
        request,
        answer.response.branch,
        answer.text,
        lambda **given: actions.of_answer(answer=answer, **given),
        {"answer": answer},
    )


@GET_POST
def of_callback(request: HttpRequest, pk: int) -> HttpResponse:
    """From what a customer said at the callback."""
    person = me(request)
    rows = CallbackAttempt.objects.filter(complaint__in=visible(Complaint, person))
    call = get_object_or_404(rows.select_related("complaint__branch"), pk=pk)
    require(person, actions.NOTE, call.complaint)
    return _noted(
        request,
        call.complaint.branch,
        call.words,
        lambda **given: actions.of_callback(callback=call, **given),
        {"call": call},
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.NOTE)
    found = visible_or_404(Thanks, person, pk=pk)
    actions.withdraw(thanks=found, by=person, now=clock.now())
    messages.success(request, _("The thanks are withdrawn; their points are taken back."))
    return go(request, "thanks")


def _noted(
    request: HttpRequest,
    branch: Branch,
    words: str,
    act: Callable[..., Thanks],
    context: dict[str, Any],
) -> HttpResponse:
    form = ThanksForm(request.POST or None, branch=branch, by=me(request), words=words)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: act(by=me(request), now=now, **given))
        if made is not None:
            messages.success(request, _("The thanks are noted."))
            return go(request, "thanks")
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/thanks_form.html", {"form": form, **context}, status=status)


def _key(text: str) -> int:
    """0, which is nobody's, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _may_withdraw(row: Thanks, person: Person) -> bool:
    return row.person_id != person.pk and can(person, actions.NOTE, row)
