"""Reading who answers for what: of a complaint with its orders, of an order, of a supplier."""

from django.db.models import Q, QuerySet

from complaints.models import Accountability, Complaint, OrderStatus, WorkOrder
from organisation.access import visible
from organisation.models import Person


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
