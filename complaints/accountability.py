"""Reading who answers for what: of a complaint with its orders, of an order, of a supplier."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from complaints.models import Accountability, Complaint, OrderStatus, WorkOrder
from organisation.access import can, visible
from organisation.models import Person


@dataclass(frozen=True)
class Record:
    """The lines as one person sees them; `is_open` where that person may write them now."""

    of: Complaint | WorkOrder
    lines: Sequence[Accountability]
    is_open: bool

    @property
    def is_order(self) -> bool:
        return isinstance(self.of, WorkOrder)


def of_order(order: WorkOrder, person: Person) -> Record:
    is_open = order.is_editable and can(person, "work_order.write", order)
    return Record(order, list(with_names(order.accountabilities.all())), is_open)


def lines_of_complaint(complaint: Complaint, person: Person) -> QuerySet[Accountability]:
    """Its own lines, and those of its orders that the person sees; annulled orders do not count."""
    orders = visible(WorkOrder, person).filter(links__complaint=complaint)
    counting = orders.exclude(status=OrderStatus.ANNULLED)
    return Accountability.objects.filter(
        Q(complaint=complaint) | Q(work_order__in=counting.values("pk"))
    )


def visible_lines(person: Person) -> QuerySet[Accountability]:
    """The lines of what the person may see."""
    complaints = visible(Complaint, person).order_by().values("pk")
    orders = visible(WorkOrder, person).order_by().values("pk")
    return Accountability.objects.filter(Q(complaint__in=complaints) | Q(work_order__in=orders))


def with_names(rows: QuerySet[Accountability]) -> QuerySet[Accountability]:
    """With all that a line shows."""
    return rows.select_related("person", "supplier", "work_order", "complaint", "created_by")
