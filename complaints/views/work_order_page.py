"""What the page of one work order shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import clocks
from complaints.actions.work_orders import SECTIONS, missing_sections
from complaints.documents.order import region_of
from complaints.forms.work_orders import (
    FORM_SECTIONS,
    ConfirmForm,
    JudgeForm,
    Section,
    WorkOrderForm,
)
from complaints.models import OrderStatus, WorkOrder
from complaints.order_rows import deadline_of
from csm.kit.errors import Refused
from csm.kit.htmx import page
from organisation.access import can, visible
from organisation.doors import me
from organisation.models import Person

TEMPLATE = "complaints/work_order.html"


@dataclass(frozen=True)
class Progress:
    """How far a section is, in words, and the look of these."""

    section: Section
    words: str
    css: str


@dataclass(frozen=True)
class Change:
    """A section that two people wrote at the same time."""

    label: str
    now: str
    mine: str


def order_or_404(request: HttpRequest, pk: int) -> WorkOrder:
    rows = visible(WorkOrder, me(request)).select_related(
        *("branch", "issuing_branch", "owner", "submitted_by", "confirmed_by"),
        *("customer", "item__customer"),
    )
    return get_object_or_404(rows, pk=pk)


def show(
    request: HttpRequest,
    order: WorkOrder,
    *,
    now: datetime,
    form: WorkOrderForm | None = None,
    judge: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form for those who may write it now, else the document."""
    context = base(order, me(request), now=now)
    if context["can_write"]:
        context |= writing(order, form or WorkOrderForm(instance=order))
        context["lost_files"] = [upload.name for upload in request.FILES.getlist("files")]
    context["confirm_form"] = ConfirmForm(initial={"version": order.version})
    context["form"] = judge or context.get("form")
    return page(request, TEMPLATE, context, part="panel", status=status)


def base(order: WorkOrder, person: Person, *, now: datetime) -> dict[str, Any]:
    """The order itself, its complaints and their clocks, and what the person may do."""
    links = list(order.links.select_related("complaint__customer", "complaint__handler"))
    complaints = [link.complaint for link in links]
    of_complaint = clocks.four_of(complaints, now=now, targets={})
    four = of_complaint[complaints[0].pk] if complaints else []
    is_judge = can(person, "work_order.confirm", order) and person != order.submitted_by
    return {
        "order": order,
        "links": links,
        "complaint": complaints[0] if complaints else None,
        "clocks": four,
        "clock": next((clock for clock in four if clock.kind == "work_order"), None),
        "deadline": deadline_of(order, now) if order.is_editable else None,
        "region": region_of(order.branch),
        "files": list(order.files.select_related("file")),
        "parts": FORM_SECTIONS,
        "can_write": order.is_editable and can(person, "work_order.write", order),
        "can_judge": order.status == OrderStatus.SUBMITTED and is_judge,
    }


def writing(order: WorkOrder, form: WorkOrderForm) -> dict[str, Any]:
    """The form with its progress; files go up as soon as they are chosen, where script runs."""
    form.fields["files"].widget.attrs |= {
        "hx-post": reverse("work-order-attach", args=[order.pk]),
        "hx-trigger": "change",
        "hx-encoding": "multipart/form-data",
        "hx-params": "files",
        "hx-target": "#evidence",
        "hx-swap": "outerHTML",
    }
    return {
        "form": form,
        "version": form["version"].value(),
        "progress": progress(order, form),
        "title_parts": title_parts(form),
    }


def progress(order: WorkOrder, form: WorkOrderForm) -> list[Progress]:
    """Each numbered section: complete, or how many of its fields a submission still lacks."""
    typed = {name: form[name].value() for name in SECTIONS}
    missing = set(missing_sections(order, typed))
    return [
        _progress(part, len(missing & set(part.fields)), any(map(typed.get, part.fields)))
        for part in FORM_SECTIONS
    ]


def _progress(part: Section, missing: int, has_words: bool) -> Progress:
    if missing:
        words = ngettext("%(count)d missing", "%(count)d missing", missing)
        return Progress(part, words % {"count": missing}, "over")
    return (
        Progress(part, _("Complete"), "met") if has_words else Progress(part, _("Later"), "muted")
    )


def title_parts(form: WorkOrderForm) -> list[tuple[str, str]]:
    """The three parts of the title as typed, each with its name (W-02)."""
    return [
        (str(form[name].value() or "").strip(), str(form[name].label))
        for name in FORM_SECTIONS[0].fields
    ]


def conflict(
    request: HttpRequest, order: WorkOrder, form: WorkOrderForm, *, url: str
) -> HttpResponse:
    """Somebody saved in between: both texts side by side, and the typed one can be sent again."""
    order.refresh_from_db()
    changes = [
        Change(str(form[name].label), _shown(stored), _shown(form.cleaned_data[name]))
        for name in SECTIONS
        if (stored := getattr(order, name)) != form.cleaned_data[name]
    ]
    data = {name: form.data.get(name, "") for name in SECTIONS}
    again = WorkOrderForm(data | {"version": str(order.version)}, instance=order)
    context = {
        "order": order,
        "changes": changes,
        "hidden": [again[name] for name in (*SECTIONS, "version")],
        "url": url,
    }
    return page(request, "complaints/work_order_conflict.html", context, part="panel", status=409)


def judged_already(
    request: HttpRequest, pk: int, form: JudgeForm, refusal: Refused
) -> HttpResponse:
    """Somebody judged it, or it was written anew: the words of the verdict are kept."""
    order = order_or_404(request, pk)
    changes = [
        Change(str(field.label), _shown(""), _shown(form.cleaned_data[field.name]))
        for field in form.visible_fields()
    ]
    data = request.POST.copy()
    data["version"] = str(order.version)
    again = type(form)(data)
    is_open = order.status == OrderStatus.SUBMITTED
    context = {
        "order": order,
        "changes": changes,
        "message": refusal.message,
        "hidden": [again[name] for name in again.fields],
        "url": request.path if is_open else "",
    }
    return page(request, "complaints/work_order_conflict.html", context, part="panel", status=409)


def _shown(value: object) -> str:
    words = {None: "—", True: _("Satisfied"), False: _("Not satisfied"), "": "—"}
    return words[value] if isinstance(value, bool | None | str) and value in words else str(value)
