"""Who wrote in an order: its sections, its effect, its proofs. None of them judges it (W-16)."""

from django.db.models import F, Func, Value

from complaints.models import WorkOrder
from organisation.models import Person


def wrote(order: WorkOrder, by: Person) -> None:
    """From now on the person is one of its fillers, whoever submits it.

    Appended by the database: of two who write at once none is forgotten. The version stays.
    """
    if by.pk in order.written_by:
        return
    rows = WorkOrder.objects.filter(pk=order.pk).exclude(written_by__contains=[by.pk])
    rows.update(written_by=Func(F("written_by"), Value(by.pk), function="array_append"))
    order.written_by = [*order.written_by, by.pk]
