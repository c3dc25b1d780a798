"""Long-term measures are done with proof, or dropped by the issuing unit (W-07, W-16)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.deadlines import drop_deadlines, meet_deadline
from complaints.actions.measures import unfinished
from complaints.actions.order_news import log_order, tell
from complaints.actions.order_writers import wrote
from complaints.actions.work_orders import locked_links
from complaints.models import (
    Measure,
    MeasureFile,
    MeasureStatus,
    OrderStatus,
    TimerKind,
    WorkOrder,
)
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import can, require
from organisation.actions import files
from organisation.models import Importance, Person, Role
from organisation.roles import holders


@transaction.atomic
def finish(
    *,
    measure: Measure,
    by: Person,
    now: datetime,
    proof: str = "",
    uploads: "Sequence[UploadedFile[Any]]" = (),
    version: int | None = None,
) -> None:
    """Taken, and proved by words, a file, or both. By its owner or a colleague of the branch."""
    require_hand(measure, by=by)
    order = _held(measure)
    _check_awaited(measure, order)
    check_version(measure, version)
    if not proof.strip() and not uploads:
        words = _("Say what proves it, or add a file.")
        raise Refused(words, fields={"proof": words})
    wrote(order, by)
    stored = files.store(uploads, by=by, now=now)
    MeasureFile.objects.bulk_create(MeasureFile(measure=measure, file=file) for file in stored)
    move(measure, to=MeasureStatus.DONE, done_at=now, done_by=by, proof=proof)
    meet_deadline(
        order,
        TimerKind.MEASURE,
        at=now,
        evidence=f"measure:{measure.pk}",
        cycle=measure.number,
    )
    log_order(order, "measure_done", by=by, now=now, measure=measure.pk)
    _tell_when_all_ended(order, by=by, now=now)


@transaction.atomic
def drop(
    *, measure: Measure, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """The issuing unit, never the filler, does without it (W-16)."""
    require_judge(measure, by=by)
    order = _held(measure)
    _check_awaited(measure, order)
    check_version(measure, version)
    if not reason.strip():
        words = _("Say why it is not needed.")
        raise Refused(words, fields={"reason": words})
    move(measure, to=MeasureStatus.DROPPED, dropped_at=now, dropped_by=by, drop_reason=reason)
    drop_deadlines(order, TimerKind.MEASURE, cycle=measure.number)
    log_order(order, "measure_dropped", by=by, now=now, measure=measure.pk)
    outbox.put(
        key=f"measure:{measure.pk}:dropped",
        to=[measure.owner, order.owner],
        text="measure_dropped",
        context={
            "number": order.number or "",
            "measure": measure.text,
            "by": by.name,
            "reason": reason,
        },
        importance=Importance.REMINDER,
        path=f"/measures/{measure.pk}/",
        now=now,
        apart_from=by,
    )
    _tell_when_all_ended(order, by=by, now=now)


def require_hand(measure: Measure, *, by: Person) -> None:
    """Its owner, or who may write its order."""
    if measure.owner_id != by.pk:
        require(by, "work_order.write", measure.order)


def require_judge(measure: Measure, *, by: Person) -> None:
    """The issuing unit, and not the filler."""
    require(by, "work_order.confirm", measure.order)
    if measure.order.is_written_by(by):
        raise Forbidden(_("Whoever fills in an order cannot judge it. Ask a colleague."))


def may_finish(measure: Measure, person: Person) -> bool:
    """Whether it is open to the person to prove it."""
    is_mine = measure.owner_id == person.pk
    return measure.is_awaited and (is_mine or can(person, "work_order.write", measure.order))


def may_drop(measure: Measure, person: Person) -> bool:
    """Whether the person may do without it: of the issuing unit, and not the filler."""
    order = measure.order
    is_judge = can(person, "work_order.confirm", order) and not order.is_written_by(person)
    return measure.is_awaited and is_judge


def _held(measure: Measure) -> WorkOrder:
    """Its order, held until the end: the last two to finish must not both see the other's open.

    After its complaints, as every other act does.
    """
    locked_links(measure.order)
    orders = WorkOrder.objects.select_related("branch", "issuing_branch", "owner", "submitted_by")
    return orders.select_for_update(of=("self",), no_key=True).get(pk=measure.order_id)


def _check_awaited(measure: Measure, order: WorkOrder) -> None:
    if order.status not in (OrderStatus.SUBMITTED, OrderStatus.RETURNED):
        raise NotOpen(
            _("The order is “%(status)s” and cannot be changed now.")
            % {"status": order.get_status_display()}
        )
    if not measure.is_awaited:
        raise NotOpen(
            _("The measure is “%(status)s” already.") % {"status": measure.get_status_display()},
            allowed=measure.open_actions,
        )


def _tell_when_all_ended(order: WorkOrder, *, by: Person, now: datetime) -> None:
    if order.status == OrderStatus.SUBMITTED and not unfinished(order).exists():
        judges = holders(order.issuing_branch, Role.QUALITY_MANAGER)
        tell(order, "measures_finished", to=judges, by=by, now=now)
