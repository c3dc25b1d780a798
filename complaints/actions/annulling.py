"""Taking an order out of the count: its number stays listed with the reason (Q6, W-01)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import items
from complaints.actions.deadlines import drop_deadlines
from complaints.actions.offers import check_order
from complaints.actions.order_news import log_order, tell
from complaints.actions.work_orders import locked_links
from complaints.models import OrderStatus, TimerKind, WorkOrder
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, move
from organisation.models import Person


@transaction.atomic
def annul(
    *, order: WorkOrder, by: Person, now: datetime, reason: str = "", version: int | None = None
) -> None:
    """By the issuing unit: a draft at once, an order with a number once it is returned.

    The complaint or the item can have another order then; the complaint's clocks go on as they are.
    """
    check_order(order, "annul", by=by)
    check_version(order, version)
    if order.number and not reason.strip():
        raise Refused(_("Say why it is annulled."), fields={"reason": _("Enter the reason.")})
    # Before the order, as whoever submits it does: two acts at once never wait for each other.
    locked_links(order)
    move(
        order,
        to=OrderStatus.ANNULLED,
        annulled_at=now,
        annulled_by=by,
        annulment_reason=reason,
    )
    items.release(order.item)
    drop_deadlines(order, TimerKind.REWORK, TimerKind.MEASURE)
    log_order(order, "order_annulled", by=by, now=now)
    tell(order, "work_order_annulled", to=[order.owner, order.created_by], by=by, now=now,
         reason=reason)  # fmt: skip
