"""Writing down and telling what happened to a work order."""

from datetime import datetime

from complaints.actions.events import log
from complaints.models import Event, WorkOrder
from csm.kit.inserting import insert
from organisation import outbox
from organisation.models import Importance, Person


def log_order(
    order: WorkOrder, kind: str, *, by: Person | None, now: datetime, **data: object
) -> None:
    """One line in the time line of each complaint that the order serves; else in its own."""
    links = list(order.links.select_related("complaint"))
    for link in links:
        log(link.complaint, kind, by=by, at=now, order=order.pk, **data)
    if not links:
        given = {"order": order.pk, **data}
        insert([Event(work_order=order, kind=kind, by=by, at=now, data=given)])


def tell(
    order: WorkOrder,
    text: str,
    *,
    to: list[Person] | list[Person | None],
    by: Person | None,
    now: datetime,
    **context: object,
) -> None:
    """Tell people of the order as it now is, with a link to it."""
    outbox.put(
        key=f"work-order:{order.pk}:{text}:{order.version}",
        to=to,
        text=text,
        context={
            "number": order.number or "",
            "title": order.title,
            "by": by.name if by else "",
            **context,
        },
        importance=Importance.REMINDER,
        path=f"/work-orders/{order.pk}/",
        now=now,
        apart_from=by,
    )
