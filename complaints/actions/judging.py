"""The issuing unit's verdict on an order: good, or back to the branch (W-09, W-16)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from complaints.actions import effects, lessons, measures, timers
from complaints.actions.order_complaints import exists_apart_from
from complaints.actions.order_news import log_order, tell
from complaints.actions.work_orders import current_order
from complaints.models import Complaint, Evidence, OrderSection, OrderStatus, WorkOrder
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation.access import require
from organisation.models import Person

# What a reopened complaint puts in question: the customer is not content with what was done.
REOPENED = (OrderSection.CAUSES, OrderSection.EMERGENCY, OrderSection.MEASURES)


@transaction.atomic
def send_back(
    *,
    order: WorkOrder,
    reason: str,
    sections: Sequence[str],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Not good enough: back to the branch with the reason; the verdict stays (rule 4).

    `sections` are those to mend, at least one of `OrderSection`.
    """
    _check_judge(order, by)
    check_version(order, version)
    wrong = {}
    if not reason.strip():
        wrong["reason"] = _("Enter the reason of the return.")
    if not sections or not set(sections) <= set(OrderSection.values):
        wrong["sections"] = _("Choose at least one section to mend.")
    if wrong:
        raise Refused(_("Say what is missing."), fields=wrong)
    _return(order, reason=reason, sections=sections, by=by, now=now)


@transaction.atomic
def confirm(
    *,
    order: WorkOrder,
    by: Person,
    now: datetime,
    guidance: str = "",
    offered: Sequence[int] | None = None,
    version: int | None = None,
) -> None:
    """The issuing unit, never the filler, finds it good (W-09, W-16).

    `offered`: the numbers of the measures that other branches are to learn from; None: all (T-10).
    """
    _check_judge(order, by)
    check_version(order, version)
    _check_proven(order)
    measures.check_finished(order)
    move(
        order,
        to=OrderStatus.CONFIRMED,
        confirmed_at=now,
        confirmed_by=by,
        guidance=guidance,
    )
    effects.plan_checks(order, now=now)
    lessons.choose(order, offered)
    lessons.offer(order, by=by, now=now)
    log_order(order, "order_confirmed", by=by, now=now)
    tell(
        order,
        "work_order_confirmed",
        to=[order.owner, order.submitted_by],
        by=by,
        now=now,
    )


def return_confirmed(order: WorkOrder, *, reason: str, by: Person, now: datetime) -> None:
    """A confirmed order turned out not to be effective: back to the branch."""
    _return(order, reason=reason, sections=REOPENED, by=by, now=now)


def return_for_rework(
    complaint: Complaint, *, reason: str, by: Person | None, now: datetime
) -> None:
    """A reopened complaint sends its submitted or confirmed order back (rule 5).

    To the branch that is responsible by now: the complaint may have been transferred since. Then an
    order that has another reason stays where it is, and the new branch writes its own.
    """
    order = current_order(complaint)
    if order is not None and _is_left_behind(order, complaint):
        order.links.filter(complaint=complaint).delete()
    elif order is not None and order.status in (
        OrderStatus.SUBMITTED,
        OrderStatus.CONFIRMED,
    ):
        _return(
            order,
            reason=reason or _("The customer is not satisfied; the complaint was reopened."),
            sections=REOPENED,
            by=by,
            now=now,
            **_new_home(order, complaint),
        )


def _is_left_behind(order: WorkOrder, complaint: Complaint) -> bool:
    is_elsewhere = order.branch_id != complaint.branch_id
    return is_elsewhere and exists_apart_from(order, complaint)


def _new_home(order: WorkOrder, complaint: Complaint) -> dict[str, object]:
    if order.branch_id == complaint.branch_id:
        return {}
    return {"branch": complaint.branch, "owner": complaint.handler}


def _return(
    order: WorkOrder,
    *,
    reason: str,
    sections: Sequence[str],
    by: Person | None,
    now: datetime,
    **home: object,
) -> None:
    was = move(
        order,
        to=OrderStatus.RETURNED,
        returned_at=now,
        return_reason=reason,
        returned_sections=[code for code in OrderSection.values if code in sections],
        confirmed_at=None,
        confirmed_by=None,
        **home,
    )
    timers.start_rework(order, at=now)
    if home:
        measures.follow(order, now=now)
    if was == OrderStatus.CONFIRMED:
        effects.void_checks(order)
        lessons.withdraw(order)
    log_order(order, "order_returned", by=by, now=now)
    tell(
        order,
        "work_order_returned",
        to=[order.owner, order.submitted_by],
        by=by,
        now=now,
        reason=reason,
    )


def _check_proven(order: WorkOrder) -> None:
    """Nothing is confirmed without evidence (W-04); a trigger says so, too."""
    proofs = Evidence.objects.filter(cause=OuterRef("pk"))
    causes = order.causes.annotate(is_proven=Exists(proofs))
    if not causes or not all(cause.is_proven for cause in causes):
        raise NotOpen(
            _("A cause has no evidence. Return the order, so that it is added."),
            allowed=["return"],
        )


def _check_judge(order: WorkOrder, by: Person) -> None:
    require(by, "work_order.confirm", order)
    if order.status != OrderStatus.SUBMITTED:
        raise NotOpen(
            _("Only a submitted order can be confirmed or returned. This one is “%(status)s”.")
            % {"status": order.get_status_display()},
            allowed=order.open_actions,
        )
    if order.is_written_by(by):
        raise Forbidden(_("Whoever fills in an order cannot judge it. Ask a colleague."))
