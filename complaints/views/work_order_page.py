"""What the page of one work order shows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import clocks
from complaints.accountability import with_names
from complaints.actions.offers import order_open_to
from complaints.actions.order_sections import missing_sections
from complaints.documents.order import region_of
from complaints.forms.judging import ConfirmForm, ReturnForm
from complaints.forms.work_orders import FORM_SECTIONS, Section, WorkOrderForm
from complaints.models import OrderStatus, WorkOrder
from complaints.order_rows import deadline_of
from complaints.views.order_after import around
from csm.kit.htmx import page
from organisation.access import can, visible
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.models import Person
from organisation.views.acting import Acts

TEMPLATE = "complaints/work_order.html"


@dataclass(frozen=True)
class Progress:
    """How far a section is, in words, and the look of these."""

    section: Section
    words: str
    css: str
    is_returned: bool = False


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
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form for those who may write it now, else the document.

    `act` is the form of another act on the order that was refused.
    """
    context = base(order, me(request), now=now)
    context |= around(order, me(request), now=now, act=act)
    if context["can_write"]:
        add = request.GET.get("add", "")
        context |= writing(order, form or WorkOrderForm(instance=order, add=add))
        context["lost_files"] = [
            upload.name for name in request.FILES for upload in request.FILES.getlist(name)
        ]
    else:
        context |= rows_of(order)
    if context["can_judge"]:
        context["confirm_form"] = sent_or_fresh(ConfirmForm, order, act)
        context["return_form"] = sent_or_fresh(ReturnForm, order, act)
    if order.status == OrderStatus.RETURNED:
        mend = order.returned_sections
        context["returned"] = [part for part in FORM_SECTIONS if part.code in mend]
    context["judge"] = act
    return page(request, TEMPLATE, context, part="panel", status=status)


ORDER_ACTS = Acts("work-order", "order", order_or_404, show)


def base(order: WorkOrder, person: Person, *, now: datetime) -> dict[str, Any]:
    """The order itself, its complaints and their clocks, and what the person may do."""
    links = list(order.links.select_related("complaint__customer", "complaint__handler"))
    complaints = [link.complaint for link in links]
    of_complaint = clocks.four_of(complaints, now=now, targets={})
    four = of_complaint[complaints[0].pk] if complaints else []
    is_judge = can(person, "work_order.confirm", order) and not order.is_written_by(person)
    return {
        "order": order,
        "links": links,
        "complaint": complaints[0] if complaints else None,
        "clocks": four,
        "clock": next((clock for clock in four if clock.kind == "work_order"), None),
        "deadline": deadline_of(order, now) if order.is_editable else None,
        "region": region_of(order.branch),
        "parts": FORM_SECTIONS,
        "can_write": order.is_editable and can(person, "work_order.write", order),
        "can_annul": "annul" in order_open_to(order, person),
        "can_judge": order.status == OrderStatus.SUBMITTED and is_judge,
    }


def rows_of(order: WorkOrder) -> dict[str, Any]:
    """The rows of the document; the course in order of time."""
    return {
        "course": order.course.order_by("at", "position"),
        "causes": order.causes.prefetch_related("evidence__file__file"),
        "emergency_measures": order.emergency_measures.all(),
        "accountability": with_names(order.accountabilities.all()),
    }


def writing(order: WorkOrder, form: WorkOrderForm) -> dict[str, Any]:
    """The form with its progress."""
    return {
        "form": form,
        "problems": form.problems() if form.is_bound else [],
        "version": form["version"].value(),
        "progress": progress(order, form),
        "title_parts": title_parts(form),
    }


def progress(order: WorkOrder, form: WorkOrderForm) -> list[Progress]:
    """Each numbered section: complete, or how many of its parts a submission still lacks."""
    typed = form.typed()
    missing = [path.partition(".")[0] for path in missing_sections(order, typed)]
    returned = set(order.returned_sections) if order.status == OrderStatus.RETURNED else set()
    found = []
    for part in FORM_SECTIONS:
        names = (*part.fields, *part.rows, *part.groups)
        count = sum(name in names for name in missing)
        step = _progress(part, count, any(typed[name] for name in names))
        found.append(replace(step, is_returned=part.code in returned))
    return found


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
