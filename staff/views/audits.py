"""Audits: the plan against what was done, one audit, its findings (T-14, T-16)."""

import uuid
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.errors import Forbidden
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from organisation.models import Person
from organisation.views.acting import act
from organisation.views.files import hand_out
from staff import audit_reading as reading
from staff import quarters
from staff.actions import audits as actions
from staff.forms.audits import CancelForm, CarryOutForm, PlanForm
from staff.models import Audit, AuditKind, Finding

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE = 25


def plans_any(person: Person) -> bool:
    return can(person, actions.RUN) or can(person, actions.ANSWER)


@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """All that the person sees: late ones, those to come, those done."""
    person, today = me(request), timezone.localdate(clock.now())
    require(person, reading.SEE)
    view = request.GET.get("view", "")
    labels = {
        "": pgettext("audits", "All"),
        "late": pgettext("audits", "Late"),
        "planned": pgettext("audits", "Planned"),
        "done": pgettext("audits", "Carried out"),
    }
    rows = reading.of_view(reading.audits(person), view, today)
    context = {
        "found": keyset.page(rows, order=("-planned_on", "-pk"), params=request.GET, size=SIZE),
        "today": today,
        "view": view,
        "tabs": [
            {"url": f"?view={key}" if key else "?", "label": label, "is_current": key == view}
            for key, label in labels.items()
        ],
        "may_plan": plans_any(person),
    }
    return page(request, "staff/audit_list.html", context, part="list")


@require_safe
def plan_and_done(request: HttpRequest) -> HttpResponse:
    """Per branch and quarter: planned, done, late; who was not audited at all."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    period = quarters.asked(request.GET, now)
    context = {
        **quarters.around(period, now),
        "lines": reading.plan(person, period, now),
        "may_plan": plans_any(person),
    }
    return page(request, "staff/audit_plan.html", context, part="list")


@GET_POST
def plan(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    if not plans_any(person):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    form = PlanForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        given = _planned(form.cleaned_data)
        made = attempt(form, lambda: actions.plan(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The audit is planned."))
            return go(request, "audit", made.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/audit_form.html", {"form": form}, status=status)


def _planned(given: dict[str, Any]) -> dict[str, Any]:
    """What the action asks for: the newest edition of the checklist that was chosen."""
    named = {name: given[name] for name in ("kind", "branch", "planned_on", "auditor")}
    named["edition"] = reading.present_edition(given["checklist"])
    named["is_announced"] = not given.get("is_unannounced", False)
    return named


@require_safe
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _or_404(request, pk))


@GET_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Item by item, at the place."""
    person, row = me(request), _or_404(request, pk)
    if not actions.may_carry_out(person, row):
        raise Forbidden(_("Only the auditor who was named carries it out."))
    is_sent = request.method == "POST"
    sent = (request.POST, request.FILES) if is_sent else ()
    form = CarryOutForm(*sent, audit=row)
    if is_sent and form.is_valid():
        now, given = clock.now(), form.cleaned_data
        said = {"summary": given["summary"], "version": given["version"]}
        found = attempt(
            form,
            lambda: actions.carry_out(
                audit=row, answers=form.answers(), by=person, now=now, **said
            ),
        )
        if found is not None:
            messages.success(request, _("The audit is recorded."))
            return go(request, "audit", pk)
    lost = [upload.name for _name, files in request.FILES.lists() for upload in files]
    context = {"audit": row, "form": form, "lines": list(form.lines()), "lost_files": lost}
    return page(request, "staff/audit_carry_out.html", context, status=422 if is_sent else 200)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    person, row = me(request), _or_404(request, pk)
    require(person, actions.ANSWER if row.kind == AuditKind.SELF else actions.RUN, row)
    now = clock.now()
    return act(
        request,
        CancelForm(request.POST),
        lambda given: actions.cancel(audit=row, by=person, now=now, **given),
        done=_("The audit is called off."),
        show=lambda form, status: _show(request, row, form, status=status),
        to=("audit", pk),
    )


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The finding's work order, new or the one that exists."""
    person = me(request)
    finding = get_object_or_404(reading.findings(person), pk=pk)
    require(person, actions.OPEN_ORDER, finding)
    made = actions.open_order(finding=finding, by=person, now=clock.now())
    messages.success(request, _("The work order is open."))
    return go(request, "work-order", made.pk)


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of evidence, to those who may see the finding."""
    found = get_object_or_404(visible(Finding, me(request)), pk=pk)
    return hand_out(request, found.files.all(), file_id)


def _or_404(request: HttpRequest, pk: int) -> Audit:
    rows = reading.one(reading.audits(me(request)))
    found: Audit = get_object_or_404(rows, pk=pk)
    return found


def _show(
    request: HttpRequest, row: Audit, form: BaseForm | None = None, *, status: int = 200
) -> HttpResponse:
    person = me(request)
    is_planned = row.status == "planned"
    verb = actions.ANSWER if row.kind == AuditKind.SELF else actions.RUN
    may_cancel = is_planned and can(person, verb, row)
    context = {
        "audit": row,
        "is_late": is_planned and row.planned_on < timezone.localdate(clock.now()),
        "answers": [(each, getattr(each, "finding", None)) for each in row.answers.all()],
        "may_carry_out": is_planned and actions.may_carry_out(person, row),
        "may_open": can(person, actions.OPEN_ORDER, row),
        "form": (form or CancelForm(initial={"version": row.version})) if may_cancel else None,
    }
    return page(request, "staff/audit.html", context, status=status)
