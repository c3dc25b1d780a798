"""Checklists by post standard (P-04)."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.errors import Forbidden
from csm.kit.htmx import go, page
from organisation.access import can, require
from organisation.doors import attempt, me
from organisation.models import Person
from organisation.views.acting import act
from staff import audit_reading as reading
from staff.actions import checklists as actions
from staff.forms.audits import ChecklistForm, ItemsForm
from staff.models import Checklist, ChecklistEdition

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def keeps_any(person: Person) -> bool:
    return can(person, actions.RUN) or can(person, actions.ANSWER)


@require_safe
def checklists(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, reading.SEE)
    found = keyset.page(reading.checklists(person), order=("-pk",), params=request.GET)
    context = {"found": found, "may_keep": keeps_any(person)}
    return page(request, "staff/checklist_list.html", context, part="list")


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    if not keeps_any(person):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    form = ChecklistForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.create(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The draft is saved. Publish it when it is complete."))
            return go(request, "checklist", made.checklist_id)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/checklist_form.html", {"form": form}, status=status)


@require_safe
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _or_404(request, pk))


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the items of the draft."""
    kept = _own_or_403(request, pk)
    edition = _draft_or_404(kept)
    person, now = me(request), clock.now()
    return act(
        request,
        ItemsForm(request.POST),
        lambda given: actions.save(edition=edition, by=person, now=now, **given),
        done=_("The draft is saved."),
        show=lambda form, status: _show(request, kept, form, status=status),
        to=("checklist", pk),
    )


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _own_or_403(request, pk)
    actions.publish(edition=_draft_or_404(kept), by=me(request), now=clock.now())
    messages.success(request, _("The checklist is published. Audits may use it."))
    return go(request, "checklist", pk)


@require_POST
def begin_next(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _own_or_403(request, pk)
    actions.begin_next(checklist=kept, by=me(request), now=clock.now())
    return go(request, "checklist", pk)


def _or_404(request: HttpRequest, pk: int) -> Checklist:
    found: Checklist = get_object_or_404(reading.checklists(me(request)), pk=pk)
    return found


def _own_or_403(request: HttpRequest, pk: int) -> Checklist:
    found = _or_404(request, pk)
    if not actions.may_keep(me(request), found.branch):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    return found


def _draft_or_404(kept: Checklist) -> ChecklistEdition:
    rows = kept.editions.select_related("checklist__branch")
    return get_object_or_404(rows, status=ChecklistEdition.Status.DRAFT)


def _show(
    request: HttpRequest, kept: Checklist, form: BaseForm | None = None, *, status: int = 200
) -> HttpResponse:
    may_keep = actions.may_keep(me(request), kept.branch)
    editions = list(kept.editions.prefetch_related("items").select_related("published_by"))
    draft = next((row for row in editions if row.is_open), None) if may_keep else None
    if draft is not None and form is None:
        form = ItemsForm(initial={"items": actions.as_lines(draft), "version": draft.version})
    context = {
        "checklist": kept,
        "editions": [row for row in editions if not row.is_open],
        "draft": draft,
        "form": form,
        "may_keep": may_keep,
    }
    return page(request, "staff/checklist.html", context, status=status)
