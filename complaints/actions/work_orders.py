"""The rectification work order: drafting, saving, submitting (C-09, W-01 … W-11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import effects, measures, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.actions.numbering import next_number
from complaints.actions.order_basics import basics_of
from complaints.actions.order_news import log_order, tell
from complaints.actions.order_rows import check_rows, keep_files, split_rows, write_rows
from complaints.actions.order_sections import lacks
from complaints.actions.order_versions import keep_version
from complaints.actions.order_writers import wrote
from complaints.models import (
    Complaint,
    DocumentKind,
    Milestone,
    OrderComplaint,
    OrderFile,
    OrderSource,
    OrderStatus,
    WorkOrder,
)
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, stale, touch
from organisation.access import require
from organisation.models import Person, Role
from organisation.roles import holders


@transaction.atomic
def draft(
    *,
    complaint: Complaint,
    by: Person,
    now: datetime,
    version: int | None = None,
    plan: measures.Plan | None = None,
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
    rows, sections = split_rows(sections)
    check_rows(rows, sections, now=now)
    order = WorkOrder.objects.create(
        source=OrderSource.COMPLAINT,
        branch=complaint.branch,
        issuing_branch=complaint.issuing_branch or complaint.branch,
        owner=complaint.handler or by,
        created_at=now,
        created_by=by,
        saved_at=now,
        **basics_of(complaint) | sections,
        **effects.reported(WorkOrder(), sections, by=by, now=now),
    )
    write_rows(order, rows, by=by, now=now)
    measures.write(order, plan or (), now=now)
    if rows or sections or plan:
        wrote(order, by)
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
    plan: measures.Plan | None = None,
    **sections: Any,
) -> None:
    """Keep a draft as it is, complete or not, with more evidence; `plan` are its measures."""
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    rows, sections = split_rows(sections)
    check_rows(rows, sections, now=now)
    hold(order)
    wrote(order, by)
    if plan is not None:
        measures.write(order, plan, now=now)
    touch(order, saved_at=now, **sections, **effects.reported(order, sections, by=by, now=now))
    write_rows(order, rows, by=by, now=now)
    keep_files(order, uploads, by=by, now=now)


@transaction.atomic
def attach(
    *, order: WorkOrder, uploads: "Sequence[UploadedFile[Any]]", by: Person, now: datetime
) -> list[OrderFile]:
    """Files of evidence to an order that is still being written, not yet named at a cause (W-04).

    The order's version stays: a file contradicts nobody.
    """
    require(by, "work_order.write", order)
    held = WorkOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    check_editable(held)
    wrote(order, by)
    return keep_files(order, uploads, by=by, now=now)


@transaction.atomic
def submit(
    *,
    order: WorkOrder,
    by: Person,
    now: datetime,
    version: int | None = None,
    plan: measures.Plan | None = None,
    **sections: Any,
) -> None:
    """The first complete submission stops the 48 h clock and gives the number (W-01)."""
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    rows, sections = split_rows(sections)
    if missing := lacks(order, {**sections, **rows, "plan": plan}):
        raise Refused(
            _("The work order is not complete."),
            fields={lack.path: lack.words for lack in missing},
        )
    check_rows(rows, sections, now=now)
    links = locked_links(order)
    hold(order)
    _check_links(order, links)
    wrote(order, by)
    write_rows(order, rows, by=by, now=now)
    if plan is not None:
        measures.write(order, plan, now=now)
    measures.check_whole(order, by=by, now=now)
    move(
        order,
        to=OrderStatus.SUBMITTED,
        submitted_at=now,
        submitted_by=by,
        saved_at=now,
        **sections,
        **effects.reported(order, sections, by=by, now=now),
        **_number(order, now),
    )
    measures.promise(order, by=by, now=now)
    keep_version(order, by=by, now=now)
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


def hold(order: WorkOrder) -> None:
    """Until the end: the rows are written before the order moves, when it is still being written.

    After its complaints, as every other act does. Of two who submit at once the slower one waits
    here, and is told that it has changed.
    """
    held = WorkOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    check_version(held, order.version)


def locked_links(order: WorkOrder) -> list[OrderComplaint]:
    """The complaints that the order serves, locked before their clocks, as every other act does.

    So two acts at once neither wait for each other nor leave an old next deadline behind. NO KEY:
    a sweep that writes events must not wait.
    """
    links = order.links.select_related("complaint").order_by("complaint")
    return list(links.select_for_update(of=("complaint",), no_key=True))


def _check_links(order: WorkOrder, links: Sequence[OrderComplaint]) -> None:
    """Refuse when a complaint came or went before the order was held: its clock is not ours."""
    if set(order.links.values_list("pk", flat=True)) != {link.pk for link in links}:
        raise stale()


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
