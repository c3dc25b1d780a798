"""What a work order said at each of its submissions."""

from django.db import models

from complaints.models.work_order import WorkOrder
from organisation.models import Person


class OrderVersion(models.Model):
    """One submission, from 1; `sections` is the order as it was then. Never changed (trigger)."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sections = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("order", "number"), name="order_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.number}"
