"""The rectification work order: drafting, saving, submitting (C-09, W-01 … W-11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from complaints.actions import notes, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.actions.numbering import next_number
from complaints.actions.order_news import log_order, tell
from complaints.models import (
    Complaint,
    DocumentKind,
    Milestone,
    OrderComplaint,
    OrderSource,
    OrderStatus,
    WorkOrder,
)
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require
from organisation.models import Person, Role
from organisation.roles import holders

# The sections of the paper form; the effect is reported later (W-08).
SECTIONS = (
    "title_subject",
    "title_nature",
    "title_content",
    "basic_information",
    "course_of_events",
    "causes",
    "evidence",
    "emergency_measures",
    "accountability_internal",
    "accountability_supplier",
    "prevention",
    "detection",
    "response",
    "promised_on",
    "effect_report",
    "is_customer_satisfied",
)
REQUIRED = (
    "title_subject",
    "title_nature",
    "title_content",
    "course_of_events",
    "causes",
    "evidence",
    "emergency_measures",
    "prevention",
    "detection",
    "response",
    "promised_on",
)


@transaction.atomic
def draft(
    *,
    complaint: Complaint,
    by: Person,
    now: datetime,
    version: int | None = None,
    **sections: Any,
) -> WorkOrder:
    """The complaint's order, new or the one that exists: a complaint has one that counts."""
    require(by, "work_order.write", complaint)
    check_open(complaint, "work-order")
    check_version(complaint, version)
    # Two people pressing the button at once must get one order: the complaint row is the lock.
    Complaint.objects.select_for_update().get(pk=complaint.pk)
    known = current_order(complaint)
    if known is not None:
        return known
    order = WorkOrder.objects.create(
        source=OrderSource.COMPLAINT,
        customer=complaint.customer,
        branch=complaint.branch,
        issuing_branch=complaint.issuing_branch or complaint.branch,
        owner=complaint.handler or by,
        created_at=now,
        created_by=by,
        saved_at=now,
        basic_information=sections.pop("basic_information", "") or _basics(complaint),
        **sections,
    )
    OrderComplaint.objects.create(order=order, complaint=complaint, cycle=complaint.cycle)
    log(complaint, "order_drafted", by=by, at=now, order=order.pk)
    return order


def current_order(complaint: Complaint) -> WorkOrder | None:
    """The order that answers the complaint; an annulled one does not count."""
    return (
        WorkOrder.objects.filter(links__complaint=complaint)
        .exclude(status=OrderStatus.ANNULLED)
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def save(
    *,
    order: WorkOrder,
    by: Person,
    now: datetime,
    version: int | None = None,
    uploads: Sequence["UploadedFile[Any]"] = (),
    **sections: Any,
) -> None:
    """Keep a draft as it is, complete or not, with more evidence."""
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    notes.attach_evidence(order=order, uploads=uploads, by=by, now=now)
    touch(order, saved_at=now, **sections)


@transaction.atomic
def submit(
    *,
    order: WorkOrder,
    by: Person,
    now: datetime,
    version: int | None = None,
    uploads: Sequence["UploadedFile[Any]"] = (),
    **sections: Any,
) -> None:
    """The first complete submission stops the 48 h clock and gives the number (W-01)."""
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    missing = [
        name for name in missing_sections(order, sections) if not (name == "evidence" and uploads)
    ]
    if missing:
        raise Refused(
            _("The work order is not complete."),
            fields={name: _what_is_missing(name) for name in missing},
        )
    notes.attach_evidence(order=order, uploads=uploads, by=by, now=now)
    links = _locked_links(order)
    move(
        order,
        to=OrderStatus.SUBMITTED,
        submitted_at=now,
        submitted_by=by,
        saved_at=now,
        **sections,
        **_number(order, now),
    )
    timers.meet_rework(order, at=now)
    for link in links:
        # The order answers the cycle that the complaint is in by now (rule 5).
        OrderComplaint.objects.filter(pk=link.pk).update(cycle=link.complaint.cycle)
        timers.meet(link.complaint, Milestone.WORK_ORDER, at=now, evidence=f"order:{order.pk}")
    log_order(order, "order_submitted", by=by, now=now)
    tell(
        order,
        "work_order_submitted",
        to=holders(order.issuing_branch, Role.QUALITY_MANAGER),
        by=by,
        now=now,
    )


def _locked_links(order: WorkOrder) -> list[OrderComplaint]:
    """The complaints that the order serves, locked before their clocks, as every other act does.

    So two acts at once neither wait for each other nor leave an old next deadline behind. NO KEY:
    a sweep that writes events must not wait.
    """
    links = order.links.select_related("complaint").order_by("complaint")
    return list(links.select_for_update(of=("complaint",), no_key=True))


def missing_sections(order: WorkOrder, sections: dict[str, Any] | None = None) -> list[str]:
    """Required sections that are still empty, in the order of the form.

    A file of evidence stands for the words on evidence (W-04).
    """
    given = sections or {}
    missing = [
        name for name in REQUIRED if not str(given.get(name, getattr(order, name)) or "").strip()
    ]
    if "evidence" in missing and order.files.exists():
        missing.remove("evidence")
    return missing


def _what_is_missing(name: str) -> str:
    if name == "evidence":
        return _("Add at least one piece of evidence")
    field = cast("Field[Any, Any]", WorkOrder._meta.get_field(name))
    return _("Fill in: %(section)s") % {"section": field.verbose_name}


def _number(order: WorkOrder, now: datetime) -> dict[str, object]:
    return {} if order.number else next_number(DocumentKind.WORK_ORDER, now=now)


def check_editable(order: WorkOrder) -> None:
    """Refuse what only a draft or a returned order allows."""
    if not order.is_editable:
        raise NotOpen(
            _("The order is “%(status)s” and cannot be changed now.")
            % {"status": order.get_status_display()},
            allowed=order.open_actions,
        )


def _basics(complaint: Complaint) -> str:
    """What the complaint already says: nobody types it again."""
    customer = complaint.customer
    parts = [
        f"{customer.name} {customer.standing}".strip() if customer else complaint.contact_name,
        complaint.waybill,
        complaint.branch.name,
        complaint.subject,
    ]
    return "；".join(part for part in parts if part)
