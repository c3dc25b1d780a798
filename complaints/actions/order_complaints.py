"""Which complaints an order serves: several of its branch, or none (W-12)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.actions.work_orders import check_editable, current_order, hold
from complaints.models import (
    Complaint,
    Milestone,
    OrderComplaint,
    OrderSource,
    Status,
    Timer,
    TimerState,
    WorkOrder,
)
from csm.kit.errors import Refused
from csm.kit.transitions import check_version
from organisation.access import require
from organisation.models import Person

GONE = (Status.INVALID, Status.MERGED)


@transaction.atomic
def add(
    *,
    order: WorkOrder,
    complaint: Complaint,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Serve one more complaint: the order's submission stops its 48 hours, too (C-09)."""
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    # Another order may be begun for it, or it may be added elsewhere, at the same time.
    held = _held(complaint)
    hold(order)
    check_open(held, "work-order")
    if held.branch_id != order.branch_id:
        raise _refused(_("The complaint is another branch's; an order serves its own branch."))
    known = current_order(held)
    if known == order:
        raise _refused(_("The order serves this complaint already."))
    if known is not None:
        raise _refused(
            _("The complaint has an order already: %(order)s.") % {"order": known.number or known}
        )
    OrderComplaint.objects.create(order=order, complaint=held, cycle=held.cycle)
    log(held, "order_attached", by=by, at=now, order=order.pk)


@transaction.atomic
def remove(
    *,
    order: WorkOrder,
    complaint: Complaint,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Serve it no longer.

    Not the last one of an order that came from a complaint, nor one whose clock the order stopped.
    """
    require(by, "work_order.write", order)
    check_editable(order)
    check_version(order, version)
    _held(complaint)
    hold(order)
    link = order.links.filter(complaint=complaint).first()
    if link is None:
        raise _refused(_("The order does not serve this complaint."))
    if _is_stopped_by(order, complaint):
        raise _refused(_("The order was submitted for this complaint and stays with it."))
    if not exists_apart_from(order, complaint):
        raise _refused(_("The order came from this complaint; it cannot be without it."))
    link.delete()
    log(complaint, "order_detached", by=by, at=now, order=order.pk)


def _held(complaint: Complaint) -> Complaint:
    """Its row, before the order's: whoever submits the order meanwhile stops its clock, or not."""
    return Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)


def exists_apart_from(order: WorkOrder, complaint: Complaint) -> bool:
    """Whether the order has another reason: its own source, or another complaint of its branch."""
    if order.source != OrderSource.COMPLAINT:
        return True
    others = order.links.exclude(complaint=complaint).exclude(complaint__status__in=GONE)
    return others.filter(complaint__branch=order.branch_id).exists()


def _is_stopped_by(order: WorkOrder, complaint: Complaint) -> bool:
    clocks = Timer.objects.filter(complaint=complaint, kind=Milestone.WORK_ORDER)
    return clocks.filter(state=TimerState.MET, met_evidence=f"order:{order.pk}").exists()


def _refused(text: str) -> Refused:
    return Refused(text, fields={"complaint": text})
