"""Who has looked at a complaint, and when."""

from django.db import models
from django.db.models import Q

from complaints.models.complaint import Complaint
from organisation.models import Person


class Look(models.Model):
    """The last time that a person had a complaint's page made, and when it was last still open."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="looks")
    person = models.ForeignKey(Person, models.CASCADE, related_name="looks")
    looked_at = models.DateTimeField()
    present_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("complaint", "person"), name="look_once"),
            models.CheckConstraint(
                condition=Q(present_at__gte=models.F("looked_at")), name="look_present_later"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.complaint_id}"
