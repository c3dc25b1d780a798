"""At which touchpoint of the journey a visit was (T-24)."""

from django.db import models

from customers.models import Visit
from surveys.models import Touchpoint


class VisitTouchpoint(models.Model):
    """The visit itself lives with its customer, in the room below, which knows no journey."""

    visit = models.OneToOneField(Visit, models.CASCADE, primary_key=True, related_name="touched")
    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.visit_id} {self.touchpoint_id}"
